import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { scratch } from './processes.ts'

/** Why there can be no Redis here; false where there can. On the build server it has to be there. */
export function noRedis(): string | false {
  const { error } = spawnSync('redis-server', ['--version'])
  return error !== undefined && !process.env['CI'] && 'redis-server is not installed'
}

/** A Redis server of the test's own, on a port of the loopback interface. */
export interface RedisServer {
  readonly port: number
  /** Kills it, and resolves when it is gone. */
  kill(): Promise<void>
  /** SIGSTOP, SIGCONT. */
  signal(signal: NodeJS.Signals): void
}

/** Starts one that keeps nothing on the disk; it ends with the test. */
export async function startRedis(t: Test, options: readonly string[] = [], port?: number): Promise<RedisServer> {
  const own = port ?? (await freePort())
  const settings = ['--port', `${own}`, '--bind', '127.0.0.1', '--save', '', '--dir', scratch(t)]
  const child = spawn('redis-server', [...settings, ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  await logged(child, 'Ready to accept connections')
  return {
    port: own,
    async kill() {
      child.kill('SIGKILL')
      await once(child, 'close')
    },
    signal: signal => child.kill(signal),
  }
}

async function logged(child: ChildProcess, text: string): Promise<void> {
  let log = ''
  const ended = once(child, 'close').then(() => undefined)
  while (!log.includes(text)) {
    const more = child.stdout && (await Promise.race([once(child.stdout, 'data'), ended]))
    if (!more) throw new Error(`redis-server ended: ${log}`)
    log += more[0]
  }
  child.stdout?.resume()
}

export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'

export const PROGRAM = fileURLToPath(new URL('./program.js', import.meta.url))

/** A running test program and what it has written to its log. */
export interface Program {
  readonly child: ChildProcess
  log(): string
  /** Resolves when the log contains `text`; rejects when the program ends without having written it. */
  logged(text: string): Promise<void>
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

export interface Launch {
  /** `PROGRAM` if not given. */
  readonly script?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly argv?: readonly string[]
  /** Descriptors 0, 1 and those from 3 on; 2 is always the log. */
  readonly stdio?: readonly unknown[]
}

/** Starts the program with an environment like Apache's: nothing is inherited. */
export function launch(
  t: Test,
  { script = PROGRAM, environment = {}, argv = [], stdio = ['ignore', 'ignore'] }: Launch,
): Program {
  const [stdin, stdout, ...more] = stdio
  const child = spawn(process.execPath, [script, ...argv], {
    env: { PATH: '/usr/bin:/bin', ...environment },
    stdio: [stdin, stdout, 'pipe', ...more] as StdioOptions,
  })
  t.teardown(() => child.kill('SIGKILL'))
  const lines = child.stderr?.setEncoding('utf8')
  let log = ''
  lines?.on('data', (text: string) => {
    log += text
  })
  const exited = once(child, 'close').then(([code, signal]) => ({ code, signal }))
  return {
    child,
    log: () => log,
    async logged(text) {
      while (!log.includes(text)) {
        const more = lines ? await Promise.race([once(lines, 'data'), exited.then(() => undefined)]) : undefined
        if (!more && !log.includes(text)) throw new Error(`the program ended; its log: ${log}`)
      }
    },
    exited,
  }
}

/** A directory that is removed when the test ends; its path is short enough for sockets. */
export function scratch(t: Test): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'gw-'))
  t.teardown(() => fs.rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** A listening socket for a child to inherit: nobody accepts on it here once `close` has been called. */
export async function listeningSocket(t: Test): Promise<{ fd: number; file: string; close(): void }> {
  const bound = path.join(scratch(t), 'bound')
  const file = `${bound}.sock`
  const server = net.createServer().listen(bound)
  await once(server, 'listening')
  // libuv removes the name that it has bound when it closes the socket; the child's socket is to keep one.
  fs.renameSync(bound, file)
  const { fd } = (server as unknown as { _handle: { fd: number } })._handle
  return { fd, file, close: () => server.close() }
}

/** Two ends of a connection, the way mod_cgid connects a script: `theirs` is for descriptors 0 and 1 of a child. */
export async function socketPair(t: Test): Promise<{ ours: net.Socket; theirs: net.Socket }> {
  const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true })
  server.listen(path.join(scratch(t), 'pair'))
  await once(server, 'listening')
  const ours = net.connect({ path: String(server.address()), allowHalfOpen: true })
  const [theirs] = await once(server, 'connection')
  server.close()
  t.teardown(() => ours.destroy())
  return { ours, theirs }
}

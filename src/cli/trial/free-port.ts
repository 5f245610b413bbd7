import net from 'node:net'
import { UsageError } from '../../errors.ts'

/**
 * The first port from `wanted` on that nobody on the loopback listens to, out of two hundred.
 *
 * @throws {UsageError} when all are in use
 */
export async function freePort(wanted: number): Promise<number> {
  for (let port = wanted; port < wanted + 200; port++) if (await isFree(port)) return port
  throw new UsageError({
    en: `ports ${wanted} to ${wanted + 199} are all in use; name another with --port`,
    zh: `端口 ${wanted} 到 ${wanted + 199} 均被占用；请用 --port 指定其他端口`,
  })
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const probe = net.createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}

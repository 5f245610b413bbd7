import type { Machine } from './machine.ts'

/** A process that listens on a TCP port of this machine. */
export interface PortHolder {
  /** `0.0.0.0`, `127.0.0.1`, `::`; undefined when the system does not say. */
  readonly address: string | undefined
  readonly pid: number | undefined
  /** `nginx`, `httpd.exe`; undefined when we may not see it. */
  readonly program: string | undefined
}

/** Who listens on a port; nobody: an empty list. Other users' processes have no name unless we are root. */
export function portHolders(machine: Machine, port: number): PortHolder[] {
  return machine.platform === 'win32' ? windowsHolders(machine, port) : linuxHolders(machine, port)
}

/** The state LISTEN in /proc/net/tcp (proc(5)). */
const LISTENING = '0A'

function linuxHolders(machine: Machine, port: number): PortHolder[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const rows = ['/proc/net/tcp', '/proc/net/tcp6']
    .flatMap(file => (machine.readText(file) ?? '').split('\n'))
    .map(line => line.trim().split(/\s+/))
    .filter(([, local = '', , state]) => state === LISTENING && local.endsWith(`:${hex}`))
  if (rows.length === 0) return []
  return rows.map(([, local = '', , , , , , , , inode = '']) => {
    const pid = processWith(machine, `socket:[${inode}]`)
    const program = pid === undefined ? undefined : machine.readText(`/proc/${pid}/comm`)?.trim()
    return { address: addressOf(local.split(':')[0] ?? ''), pid, program }
  })
}

/** Four bytes at a time, the last one first. */
function addressOf(hex: string): string {
  if (hex.length !== 8) return /^0+$/.test(hex) ? '::' : '[…]'
  return [6, 4, 2, 0].map(at => Number.parseInt(hex.slice(at, at + 2), 16)).join('.')
}

/** The first of a program's processes: that of lowest number, which is the one that its children come from. */
function processWith(machine: Machine, socket: string): number | undefined {
  const pids = machine.list('/proc').filter(name => /^\d+$/.test(name))
  const found = pids
    .map(Number)
    .sort((one, other) => one - other)
    .find(pid => machine.list(`/proc/${pid}/fd`).some(fd => machine.readLink(`/proc/${pid}/fd/${fd}`) === socket))
  return found
}

function windowsHolders(machine: Machine, port: number): PortHolder[] {
  const { stdout } = machine.run('netstat', ['-ano', '-p', 'TCP'])
  const lines = stdout.split(/\r?\n/).map(line => line.trim().split(/\s+/))
  // The word LISTENING is translated on a Chinese Windows; a listener's other end is always port 0.
  const rows = lines.filter(([, local = '', remote = '']) => local.endsWith(`:${port}`) && remote.endsWith(':0'))
  return rows.map(row => {
    const pid = Number(row.at(-1))
    const listed = machine.run('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH']).stdout
    return { address: row[1]?.replace(/:\d+$/, ''), pid, program: /^"([^"]+)"/.exec(listed)?.[1] }
  })
}

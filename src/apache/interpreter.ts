import type { Machine } from './machine.ts'

/** What the script's first line says in a checkout: node is looked for in PATH. */
export const PORTABLE_INTERPRETER = '#!/usr/bin/env node'

/** Linux reads this many bytes of a first line (BINPRM_BUF_SIZE); the rest of a longer one is lost. */
const LONGEST = 255

/**
 * The first line that makes Apache run the script with this node: on Windows a quoted path with forward slashes.
 *
 * @returns undefined when none can: elsewhere a path with blanks, or a long one, cannot stand there
 */
export function interpreterLine(node: string, windows: boolean): string | undefined {
  if (windows) return `#!"${node.replaceAll('\\', '/')}"`
  return /\s/.test(node) || Buffer.byteLength(node) + 2 > LONGEST ? undefined : `#!${node}`
}

/** The script with another first line: no byte order mark, and line ends of one character, which a `#!` line needs. */
export function withInterpreter(script: string, line: string): string {
  return `${line}\n${script
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n')
    .replace(/^#!.*\n/, '')}`
}

/** The name of the running node that outlives an upgrade: /usr/bin/node rather than the file of one version behind it. */
export function lastingNode(machine: Machine, execPath: string): string {
  if (machine.platform === 'win32') return execPath
  const real = machine.realPath(execPath)
  return (
    ['/usr/bin/node', '/usr/local/bin/node'].find(name => real !== undefined && machine.realPath(name) === real) ??
    execPath
  )
}

import type { Machine } from './machine.ts'

/** The first line of a checkout: a shell reads node's path from `dist/node`, blanks and all, and starts it. */
const SHELL_INTERPRETER = '#!/bin/sh'

/** The first line that makes Apache run the script: on Windows node itself, quoted, with forward slashes; elsewhere the shell. */
export function interpreterLine(node: string, windows: boolean): string {
  return windows ? `#!"${node.replaceAll('\\', '/')}"` : SHELL_INTERPRETER
}

/** The script with another first line: no byte order mark, and line ends of one character, which a `#!` line needs. */
export function withInterpreter(script: string, line: string): string {
  return `${line}\n${script
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n')
    .replace(/^#!.*\n/, '')}`
}

/** The file in which the build leaves the path of node. */
export function nodeFile(machine: Machine, project: string): string {
  return machine.path.join(project, 'dist', 'node')
}

/**
 * The node that the build found, where that is still there; else the name of the running one that outlives an upgrade:
 * /usr/bin/node rather than the file of one version behind it.
 */
export function nodeOf(machine: Machine, project: string, execPath: string): string {
  const built = machine.readText(nodeFile(machine, project))?.trim()
  if (built && machine.status(built)) return built
  const real = machine.realPath(execPath)
  const lasting = ['/usr/bin/node', '/usr/local/bin/node']
  return lasting.find(name => real !== undefined && machine.realPath(name) === real) ?? execPath
}

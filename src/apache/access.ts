import type { FileStatus, Machine } from './machine.ts'

/** A user of a Unix machine, with every group that he is in. */
export interface User {
  readonly name: string
  readonly uid: number
  readonly gid: number
  readonly groups: readonly number[]
}

/** The first file or folder on the way to a file that stops a user, and what he would have to be able to do with it. */
export interface Hindrance {
  readonly path: string
  readonly needs: 'exist' | 'enter' | 'read' | 'write' | 'run'
}

/** Looks a user up in /etc/passwd and /etc/group; undefined when he is not there, or on Windows. */
export function userNamed(machine: Machine, name: string): User | undefined {
  const found = entries(machine, '/etc/passwd').find(([each]) => each === name)
  if (!found) return undefined
  const gid = Number(found[3])
  const more = entries(machine, '/etc/group').filter(([, , , members = '']) => members.split(',').includes(name))
  return { name, uid: Number(found[2]), gid, groups: [gid, ...more.map(([, , id]) => Number(id))] }
}

/** The id of a group, or undefined. */
export function groupNamed(machine: Machine, name: string): number | undefined {
  const found = entries(machine, '/etc/group').find(([each]) => each === name)
  return found && Number(found[2])
}

/** The name of a user, or his number where nobody has it. */
export function nameOfUser(machine: Machine, uid: number): string {
  return entries(machine, '/etc/passwd').find(([, , id]) => id === String(uid))?.[0] ?? String(uid)
}

/**
 * What stops a user from reading, writing or running a file, judged by owners and modes alone (access lists and SELinux
 * are not asked); undefined when nothing does. The whole path is looked at, as the links in it lead.
 */
export function hindranceOf(
  machine: Machine,
  user: User,
  file: string,
  needs: 'read' | 'write' | 'run',
): Hindrance | undefined {
  const folders = foldersAbove(machine, machine.realPath(file) ?? file)
  const closed = folders.find(folder => {
    const status = machine.status(folder)
    return status && !permits(status, user, EXECUTE)
  })
  if (closed !== undefined) return { path: closed, needs: 'enter' }
  const status = machine.status(file)
  if (!status) return { path: file, needs: 'exist' }
  const bits = { read: READ, write: WRITE, run: EXECUTE | READ }[needs] | (status.kind === 'directory' ? EXECUTE : 0)
  return permits(status, user, bits) ? undefined : { path: file, needs }
}

const READ = 4
const WRITE = 2
const EXECUTE = 1

function permits({ mode, uid, gid }: FileStatus, user: User, bits: number): boolean {
  if (user.uid === 0) return true
  const granted = uid === user.uid ? mode >> 6 : user.groups.includes(gid) ? mode >> 3 : mode
  return (granted & bits) === bits
}

function foldersAbove({ path }: Machine, file: string): string[] {
  const folders: string[] = []
  for (let folder = path.dirname(file); folders.at(0) !== folder; folder = path.dirname(folder)) folders.unshift(folder)
  return folders
}

function entries(machine: Machine, file: string): string[][] {
  return (machine.readText(file) ?? '').split('\n').map(line => line.split(':'))
}

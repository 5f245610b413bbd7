import fs from 'node:fs'
import path from 'node:path'
import type { Test } from 'tap'
import { type Finished, type Machine, thisMachine } from '../../src/apache/machine.ts'

export type Programs = (command: string, words: readonly string[]) => Partial<Finished> | undefined

export interface RootedMachine extends Machine {
  /** Every program that was run, with its words. */
  readonly ran: string[]
}

/** The text of a file by its path on the machine: `/etc/passwd`, `C:/xampp/apache/conf/httpd.conf`. */
export type Files = Readonly<Record<string, string>>

const NOTHING: Finished = { code: 0, stdout: '', stderr: '' }

/** A machine whose files lie in a folder of their own, which goes when the test ends, and whose programs are `programs`. */
export function rootedMachine(
  t: Test,
  platform: 'linux' | 'win32',
  files: Files,
  programs: Programs = () => undefined,
): RootedMachine {
  const root = t.testdir()
  const here = thisMachine({})
  // C:\wamp64 lies in the folder C/wamp64.
  const at = (file: string) =>
    path.join(
      root,
      file.replaceAll('\\', '/').replace(/^([A-Z]):/i, (_, drive: string) => drive.toUpperCase()),
    )
  for (const [file, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(at(file)), { recursive: true })
    fs.writeFileSync(at(file), text)
  }
  const ran: string[] = []
  return {
    ran,
    platform,
    environment: {},
    userId: platform === 'win32' ? undefined : 0,
    path: platform === 'win32' ? path.win32 : path.posix,
    readText: file => here.readText(at(file)),
    list: folder => here.list(at(folder)),
    status: file => here.status(at(file)),
    realPath: file => (here.status(at(file)) ? file : undefined),
    readLink: file => here.readLink(at(file)),
    writeText: (file, text, mode) => here.writeText(at(file), text, mode),
    remove: file => here.remove(at(file)),
    makeFolder: folder => here.makeFolder(at(folder)),
    setMode: (file, mode) => here.setMode(at(file), mode),
    run(command, words) {
      ran.push([command, ...words].join(' '))
      return { ...NOTHING, ...programs(command, words) }
    },
  }
}

import { nameOfUser, userNamed } from '../../apache/access.ts'
import type { Machine } from '../../apache/machine.ts'
import { running, type Step } from './step.ts'

/**
 * Hands the files that a responder needs for itself to the user whom it runs as, who need not be there yet: the
 * configuration, which nobody else may read, and the folder of its state, which nobody else may write to. Only root can;
 * others get no steps.
 */
export function granting(machine: Machine, user: string, config: string, state: string | undefined): Step[] {
  if (machine.userId !== 0) return []
  return [
    ...(state === undefined ? [] : stateFolder(machine, user, state)),
    ...owning(machine, user, config),
    ...narrowing(machine, config),
  ]
}

function stateFolder(machine: Machine, user: string, folder: string): Step[] {
  if (machine.status(folder)) return owning(machine, user, folder)
  const make = (): void => {
    machine.makeFolder(folder)
    machine.setMode(folder, 0o700)
  }
  return [
    // When it is put back it is empty, or the responder's by now.
    { what: { en: `make ${folder}, 0700`, zh: `创建 ${folder}，权限 0700` }, run: make, revert: () => {} },
    running(machine, ['chown', `${user}:`, folder], undefined),
  ]
}

/** Files that are there and are somebody else's. Links in a folder are not followed: whoever wrote it chose them. */
function owning(machine: Machine, user: string, file: string): Step[] {
  const status = machine.status(file)
  if (!status || status.uid === userNamed(machine, user)?.uid) return []
  const before = `${nameOfUser(machine, status.uid)}:${status.gid}`
  return [running(machine, ['chown', '-Rh', `${user}:`, file], ['chown', '-Rh', before, file])]
}

function narrowing(machine: Machine, file: string): Step[] {
  const status = machine.status(file)
  if (!status || (status.mode & 0o077) === 0) return []
  const what = `chmod 600 ${file}`
  return [
    {
      what: { en: what, zh: what },
      run: () => machine.setMode(file, 0o600),
      revert: () => machine.setMode(file, status.mode),
    },
  ]
}

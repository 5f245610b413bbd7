import type { Machine } from '../../apache/machine.ts'
import { type Bilingual, UsageError, WeixinError } from '../../errors.ts'
import type { Terminal } from '../terminal/command.ts'
import { isConfirmed } from '../terminal/confirm.ts'

/** One change of a machine that can be taken back. */
export interface Step {
  readonly what: Bilingual
  run(): void
  revert(): void
}

/** A program that a step runs has failed. */
class StepError extends WeixinError {
  override name = 'StepError'
}

/**
 * Whoever is not root gets no further where somebody else's folder would be written to.
 *
 * @throws {UsageError}
 */
export function requireRights(machine: Machine, folder: string): void {
  const { userId } = machine
  if (userId === undefined || userId === 0 || machine.status(folder)?.uid === userId) return
  throw new UsageError({
    en: `${folder} belongs to somebody else: run it with sudo`,
    zh: `${folder} 属于其他用户：请用 sudo 运行`,
  })
}

/**
 * Shows what would be done, asks unless `yes`, and does it. When a step or `check` throws, everything is put back in the
 * opposite order, and the reason is told.
 *
 * @param then what follows when all is well, for the person who is asked
 * @returns whether it is done
 * @throws {UsageError} when there is nobody to ask
 */
export async function carryOut(
  steps: readonly Step[],
  yes: boolean,
  terminal: Terminal,
  check: () => void,
  then?: Bilingual,
): Promise<boolean> {
  const { print, say } = terminal
  print(say({ en: 'What is done:', zh: '将执行：' }))
  for (const what of [...steps.map(step => step.what), ...(then ? [then] : [])]) print(`  ${say(what)}`)
  if (!yes && !(await isConfirmed({ en: 'Do this?', zh: '确认执行？' }, terminal))) return false
  const done: Step[] = []
  try {
    for (const step of steps) {
      done.unshift(step)
      step.run()
    }
    check()
    return true
  } catch (error) {
    for (const step of done) attempt(step.revert, terminal)
    terminal.printError(`weixin: ${say(reasonOf(error))}`)
    return false
  }
}

/** What cannot be put back is told, and the rest still is. */
function attempt(revert: () => void, { printError, say }: Terminal): void {
  try {
    revert()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    printError(say({ en: `weixin: not put back: ${reason}`, zh: `weixin：未能恢复：${reason}` }))
  }
}

function reasonOf(error: unknown): Bilingual {
  const { code } = error as NodeJS.ErrnoException
  const denied = code === 'EACCES' || code === 'EPERM'
  const reason = error instanceof Error ? error.message : String(error)
  const zh = error instanceof WeixinError ? error.zh : reason
  return {
    en: `${reason}${denied ? "; it needs the administrator's rights (sudo)" : ''}\nEverything is as it was.`,
    zh: `${zh}${denied ? '；需要管理员权限（sudo）' : ''}\n一切已恢复原状。`,
  }
}

/** A file gets this text; none when it has it already. */
export function writing(machine: Machine, file: string, text: string, mode?: number): Step[] {
  const before = machine.readText(file)
  if (before === text) return []
  return [
    {
      what:
        before === undefined
          ? { en: `write ${file}`, zh: `写入 ${file}` }
          : { en: `change ${file}`, zh: `修改 ${file}` },
      run: () => machine.writeText(file, text, mode),
      revert: () => (before === undefined ? machine.remove(file) : machine.writeText(file, before)),
    },
  ]
}

/** A file goes. */
export function removing(machine: Machine, file: string): Step[] {
  const before = machine.readText(file)
  if (before === undefined) return []
  return [
    {
      what: { en: `remove ${file}`, zh: `删除 ${file}` },
      run: () => machine.remove(file),
      revert: () => machine.writeText(file, before),
    },
  ]
}

/** A program is run, and another one takes back what it did. */
export function running(
  machine: Machine,
  words: readonly string[],
  back: readonly string[] | undefined,
  environment: Readonly<Record<string, string | undefined>> = {},
): Step {
  const shown = words.map(shellWord).join(' ')
  return {
    what: { en: shown, zh: shown },
    run: () => runProgram(machine, words, environment),
    revert: () => back && runProgram(machine, back, environment),
  }
}

function runProgram(
  machine: Machine,
  [command = '', ...words]: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): void {
  const { code, stdout, stderr } = machine.run(command, words, environment)
  if (code === 0) return
  const said = `${stderr}${stdout}`.trim() || `exit code ${code}`
  throw new StepError({ en: `${command} ${words.join(' ')}: ${said}`, zh: `${command} ${words.join(' ')}：${said}` })
}

/** A word as a POSIX shell reads it. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

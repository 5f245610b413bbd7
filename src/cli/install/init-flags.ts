import fs from 'node:fs'
import { UsageError } from '../../errors.ts'
import type { Terminal } from '../terminal/command.ts'
import { unreadable } from '../terminal/read-json.ts'
import { INIT_KEYS, type InitKey, type InitValues, reasonAgainst } from './init-values.ts'

export const INIT_OPTIONS = {
  'app-id': { type: 'string' },
  token: { type: 'string' },
  'aes-key': { type: 'string' },
  mode: { type: 'string' },
  secret: { type: 'string' },
  'secret-from-file': { type: 'string' },
  yes: { type: 'boolean', default: false },
} as const

const FLAGS: Readonly<Record<InitKey, string>> = {
  appId: '--app-id',
  mode: '--mode',
  token: '--token',
  aesKey: '--aes-key',
  appSecret: '--secret-from-file',
}

type Flags = Readonly<Partial<Record<'app-id' | 'token' | 'aes-key' | 'mode' | 'secret' | 'secret-from-file', string>>>

/**
 * The values that flags and environment give, without the blanks that are copied with them.
 *
 * @throws {UsageError} for those that are wrong, all of them
 */
export function valuesGiven(flags: Flags, terminal: Terminal): InitValues {
  return checked(givenBy(flags, terminal))
}

function givenBy(flags: Flags, { environment, printError, say }: Terminal): InitValues {
  if (flags.secret !== undefined) {
    printError(
      say({
        en: 'Warning: --secret shows the AppSecret in the list of processes and in the history of the shell; use --secret-from-file, WEIXIN_APP_SECRET or the question',
        zh: '警告：--secret 会让 AppSecret 出现在进程列表和 shell 历史中；请改用 --secret-from-file、WEIXIN_APP_SECRET 或在提示时输入',
      }),
    )
  }
  const fromFile = flags['secret-from-file']
  const secret = flags.secret ?? (fromFile === undefined ? environment['WEIXIN_APP_SECRET'] : secretIn(fromFile))
  const given = {
    appId: flags['app-id'],
    mode: flags.mode,
    token: flags.token,
    aesKey: flags['aes-key'],
    appSecret: secret,
  }
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, value.trim()]])),
  )
}

function secretIn(file: string): string {
  try {
    return fs.readFileSync(file === '-' ? 0 : file, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    throw unreadable(file, error)
  }
}

function checked(given: InitValues): InitValues {
  const mistakes = INIT_KEYS.flatMap(key => {
    const reason = given[key] === undefined ? undefined : reasonAgainst(key, given[key])
    return reason ? [{ en: `${FLAGS[key]}: ${reason.en}`, zh: `${FLAGS[key]}：${reason.zh}` }] : []
  })
  if (mistakes.length === 0) return given
  throw new UsageError({ en: mistakes.map(({ en }) => en).join('\n'), zh: mistakes.map(({ zh }) => zh).join('\n') })
}

import { parseArgs } from 'node:util'
import type { Token } from '../token/token.ts'
import { ACCOUNT_OPTIONS, ACCOUNT_USAGE, withAccount } from './account/account-command.ts'
import type { Command, Terminal } from './terminal/command.ts'
import { printTable, type Row } from './terminal/table.ts'

const OPTIONS = {
  ...ACCOUNT_OPTIONS,
  show: { type: 'boolean', default: false },
  refresh: { type: 'boolean', default: false },
} as const

/** `weixin token`: where the access token comes from and how long it lives. */
export const token: Command = {
  summary: { en: 'show or renew the access token', zh: '查看或更新 access_token' },
  usage: {
    en: `Usage: weixin token [--refresh] [--show] [--json] [--account NAME]

Shows where the access token comes from, its age and the life it has left; fetches one when there is none.

  --refresh         forget the stored token and ask WeChat again; until its last five minutes WeChat gives the same
  --show            print the token itself: whoever has it can act for the account
${ACCOUNT_USAGE.en}

There is no --serve: programs that share a token share the store. On several machines set "store" to redis://…`,
    zh: `用法：weixin token [--refresh] [--show] [--json] [--account 名称]

显示 access_token 的来源、已用时间和剩余时间；没有时会获取一个。

  --refresh         丢弃已保存的 token，重新向微信获取；在最后五分钟之前，微信返回的仍是同一个
  --show            显示 token 本身：持有者即可代表该账号操作
${ACCOUNT_USAGE.zh}

不提供 --serve：共用 token 的程序共用存储即可。多台机器请把 "store" 设为 redis://…`,
  },
  async run(words, terminal) {
    const { values } = parseArgs({ args: words, options: OPTIONS })
    return withAccount(values.account, terminal, async ({ tokens, tokenEndpoint }) => {
      const started = Date.now()
      const before = await tokens.get()
      if (values.refresh && before.fetched < started) await tokens.invalidate(before.value)
      const current = values.refresh ? await tokens.get() : before
      const facts = factsOf(current, started)
      const shown = values.show ? { ...facts, token: current.value } : facts
      printTable(terminal, values.json, shown, rowsOf(shown, tokenEndpoint, terminal))
      return 0
    })
  },
}

interface Facts {
  readonly source: 'store' | 'wechat'
  /** ISO 8601. */
  readonly fetched: string
  readonly expires: string
  readonly ageSeconds: number
  readonly remainingSeconds: number
  readonly token?: string
}

function factsOf({ fetched, expires }: Token, started: number): Facts {
  const now = Date.now()
  return {
    source: fetched < started ? 'store' : 'wechat',
    fetched: new Date(fetched).toISOString(),
    expires: new Date(expires).toISOString(),
    ageSeconds: Math.max(0, Math.round((now - fetched) / 1000)),
    remainingSeconds: Math.round((expires - now) / 1000),
  }
}

function rowsOf(facts: Facts, endpoint: string, { say }: Terminal): Row[] {
  const { source, expires, ageSeconds, remainingSeconds, token: value } = facts
  const sources = {
    store: { en: 'the store, where it was kept', zh: '存储中已保存的' },
    wechat: { en: `WeChat (${endpoint}), just now`, zh: `刚从微信获取（${endpoint}）` },
  }
  return [
    [say({ en: 'source', zh: '来源' }), say(sources[source])],
    [say({ en: 'age', zh: '已用' }), duration(ageSeconds)],
    [say({ en: 'remaining', zh: '剩余' }), `${duration(remainingSeconds)} (${expires})`],
    ...(value === undefined ? [] : [['token', value]]),
  ]
}

/** `1:59:58` */
function duration(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return `${hours}:${String(minutes).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
}

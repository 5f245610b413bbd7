import { parseArgs } from 'node:util'
import type { AccountApi } from '../client/account.ts'
import { UsageError } from '../errors.ts'
import { ACCOUNT_OPTIONS, ACCOUNT_USAGE, withAccount } from './account/account-command.ts'
import { neededField } from './account/answer-field.ts'
import type { Command, Terminal } from './terminal/command.ts'
import { createProgress } from './terminal/progress.ts'
import { printTable, type Row } from './terminal/table.ts'

const OPTIONS = {
  ...ACCOUNT_OPTIONS,
  limit: { type: 'string', default: '100' },
  ids: { type: 'boolean', default: false },
} as const

/** As many followers as WeChat describes in one call. */
const BATCH = 100

/** `weixin users`: who follows the account. */
export const users: Command = {
  summary: { en: 'list the followers', zh: '列出关注者' },
  usage: {
    en: `Usage: weixin users [--limit N] [--ids] [--json] [--account NAME]

Lists followers from the first on: since when, remark, tags, and how they came. WeChat gives neither names nor pictures.

  --limit N         that many at most; 0 for all (default 100)
  --ids             OpenIDs alone: 10 000 with each call in place of 100
${ACCOUNT_USAGE.en}`,
    zh: `用法：weixin users [--limit N] [--ids] [--json] [--account 名称]

从最早的开始列出关注者：关注时间、备注、标签和来源。微信不再提供昵称和头像。

  --limit N         最多列出多少个；0 表示全部（默认 100）
  --ids             只列出 OpenID：每次调用可取 10 000 个，而不是 100 个
${ACCOUNT_USAGE.zh}`,
  },
  async run(words, terminal) {
    const { values } = parseArgs({ args: words, options: OPTIONS })
    const limit = limitOf(values.limit)
    return withAccount(values.account, terminal, async ({ client }) => {
      const { openIds, total } = await listOpenIds(client, limit, terminal)
      if (values.ids)
        printTable(
          terminal,
          values.json,
          { total, openid: openIds },
          openIds.map(id => [id]),
        )
      else {
        const followers = await describe(client, openIds, terminal)
        printTable(terminal, values.json, { total, followers }, [heading(terminal), ...followers.map(rowOf)])
      }
      if (openIds.length < total) terminal.printError(`${openIds.length} / ${total}`)
      return 0
    })
  },
}

function limitOf(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text) || Number.POSITIVE_INFINITY
  throw new UsageError({
    en: `--limit ${text}: a whole number is permitted; 0 means all`,
    zh: `--limit ${text}：应为整数；0 表示全部`,
  })
}

async function listOpenIds(
  client: AccountApi['client'],
  limit: number,
  terminal: Terminal,
): Promise<{ openIds: readonly string[]; total: number }> {
  const progress = createProgress(terminal, 'OpenID')
  const openIds: string[] = []
  let from: string | undefined
  for (;;) {
    const answer = await client.user.list(from ? { next_openid: from } : {})
    const total = neededField(answer, 'total', 'GET /cgi-bin/user/get')
    const { data, next_openid: next } = answer
    const page = data?.openid ?? []
    openIds.push(...page)
    progress.report(openIds.length, total)
    if (page.length === 0 || !next || next === from || openIds.length >= limit) {
      progress.end()
      return { openIds: openIds.slice(0, limit), total }
    }
    from = next
  }
}

interface Follower {
  readonly openid: string
  /** Seconds since 1970. */
  readonly subscribe_time?: number
  readonly remark?: string
  readonly tagid_list?: readonly number[]
  readonly subscribe_scene?: string
}

async function describe(
  client: AccountApi['client'],
  openIds: readonly string[],
  terminal: Terminal,
): Promise<readonly Follower[]> {
  const progress = createProgress(terminal, 'users')
  const followers: Follower[] = []
  for (let start = 0; start < openIds.length; start += BATCH) {
    const batch = openIds.slice(start, start + BATCH).map(openid => ({ openid }))
    const answer = await client.user.infos({ user_list: batch })
    followers.push(...neededField(answer, 'user_info_list', 'POST /cgi-bin/user/info/batchget'))
    progress.report(followers.length, openIds.length)
  }
  progress.end()
  return followers
}

function heading({ say }: Terminal): Row {
  return [
    'OpenID',
    say({ en: 'since', zh: '关注时间' }),
    say({ en: 'remark', zh: '备注' }),
    say({ en: 'tags', zh: '标签' }),
    say({ en: 'came by', zh: '来源' }),
  ]
}

function rowOf({ openid, subscribe_time, remark = '', tagid_list = [], subscribe_scene = '' }: Follower): Row {
  const since = subscribe_time ? new Date(subscribe_time * 1000).toISOString().slice(0, 10) : '-'
  return [openid, since, remark, tagid_list.join(','), subscribe_scene]
}

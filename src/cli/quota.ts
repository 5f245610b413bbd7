import { parseArgs } from 'node:util'
import type { AccountApi } from '../client/account.ts'
import { ApiError } from '../client/api-error.ts'
import { splitCall } from '../client/endpoint.ts'
import { allEndpoints } from '../client/endpoints/index.ts'
import { ACCOUNT_OPTIONS, ACCOUNT_USAGE, withAccount } from './account/account-command.ts'
import { neededField } from './account/answer-field.ts'
import type { Command, Terminal } from './terminal/command.ts'
import { createProgress } from './terminal/progress.ts'
import { printTable, type Row } from './terminal/table.ts'

/** `weixin quota`: how many calls the account has left today. */
export const quota: Command = {
  summary: { en: 'show how many calls are left today', zh: '查看今天剩余的接口调用次数' },
  usage: {
    en: `Usage: weixin quota [PATH…] [--json] [--account NAME]

Shows the calls a day that the account has, has used and has left: of the paths that are named (/cgi-bin/menu/create),
else of every call that has a documented limit. Counters begin anew at midnight in Beijing.

${ACCOUNT_USAGE.en}`,
    zh: `用法：weixin quota [路径…] [--json] [--account 名称]

显示账号每天可调用、已调用和剩余的次数：可指定路径（如 /cgi-bin/menu/create），不指定则查询所有有限额的接口。
次数在北京时间零点重置。

${ACCOUNT_USAGE.zh}`,
  },
  async run(words, terminal) {
    const { values, positionals } = parseArgs({ args: words, options: ACCOUNT_OPTIONS, allowPositionals: true })
    const paths = positionals.length > 0 ? positionals : limitedPaths()
    return withAccount(values.account, terminal, async ({ client }) => {
      const progress = createProgress(terminal, 'quota')
      const quotas: Quota[] = []
      for (const [index, path] of paths.entries()) {
        progress.report(index, paths.length)
        quotas.push(await quotaOf(path, client))
      }
      progress.end()
      printTable(terminal, values.json, quotas, [heading(terminal), ...quotas.map(rowOf)])
      return 0
    })
  },
}

interface Quota {
  readonly path: string
  readonly daily_limit?: number
  readonly used?: number
  readonly remain?: number
  /** Why WeChat does not say it for this path. */
  readonly errcode?: number
}

/** The path is none that has a quota, or none that this kind of account may call. */
const NOT_FOR_THIS_PATH = [76021, 76022]

async function quotaOf(path: string, client: AccountApi['client']): Promise<Quota> {
  try {
    const answer = await client.basic.getQuota({ cgi_path: path })
    const found = neededField(answer, 'quota', 'POST /cgi-bin/openapi/quota/get')
    return { path, daily_limit: found.daily_limit, used: found.used, remain: found.remain }
  } catch (error) {
    if (error instanceof ApiError && NOT_FOR_THIS_PATH.includes(error.errcode)) return { path, errcode: error.errcode }
    throw error
  }
}

function limitedPaths(): string[] {
  const limited = allEndpoints.filter(({ perDay, token }) => perDay !== undefined && token !== false)
  return [...new Set(limited.map(({ call }) => splitCall(call).path))]
}

function heading({ say }: Terminal): Row {
  return [
    say({ en: 'path', zh: '路径' }),
    say({ en: 'a day', zh: '每天' }),
    say({ en: 'used', zh: '已用' }),
    say({ en: 'left', zh: '剩余' }),
  ]
}

function rowOf({ path, daily_limit, used, remain, errcode }: Quota): Row {
  return [path, daily_limit ?? '-', used ?? '-', remain ?? (errcode === undefined ? '-' : `- (${errcode})`)]
}

import { parseArgs } from 'node:util'
import { exactJson } from '../client/json.ts'
import { UsageError } from '../errors.ts'
import { ACCOUNT_OPTIONS, ACCOUNT_USAGE, withAccount } from './account/account-command.ts'
import { isDownload, saveDownload } from './account/download.ts'
import type { Command } from './terminal/command.ts'
import { createProgress } from './terminal/progress.ts'
import { parseJson, readJsonFile } from './terminal/read-json.ts'

const OPTIONS = { ...ACCOUNT_OPTIONS, output: { type: 'string' } } as const

/** `weixin api GET|POST PATH`: any call, with the account's access token. */
export const api: Command = {
  summary: { en: 'call any path of the API', zh: '调用任意接口' },
  usage: {
    en: `Usage: weixin api GET|POST PATH [JSON|@FILE] [--output FILE] [--account NAME]

Calls a path of WeChat's API with the account's access token, and prints the JSON that comes back:

  weixin api GET /cgi-bin/get_api_domain_ip
  weixin api POST /cgi-bin/user/info/updateremark '{"openid":"o…","remark":"木棉"}'
  weixin api POST /cgi-bin/draft/add @draft.json

  --output FILE     a new file for an answer that is one (pictures, voices)
${ACCOUNT_USAGE.en}`,
    zh: `用法：weixin api GET|POST 路径 [JSON|@文件] [--output 文件] [--account 名称]

使用账号的 access_token 调用微信接口，并输出返回的 JSON：

  weixin api GET /cgi-bin/get_api_domain_ip
  weixin api POST /cgi-bin/user/info/updateremark '{"openid":"o…","remark":"木棉"}'
  weixin api POST /cgi-bin/draft/add @draft.json

  --output 文件     返回内容是文件（图片、语音）时保存到这个新文件
${ACCOUNT_USAGE.zh}`,
  },
  async run(words, terminal) {
    const { values, positionals } = parseArgs({ args: words, options: OPTIONS, allowPositionals: true })
    const [method, path, text, ...others] = positionals
    if ((method !== 'GET' && method !== 'POST') || path === undefined || others.length > 0) {
      throw new UsageError(api.usage)
    }
    if (method === 'GET' && text !== undefined) throw bodyOfGet()
    const body = text === undefined ? undefined : bodyOf(text)
    return withAccount(values.account, terminal, async ({ client }) => {
      const progress = createProgress(terminal, path)
      const answer = await client.request(path, {
        method,
        ...(body !== undefined && { body }),
        ...(values.output !== undefined && { download: true }),
        onProgress: ({ transferred, total }) => progress.report(transferred, total),
      })
      if (isDownload(answer)) return saveDownload(answer, values.output, progress, terminal)
      progress.end()
      terminal.print(JSON.stringify(answer, null, 2))
      return 0
    })
  },
}

function bodyOf(text: string): unknown {
  return text.startsWith('@') ? readJsonFile(text.slice(1), exactJson) : parseJson(text, 'JSON', exactJson)
}

function bodyOfGet(): UsageError {
  return new UsageError({
    en: 'a GET has no body; write its parameters into the path: /cgi-bin/user/info?openid=…',
    zh: 'GET 没有请求体；请把参数写在路径里：/cgi-bin/user/info?openid=…',
  })
}

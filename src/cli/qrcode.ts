import { parseArgs } from 'node:util'
import type { AccountApi } from '../client/account.ts'
import { qrcodeUrl } from '../client/pages.ts'
import { UsageError } from '../errors.ts'
import { ACCOUNT_OPTIONS, ACCOUNT_USAGE, withAccount } from './account/account-command.ts'
import { neededField } from './account/answer-field.ts'
import type { Command } from './terminal/command.ts'
import { printTable } from './terminal/table.ts'

const OPTIONS = {
  ...ACCOUNT_OPTIONS,
  days: { type: 'string', default: '30' },
  permanent: { type: 'boolean', default: false },
} as const

const MOST_DAYS = 30
const DAY_SECONDS = 86_400

/** `weixin qrcode SCENE`: a QR code that tells the responder where it was scanned. */
export const qrcode: Command = {
  summary: { en: 'make a QR code with a scene', zh: '生成带参数的二维码' },
  usage: {
    en: `Usage: weixin qrcode SCENE [--days N | --permanent] [--json] [--account NAME]

Makes a QR code and shows the address of its picture. Who scans it sends event:subscribe (EventKey qrscene_SCENE) or
event:SCAN (EventKey SCENE).

  SCENE             1 to 64 characters, such as booth-17
  --days N          how long it works, 1 to ${MOST_DAYS} (default ${MOST_DAYS})
  --permanent       for ever; an account has 100 000 of these in all
${ACCOUNT_USAGE.en}`,
    zh: `用法：weixin qrcode 场景值 [--days N | --permanent] [--json] [--account 名称]

生成带参数的二维码并显示图片网址。扫码后会收到 event:subscribe（EventKey 为 qrscene_场景值）
或 event:SCAN（EventKey 为场景值）。

  场景值            1 到 64 个字符，例如 booth-17
  --days N          有效天数，1 到 ${MOST_DAYS}（默认 ${MOST_DAYS}）
  --permanent       永久有效；每个账号总共 100 000 个
${ACCOUNT_USAGE.zh}`,
  },
  async run(words, terminal) {
    const { values, positionals } = parseArgs({ args: words, options: OPTIONS, allowPositionals: true })
    const [scene, ...others] = positionals
    if (scene === undefined || others.length > 0) throw new UsageError(qrcode.usage)
    const days = values.permanent ? undefined : daysOf(values.days)
    return withAccount(values.account, terminal, async ({ client }) => {
      const answer = await make(client, scene, days)
      const ticket = neededField(answer, 'ticket', 'POST /cgi-bin/qrcode/create')
      const { url, expire_seconds: seconds } = answer
      const picture = qrcodeUrl(ticket)
      const { say } = terminal
      const expires = seconds ? new Date(Date.now() + seconds * 1000).toISOString() : undefined
      printTable(terminal, values.json, { scene, ticket, url, picture, ...(expires && { expires }) }, [
        [say({ en: 'picture', zh: '图片' }), picture],
        [say({ en: 'content', zh: '内容' }), url],
        [say({ en: 'works until', zh: '有效期至' }), expires ?? say({ en: 'for ever', zh: '永久' })],
      ])
      return 0
    })
  },
}

function daysOf(text: string): number {
  const days = Number(text)
  if (Number.isInteger(days) && days >= 1 && days <= MOST_DAYS) return days
  throw new UsageError({
    en: `--days ${text}: 1 to ${MOST_DAYS} is permitted; a code for ever is --permanent`,
    zh: `--days ${text}：应为 1 到 ${MOST_DAYS}；永久二维码请用 --permanent`,
  })
}

/** Always a text: the responder gets the same EventKey as from a number, and there are more of them. */
function make({ qrcode: calls }: AccountApi['client'], scene: string, days: number | undefined) {
  const action_info = { scene: { scene_str: scene } }
  return days === undefined
    ? calls.create({ action_name: 'QR_LIMIT_STR_SCENE', action_info })
    : calls.create({ action_name: 'QR_STR_SCENE', action_info, expire_seconds: days * DAY_SECONDS })
}

import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { AccountApi } from '../client/account.ts'
import type { CallOptions } from '../client/call.ts'
import type { Upload } from '../client/upload.ts'
import { UsageError } from '../errors.ts'
import { ACCOUNT_OPTIONS, ACCOUNT_USAGE, withAccount } from './account/account-command.ts'
import { neededField } from './account/answer-field.ts'
import { isDownload, saveDownload } from './account/download.ts'
import type { Command, Terminal } from './terminal/command.ts'
import { createProgress } from './terminal/progress.ts'
import { unreadable } from './terminal/read-json.ts'
import { printTable } from './terminal/table.ts'

const OPTIONS = {
  ...ACCOUNT_OPTIONS,
  type: { type: 'string' },
  permanent: { type: 'boolean', default: false },
  title: { type: 'string' },
  introduction: { type: 'string', default: '' },
  output: { type: 'string' },
} as const

type Kind = 'image' | 'voice' | 'video' | 'thumb'

/** The extensions that WeChat takes for three days; it goes by them. */
const TEMPORARY: Readonly<Record<Kind, readonly string[]>> = {
  image: ['jpg', 'jpeg', 'png', 'gif'],
  voice: ['mp3', 'amr'],
  video: ['mp4'],
  thumb: ['jpg'],
}

const PERMANENT: typeof TEMPORARY = { ...TEMPORARY, image: [...TEMPORARY.image, 'bmp'] }

interface Values {
  readonly account: string
  readonly json: boolean
  readonly type?: string | undefined
  readonly permanent: boolean
  readonly title?: string | undefined
  readonly introduction: string
  readonly output?: string | undefined
}

/** `weixin media upload|get`: pictures, voices and videos by their MediaId. */
export const media: Command = {
  summary: { en: 'upload and fetch pictures, voices and videos', zh: '上传和下载图片、语音、视频' },
  usage: {
    en: `Usage: weixin media upload FILE [--type TYPE] [--permanent] [--json] [--account NAME]
       weixin media get MEDIA_ID [--output FILE] [--account NAME]

  --type TYPE       image (jpg, png, gif, permanent also bmp; 10 MB), voice (mp3, amr; 2 MB, 60 s),
                    video (mp4; 10 MB) or thumb (jpg; 64 KB); if not given, what the extension says
  --permanent       keep it in the material library; without it WeChat keeps it for three days
  --title TEXT      of a permanent video, which needs one; --introduction TEXT goes with it
  --output FILE     a new file (default: the name that WeChat gives it, in this folder)
${ACCOUNT_USAGE.en}`,
    zh: `用法：weixin media upload 文件 [--type 类型] [--permanent] [--json] [--account 名称]
      weixin media get MEDIA_ID [--output 文件] [--account 名称]

  --type 类型       image 图片（jpg、png、gif，永久还可用 bmp，10 MB）、voice 语音（mp3、amr，2 MB、60 秒）、
                    video 视频（mp4，10 MB）或 thumb 缩略图（jpg，64 KB）；不填则按扩展名判断
  --permanent       存入永久素材库；否则微信只保留三天
  --title 文本      永久视频必填的标题；--introduction 文本 为其简介
  --output 文件     保存到这个新文件（默认使用微信给出的文件名，存到当前目录）
${ACCOUNT_USAGE.zh}`,
  },
  async run(words, terminal) {
    const { values, positionals } = parseArgs({ args: words, options: OPTIONS, allowPositionals: true })
    const [action, what, ...others] = positionals
    if (what === undefined || others.length > 0) throw new UsageError(media.usage)
    if (action === 'upload') return upload(what, values, terminal)
    if (action === 'get') return get(what, values, terminal)
    throw new UsageError(media.usage)
  },
}

function upload(file: string, values: Values, terminal: Terminal): Promise<number> {
  const kind = kindOf(file, values.type, values.permanent ? PERMANENT : TEMPORARY)
  if (kind === 'video' && values.permanent && !values.title) {
    throw new UsageError({ en: 'a permanent video needs --title TEXT', zh: '永久视频需要 --title 标题' })
  }
  const content = { fileName: path.basename(file), content: contentOf(file) }
  return withAccount(values.account, terminal, async ({ client }) => {
    const progress = createProgress(terminal, content.fileName)
    const answer = await send(client, kind, content, values, {
      onProgress: ({ transferred, total }) => progress.report(transferred, total),
    })
    progress.end()
    const rows = Object.entries(answer).map(([name, value]) => [name, String(value)])
    printTable(terminal, values.json, answer, rows)
    return 0
  })
}

function kindOf(file: string, wanted: string | undefined, extensions: typeof TEMPORARY): Kind {
  const extension = path.extname(file).slice(1).toLowerCase()
  const kinds = Object.keys(extensions) as Kind[]
  const kind = kinds.find(each => (wanted === undefined ? extensions[each].includes(extension) : each === wanted))
  if (kind && extensions[kind].includes(extension)) return kind
  const permitted = kind ? extensions[kind] : wanted === undefined ? Object.values(extensions).flat() : kinds
  const what = kind || wanted === undefined ? path.basename(file) : `--type ${wanted}`
  const names = [...new Set(permitted)]
  throw new UsageError({
    en: `${what}: WeChat does not take this; permitted: ${names.join(', ')}`,
    zh: `${what}：微信不接受；允许：${names.join('、')}`,
  })
}

function contentOf(file: string): Exclude<Upload['content'], Uint8Array> {
  try {
    fs.accessSync(file, fs.constants.R_OK)
    const stats = fs.statSync(file)
    if (!stats.isFile()) throw Object.assign(new Error(), { code: stats.isDirectory() ? 'EISDIR' : 'ENOTSUP' })
    return { size: stats.size, stream: () => fs.createReadStream(file) }
  } catch (error) {
    throw unreadable(file, error)
  }
}

function send(
  { media: temporary, material }: AccountApi['client'],
  type: Kind,
  file: Upload,
  { permanent, title = '', introduction }: Values,
  options: CallOptions,
): Promise<object> {
  if (!permanent) return temporary.upload({ type, media: file }, options)
  if (type === 'video') return material.add({ type, media: file, description: { title, introduction } }, options)
  return material.add({ type, media: file }, options)
}

function get(mediaId: string, { account, output }: Values, terminal: Terminal): Promise<number> {
  return withAccount(account, terminal, async ({ client }) => {
    const progress = createProgress(terminal, mediaId)
    const answer = await client.media.get(
      { media_id: mediaId },
      { onProgress: ({ transferred, total }) => progress.report(transferred, total) },
    )
    if (isDownload(answer)) return saveDownload(answer, output, progress, terminal)
    // WeChat gives the address of a video, which anybody may fetch.
    terminal.print(neededField(answer, 'video_url', 'GET /cgi-bin/media/get'))
    return 0
  })
}

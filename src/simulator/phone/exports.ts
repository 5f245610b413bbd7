import type { ServerResponse } from 'node:http'
import type { Platform } from '../platform.ts'
import { writeRecording } from '../recording.ts'
import { asCurl, asPipedCgi } from '../shell-command.ts'
import { answer, PhoneError } from './answer.ts'

/** What a command for a shell is made of. */
export interface CommandOptions {
  readonly platform: Platform
  /** The URL that `curl` gets; or the script. */
  readonly target: string
  /** What a piped CGI command needs besides the configuration. */
  readonly cgiEnvironment: Readonly<Record<string, string>>
}

/**
 * One request as a command for a shell.
 *
 * @param path exchange, number of the delivery, `curl` or `cgi`
 * @throws {PhoneError} when there is no such delivery any more, or no URL
 */
export function serveCommand(
  { platform, target, cgiEnvironment }: CommandOptions,
  response: ServerResponse,
  [id, number, kind]: readonly string[],
): void {
  const exchange = platform.exchanges.find(each => each.id === id)
  const attempt = exchange?.deliveries.find(each => String(each.number) === number)
  if (!attempt) throw noLongerKept()
  const { request } = attempt
  if (kind === 'curl' && !URL.canParse(target)) throw noUrl()
  const command = kind === 'curl' ? asCurl(request, target) : asPipedCgi(request, 'cgi-bin/weixin', cgiEnvironment)
  answer(response, 200, 'text/plain; charset=utf-8', `${command}\n`)
}

/** One exchange as a fixture. @throws {PhoneError} when it is not kept any more */
export function serveFixture({ platform }: CommandOptions, response: ServerResponse, id: string): void {
  const exchange = platform.exchanges.find(each => each.id === id)
  if (!exchange) throw noLongerKept()
  answer(response, 200, 'application/json; charset=utf-8', writeRecording([exchange]))
}

function noUrl(): PhoneError {
  return new PhoneError({
    en: 'the script is run by pipe, there is no URL for curl; copy the CGI command',
    zh: '脚本以管道方式运行，没有可供 curl 使用的网址；请复制 CGI 命令',
  })
}

function noLongerKept(): PhoneError {
  return new PhoneError({ en: 'this exchange is not kept any more', zh: '这次收发已不再保留' })
}

import { WeixinError } from '../errors.ts'
import type { Exchange } from './exchange.ts'
import type { PlatformMessage } from './pushed-message.ts'

/** A file that is no recording. */
export class RecordingError extends WeixinError {
  override name = 'RecordingError'
}

/** Exchanges as a fixture: JSON with everything that went over the wire, and neither Token nor key. */
export function writeRecording(exchanges: readonly Exchange[]): string {
  return `${JSON.stringify({ exchanges }, null, 2)}\n`
}

/**
 * The messages of a recording, in their order, ready to be pushed again; access checks are left out.
 *
 * @param text what `writeRecording` wrote, or the XML of one message, as a log may have it
 * @throws {RecordingError} when it is neither
 */
export function readRecording(text: string): PlatformMessage[] {
  const content = text.replace(/^\u{feff}/u, '').trim()
  if (content.startsWith('<xml>')) return [{ xml: content }]
  const { exchanges } = parsed(content)
  if (!Array.isArray(exchanges)) throw notARecording()
  const messages = exchanges.map(each => messageOf(each))
  return messages.filter(({ xml }) => xml !== '')
}

function parsed(content: string): { readonly exchanges?: unknown } {
  try {
    return Object(JSON.parse(content))
  } catch {
    throw notARecording()
  }
}

function messageOf(exchange: unknown): { readonly xml: string } {
  const { xml } = Object(exchange) as Partial<Exchange>
  if (typeof xml === 'string') return { xml }
  throw notARecording()
}

function notARecording(): RecordingError {
  return new RecordingError({
    en: 'this is no recording: permitted are what "save as fixture" wrote, and the XML of one message',
    zh: '这不是录制文件：应为“保存为样例”生成的 JSON，或一条消息的 XML',
  })
}

import type { LogLevel } from '../log.ts'

/** One line of the journal, or of a log in JSON: a request, or something else that was worth a line. */
export interface Entry {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly level: LogLevel
  readonly message: string
  readonly account?: string
  /** Of a request: the kind of message, `text` or `event:CLICK`, or `access-check`. */
  readonly kind?: string
  readonly answer?: string
  readonly status?: number
  readonly reason?: string
  readonly ms?: number
  readonly delivery?: number
  readonly by?: string
  readonly follower?: string
  readonly content?: string
  /** What became of fetching an access token: `fetched` or `failed`. */
  readonly token?: string
}

const TEXTS = ['message', 'account', 'kind', 'answer', 'reason', 'by', 'follower', 'content', 'token'] as const
const NUMBERS = ['status', 'ms', 'delivery'] as const
const LEVELS: readonly unknown[] = ['debug', 'info', 'warn', 'error']

/**
 * Reads a line that `jsonLine` has written, also with what Apache or systemd have put in front of it, behind it and, as
 * Apache does with quotes, in it. Undefined for every other line.
 */
export function parseEntry(line: string): Entry | undefined {
  const begin = line.search(/\{\\?"time\\?":/)
  const end = line.lastIndexOf('}')
  if (begin < 0 || end < begin) return undefined
  const text = line.slice(begin, end + 1)
  return entryOf(text.startsWith('{\\') ? unescapeLog(text) : text)
}

function entryOf(text: string): Entry | undefined {
  const value = parseObject(text)
  const time = typeof value?.['time'] === 'string' ? Date.parse(value['time']) : Number.NaN
  if (!value || Number.isNaN(time) || !LEVELS.includes(value['level']) || typeof value['message'] !== 'string') {
    return undefined
  }
  const entry: Record<string, unknown> = { time, level: value['level'] }
  for (const name of TEXTS) if (typeof value[name] === 'string') entry[name] = value[name]
  for (const name of NUMBERS) if (typeof value[name] === 'number') entry[name] = value[name]
  return entry as unknown as Entry
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** Apache's error log has quotes and backslashes behind a backslash, and each byte beyond ASCII as `\xe4`. */
function unescapeLog(text: string): string {
  const bytes = text.replace(/\\(?:x([\da-f]{2})|(.))/gi, (_, byte: string | undefined, character: string) =>
    byte === undefined ? character : String.fromCharCode(Number.parseInt(byte, 16)),
  )
  return Buffer.from(bytes, 'latin1').toString()
}

/** Whether it is the line of a request; the others are remarks. */
export function isRequest(entry: Entry): boolean {
  return isRefused(entry) || (entry.answer !== undefined && entry.kind !== undefined)
}

export function isRefused({ status, reason }: Entry): boolean {
  return status !== undefined && reason !== undefined
}

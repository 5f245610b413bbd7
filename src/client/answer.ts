import type { IncomingMessage } from 'node:http'
import { ApiError, type RefusedCall } from './api-error.ts'
import type { Download, ReportProgress } from './download.ts'
import { readJson } from './json.ts'
import { TransportError, type TransportFault } from './transport-error.ts'

/** What is expected of an answer. */
export interface Expected extends RefusedCall {
  readonly host: string
  readonly repeatable: boolean
  /** Whether it may be a file. */
  readonly download: boolean
  /** An errcode that is no error. */
  readonly alsoDone: number | undefined
  /** Bytes that a JSON answer may have. */
  readonly maxAnswer: number
  /** Makes a text fit to be shown: without secrets. */
  readonly redact: (text: string) => string
  readonly signal: AbortSignal | undefined
  readonly onProgress: ReportProgress | undefined
}

const OPENING_BRACE = 0x7b

/**
 * The JSON value of an answer, or a file. Errors come with HTTP 200 as well, and JSON under any media type; so a file is
 * what may be one and neither begins with `{` nor claims to be a page or JSON.
 *
 * @throws {ApiError} when it has an errcode
 * @throws {TransportError} when it is no answer of WeChat, or ends too early
 */
export async function readAnswer(response: IncomingMessage, expected: Expected): Promise<unknown> {
  const chunks = readChunks(response, expected)
  const first = await chunks.next()
  const start = first.done ? Buffer.alloc(0) : first.value
  const contentType = response.headers['content-type'] ?? ''
  if (response.statusCode === 200 && expected.download && !isJson(contentType, start)) {
    return download(response, contentType, start, chunks, expected)
  }
  const text = await readText(start, chunks, expected)
  const answer = parse(text)
  if (isRefusal(answer) && answer.errcode !== expected.alsoDone) throw refusal(answer, expected)
  if (response.statusCode !== 200) throw fault(expected, 'status', String(response.statusCode))
  if (answer === undefined) throw fault(expected, 'malformed')
  return answer
}

function fault(expected: Expected, reason: TransportFault, code?: string): TransportError {
  return new TransportError(reason, expected, expected.host, code)
}

async function* readChunks(response: IncomingMessage, expected: Expected): AsyncGenerator<Buffer, void> {
  try {
    yield* response as AsyncIterable<Buffer>
  } catch (error) {
    if (expected.signal?.aborted) throw expected.signal.reason
    if (error instanceof TransportError) throw error
    throw fault(expected, 'lost', (error as NodeJS.ErrnoException).code)
  }
}

function isJson(contentType: string, start: Buffer): boolean {
  if (/^(image|audio|video)\//.test(contentType)) return false
  return start[0] === OPENING_BRACE || /json|html/.test(contentType)
}

async function readText(start: Buffer, rest: AsyncGenerator<Buffer, void>, expected: Expected): Promise<string> {
  const read = [start]
  let bytes = start.length
  for await (const chunk of rest) {
    read.push(chunk)
    bytes += chunk.length
    // Leaving the loop ends the connection.
    if (bytes > expected.maxAnswer) throw fault(expected, 'too-large')
  }
  if (bytes > expected.maxAnswer) throw fault(expected, 'too-large')
  // Not fatal: nicknames come with bytes that are not UTF-8. The decoder takes a BOM away.
  return new TextDecoder().decode(Buffer.concat(read))
}

/** The syntax error would quote the answer, which may have a token in it. */
function parse(text: string): unknown {
  try {
    return readJson(text)
  } catch {
    return undefined
  }
}

function isRefusal(answer: unknown): answer is { readonly errcode: unknown; readonly errmsg?: unknown } {
  if (typeof answer !== 'object' || answer === null || !('errcode' in answer)) return false
  return Number(answer.errcode) !== 0
}

function refusal(answer: { readonly errcode: unknown; readonly errmsg?: unknown }, expected: Expected): ApiError {
  const errmsg = typeof answer.errmsg === 'string' ? answer.errmsg : ''
  return new ApiError({ errcode: Number(answer.errcode), errmsg: expected.redact(errmsg) }, expected)
}

function download(
  response: IncomingMessage,
  contentType: string,
  start: Buffer,
  rest: AsyncGenerator<Buffer, void>,
  { onProgress }: Expected,
): Download {
  const length = response.headers['content-length']
  const size = length === undefined ? undefined : Number(length)
  return {
    contentType,
    fileName: fileNameIn(response.headers['content-disposition']),
    size,
    body: (async function* () {
      let transferred = 0
      const count = (chunk: Buffer) => {
        transferred += chunk.length
        onProgress?.({ transferred, total: size })
        return chunk
      }
      try {
        if (start.length > 0) yield count(start)
        for await (const chunk of rest) yield count(chunk)
      } finally {
        response.destroy()
      }
    })(),
  }
}

/** `attachment; filename="MEDIA_ID.jpg"`: what comes before the last slash is not for us to decide. */
function fileNameIn(disposition = ''): string | undefined {
  const quoted = /filename="?([^";]+)"?/i.exec(disposition)?.[1]
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what a file name must not have
  const name = quoted?.replace(/^.*[/\\]/, '').replace(/[\u0000-\u001f\u007f]/g, '')
  return name === '' || name === '.' || name === '..' ? undefined : name
}

import { randomBytes } from 'node:crypto'
import { ArgumentError } from './argument-error.ts'
import { writeJson } from './json.ts'
import { isUpload, type Upload, uploadSize } from './upload.ts'

/** The body of a request, which can be sent more than once. */
export interface Body {
  readonly contentType: string
  /** Bytes. */
  readonly length: number
  chunks(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  bmp: 'image/bmp',
  mp3: 'audio/mpeg',
  amr: 'audio/amr',
  mp4: 'video/mp4',
}

/** As much of an upload as goes out between two reports of progress. */
const CHUNK = 64 * 1024

/** A text or JSON body. */
export function textBody(contentType: string, text: string): Body {
  const bytes = Buffer.from(text)
  return { contentType, length: bytes.length, chunks: () => [bytes] }
}

/**
 * A multipart/form-data body as WeChat's media server understands it: every file with an ASCII file name that has an
 * extension, its own Content-Type, and a length known beforehand. Fields that are objects go as JSON.
 *
 * @throws {ArgumentError} when a file name has no extension
 */
export function formBody(endpoint: string, fields: Readonly<Record<string, unknown>>): Body {
  const boundary = `----weixin-cgi-${randomBytes(12).toString('hex')}`
  const parts = Object.entries(fields).map(([name, value]) => {
    const { head, upload } = partOf(endpoint, name, value)
    return { head: Buffer.from(`--${boundary}\r\n${head}`), upload }
  })
  const end = Buffer.from(`--${boundary}--\r\n`)
  const length = parts.reduce(
    (sum, { head, upload }) => sum + head.length + (upload ? uploadSize(upload) + 2 : 0),
    end.length,
  )
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    length,
    async *chunks() {
      for (const { head, upload } of parts) {
        yield head
        if (!upload) continue
        yield* uploadChunks(endpoint, upload)
        yield Buffer.from('\r\n')
      }
      yield end
    },
  }
}

function partOf(endpoint: string, name: string, value: unknown): { head: string; upload?: Upload } {
  const disposition = `Content-Disposition: form-data; name="${name}"`
  if (!isUpload(value)) {
    return { head: `${disposition}\r\n\r\n${typeof value === 'string' ? value : writeJson(value)}\r\n` }
  }
  const { fileName, extension } = asciiFileName(endpoint, name, value.fileName)
  const contentType = value.contentType ?? CONTENT_TYPES[extension] ?? 'application/octet-stream'
  if (/[^\x20-\x7e]/.test(contentType)) {
    throw new ArgumentError(endpoint, `${name}.contentType`, { en: 'is not a content type', zh: '不是合法的内容类型' })
  }
  return {
    head: `${disposition}; filename="${fileName}"\r\nContent-Type: ${contentType}\r\n\r\n`,
    upload: value,
  }
}

/** What WeChat cannot read in a file name (it knows no RFC 5987) becomes `_`. */
function asciiFileName(endpoint: string, name: string, given: string): { fileName: string; extension: string } {
  const fileName = given.replace(/^.*[/\\]/s, '').replace(/[^\w.-]/g, '_')
  const extension = /[^.]\.([A-Za-z0-9]{1,8})$/.exec(fileName)?.[1]?.toLowerCase()
  if (extension === undefined) {
    throw new ArgumentError(endpoint, `${name}.fileName`, {
      en: 'must end with an extension such as .jpg, which is what WeChat goes by',
      zh: '必须带扩展名（如 .jpg），微信据此判断文件类型',
    })
  }
  return { fileName, extension }
}

async function* uploadChunks(endpoint: string, { content }: Upload): AsyncGenerator<Uint8Array> {
  if (content instanceof Uint8Array) {
    for (let start = 0; start < content.byteLength; start += CHUNK) yield content.subarray(start, start + CHUNK)
    return
  }
  let left = content.size
  try {
    for await (const chunk of content.stream()) {
      left -= chunk.byteLength
      if (left < 0) break
      yield chunk
    }
  } catch (cause) {
    throw unreadable(endpoint, cause)
  }
  if (left !== 0) throw unreadable(endpoint)
}

function unreadable(endpoint: string, cause?: unknown): ArgumentError {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code
  return new ArgumentError(endpoint, 'content', {
    en: `could not be read, or has another size than it said${code ? ` (${code})` : ''}`,
    zh: `无法读取，或与声明的大小不符${code ? `（${code}）` : ''}`,
  })
}

import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** What opens the page's server. */
export interface Guard {
  /** The random first part of every path. */
  readonly key: string
  readonly port: number
  /** The first part of the path of one picture, which the responder gets to know. */
  pictureKey(mediaId: string): string
}

type Asked = Pick<IncomingMessage, 'url' | 'headers'>

/**
 * What the page asks for, below the key and decoded. Undefined for everybody else: who lacks the key, comes by another name than
 * this machine's own (DNS rebinding), or from another site's page.
 */
export function askedFor({ url = '', headers }: Asked, { key, port }: Guard): string | undefined {
  const [, given = '', path] = /^\/([^/?#]*)\/([^?#]*)/.exec(url) ?? []
  if (path === undefined || !isSame(given, key) || !isThisMachine(headers, port)) return undefined
  const { host, origin } = headers
  const site = headers['sec-fetch-site']
  if (origin !== undefined && origin !== `http://${host}`) return undefined
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return undefined
  return decoded(path)
}

/** The media id of a picture that is asked for under its own key, which opens nothing else. */
export function pictureAskedFor({ url = '', headers }: Asked, { pictureKey, port }: Guard): string | undefined {
  const [, given = '', mediaId = ''] = /^\/([\w-]+)\/picture\/([\w-]+)$/.exec(url) ?? []
  return mediaId && isSame(given, pictureKey(mediaId)) && isThisMachine(headers, port) ? mediaId : undefined
}

function isThisMachine({ host = '' }: Asked['headers'], port: number): boolean {
  return host === `127.0.0.1:${port}` || host === `localhost:${port}`
}

/** Takes as long whatever the difference is. */
function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

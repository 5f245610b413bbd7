import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Who may ask the page's server anything: whoever knows the key, from this machine's own browser. */
export interface Guard {
  /** The random part of every path. */
  readonly key: string
  readonly port: number
}

/**
 * What is asked for, below the key; undefined for a stranger: without the key, by another name than this machine's own (DNS
 * rebinding), or from another site's page.
 */
export function askedFor({ url = '', headers }: IncomingMessage, { key, port }: Guard): string | undefined {
  const [, given = '', path] = /^\/([^/?#]*)\/([^?#]*)/.exec(url) ?? []
  if (path === undefined || !sameText(given, key)) return undefined
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  const { host = '', origin } = headers
  if (!hosts.includes(host)) return undefined
  if (origin !== undefined && origin !== `http://${host}`) return undefined
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return undefined
  return decoded(path)
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

/** Takes as long whatever the difference is. */
export function sameText(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}

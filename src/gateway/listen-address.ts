import { UsageError } from '../errors.ts'

/** Where a FastCGI responder listens: a descriptor it inherits, a unix socket, or TCP. */
export type ListenAddress =
  | { readonly fd: number }
  | { readonly path: string }
  | { readonly host: string; readonly port: number }

/**
 * Reads `/path.sock` (whatever contains a slash, either way), `host:port`, `[::1]:port` or `:port`, which means 127.0.0.1.
 *
 * @throws {UsageError} when the text is none of these.
 */
export function parseListenAddress(text: string): ListenAddress {
  if (/[/\\]/.test(text)) return { path: text }
  const [, bracketed, plain = '', digits = ''] = /^(?:\[([\da-fA-F:.]+)\]|([^\s:[\]]*)):(\d{1,5})$/.exec(text) ?? []
  const port = Number(digits)
  if (digits === '' || port > 65535) {
    throw new UsageError({
      en: `cannot listen on ${JSON.stringify(text)}: write /path.sock, host:port, [::1]:port or :port`,
      zh: `无法监听 ${JSON.stringify(text)}：请写成 /path.sock、host:port、[::1]:port 或 :port`,
    })
  }
  return { host: bracketed ?? (plain || '127.0.0.1'), port }
}

/** The address as a person would write it. */
export function formatListenAddress(address: ListenAddress): string {
  if ('fd' in address) return `fd ${address.fd}`
  if ('path' in address) return address.path
  return `${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`
}

import type { IncomingMessage, ServerResponse } from 'node:http'

/** Bytes that a request may have: the largest file, and the form round it. */
export const MOST_BYTES = 11 * 1024 * 1024

/** The body, up to one chunk more than it may have; undefined when the caller is gone, or is none that may call. */
export async function receive(request: IncomingMessage, response: ServerResponse) {
  // A page of the internet whose name was made to point here (DNS rebinding) is told by its name.
  const host = request.headers.host ?? ''
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host) || !URL.canParse(request.url ?? '', `http://${host}`)) {
    response.writeHead(403).end()
    return undefined
  }
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length <= MOST_BYTES + chunk.length) chunks.push(chunk)
    }
  } catch {
    return undefined
  }
  return { body: Buffer.concat(chunks), target: new URL(request.url ?? '', `http://${host}`) }
}

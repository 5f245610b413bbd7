import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { FakeApi } from '../api/fake-api.ts'
import { answer, answerJson, PhoneError } from './answer.ts'

/**
 * Keeps what the page sends where the responder can fetch it, and answers with its media id.
 *
 * @throws {PhoneError} when it is neither picture nor voice nor video
 */
export function keepMedia(
  api: FakeApi,
  response: ServerResponse,
  type: string,
  contentType: string,
  bytes: Buffer,
): void {
  if (type !== 'image' && type !== 'voice' && type !== 'video') {
    throw new PhoneError({ en: `no medium ${type}`, zh: `没有素材类型 ${type}` })
  }
  const mediaId = api.addMedia({ type, fileName: type, contentType, bytes })
  answerJson(response, 200, { mediaId, md5: createHash('md5').update(bytes).digest('hex') })
}

/** What is held under a media id, or a drawing in its place. */
export function serveMedia(api: FakeApi, response: ServerResponse, mediaId: string): void {
  const medium = api.media(mediaId)
  if (!medium) answer(response, 200, 'image/svg+xml', NO_PICTURE, INERT)
  else answer(response, 200, HARMLESS.test(medium.contentType) ? medium.contentType : UNKNOWN, medium.bytes, INERT)
}

const HARMLESS = /^(image\/(jpeg|png|gif|bmp|webp)|audio\/[\w.+-]+|video\/[\w.+-]+)(;|$)/
const UNKNOWN = 'application/octet-stream'

/** Whatever it is, it runs no script. */
const INERT = { 'Content-Security-Policy': "default-src 'none'; sandbox" }

const NO_PICTURE = [
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 120" width="160" height="120">',
  '<rect width="160" height="120" fill="#dcdfe4"/>',
  '<path d="M50 82l20-24 14 15 10-12 18 21zM96 46a5 5 0 1 0 .1 0z" fill="#9aa3ad"/></svg>',
].join('')

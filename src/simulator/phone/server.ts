import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WeixinError } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import { answer, answerJson, bodyOf, PhoneError, refuse } from './answer.ts'
import { createAudience } from './audience.ts'
import { type CommandOptions, serveCommand, serveFixture } from './exports.ts'
import { askedFor, pictureAskedFor } from './guard.ts'
import { keepMedia, serveMedia } from './media.ts'
import type { PageFile } from './page.ts'
import { readDetails } from './read-json.ts'
import { createSession, type SessionOptions } from './session.ts'

/** Everything behind the page, and the page itself. */
export interface PhoneOptions extends SessionOptions, CommandOptions {
  /** The built page, by name. */
  readonly page: ReadonlyMap<string, PageFile>
  readonly log: Logger
  readonly random: (size: number) => Buffer
}

/** A phone in the browser that is being served. */
export interface Phone {
  /** With the key that every request has to have. */
  readonly url: string
  /** Ends with every open page. */
  close(): Promise<void>
}

const LOOPBACK = '127.0.0.1'
const JSON_LIMIT = 4 * 1024 * 1024
const MEDIA_LIMIT = 20 * 1024 * 1024

/** Serves the phone on the loopback interface, at any free port, to nobody who does not know its address. */
export async function startPhone(options: PhoneOptions): Promise<Phone> {
  const { api, page, log, random } = options
  const key = random(24).toString('base64url')
  const audience = createAudience()
  const server = createServer((request, response) => {
    serve(request, response).catch(error => answerError(error, response, log))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: LOOPBACK, port: 0 }, resolve)
  })
  const { port } = server.address() as AddressInfo
  const origin = `http://${LOOPBACK}:${port}`
  const guard = { key, port, pictureKey: (id: string) => createHmac('sha256', key).update(id).digest('base64url') }
  const picture = (mediaId: string) => `${origin}/${guard.pictureKey(mediaId)}/picture/${mediaId}`
  const session = createSession(options, audience, key, picture)

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = askedFor(request, guard)
    const mediaId = pictureAskedFor(request, guard)
    if (path !== undefined) return request.method === 'POST' ? take(request, response, path) : show(response, path)
    if (mediaId !== undefined) serveMedia(api, response, mediaId)
    else refuse(response, 403, { en: 'the address lacks its key', zh: '地址缺少密钥' })
  }

  function show(response: ServerResponse, path: string): void {
    const [what = '', ...rest] = path.split('/')
    const file = page.get(path === '' ? 'index.html' : path)
    if (file) answer(response, 200, file.type, file.bytes)
    else if (what === 'events') audience.join(response, session.snapshot())
    else if (what === 'media') serveMedia(api, response, rest.join('/'))
    else if (what === 'copy') serveCommand(options, response, rest)
    else if (what === 'fixture') serveFixture(options, response, rest.join('/'))
    else refuse(response, 404, { en: 'there is no such page', zh: '没有这个页面' })
  }

  async function take(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const [what, name = ''] = path.split('/')
    const type = request.headers['content-type'] ?? ''
    if (what === 'media') return keepMedia(api, response, name, type, await bodyOf(request, MEDIA_LIMIT))
    const action = what === 'do' && Object.hasOwn(session.actions, name) ? session.actions[name] : undefined
    if (!action || type !== 'application/json') {
      throw new PhoneError({ en: `no action ${name}`, zh: `没有操作 ${name}` })
    }
    answerJson(response, 200, action(readDetails(await bodyOf(request, JSON_LIMIT))))
  }

  return {
    url: `${origin}/${key}/`,
    close() {
      session.end()
      audience.leave()
      return new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

function answerError(error: unknown, response: ServerResponse, log: Logger): void {
  const expected = error instanceof WeixinError
  if (!expected) log.error('what the page asked for failed', { reason: String(error) })
  if (response.headersSent) response.destroy()
  else refuse(response, expected ? 400 : 500, expected ? { en: error.message, zh: error.zh } : UNEXPECTED)
}

const UNEXPECTED = { en: 'something unexpected happened; the terminal says what', zh: '发生了意外错误；详见终端' }

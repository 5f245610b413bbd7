import type { Test } from 'tap'
import { type FakeApiOptions, startFakeApi } from '../../../src/simulator/api/server.ts'
import { ACCOUNT, NOW } from '../sample.ts'

/** A fake API that ends with the test, its time, and calls with an access token. */
export async function fakeApi(t: Test, options: Partial<FakeApiOptions> = {}) {
  const time = { now: NOW }
  const api = await startFakeApi({ account: ACCOUNT, now: () => time.now, ...options })
  t.teardown(() => api.close())

  async function call(target: string, init?: RequestInit) {
    const response = await fetch(api.url + target, { redirect: 'manual', ...init })
    const text = await response.text()
    return { response, text, answer: text.startsWith('{') ? JSON.parse(text) : undefined }
  }

  async function get(path: string, query: Readonly<Record<string, string>> = {}) {
    return (await call(`${path}?${new URLSearchParams(query)}`)).answer
  }

  async function post(path: string, body: unknown, query: Readonly<Record<string, string>> = {}) {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    return (await call(`${path}?${new URLSearchParams(query)}`, { method: 'POST', body: text })).answer
  }

  const client = { grant_type: 'client_credential', appid: ACCOUNT.appId, secret: ACCOUNT.appSecret }
  let token: string
  let fetched = Number.NEGATIVE_INFINITY
  /** Renewed when two hours have passed. */
  async function accessToken(): Promise<string> {
    if (time.now - fetched < 7_200_000) return token
    fetched = time.now
    token = (await get('/cgi-bin/token', client)).access_token
    return token
  }

  return {
    api,
    time,
    token: await accessToken(),
    call,
    get,
    post,
    /** With the access token. */
    asked: async (path: string, query: Readonly<Record<string, string>> = {}) =>
      get(path, { access_token: await accessToken(), ...query }),
    sent: async (path: string, body: unknown, query: Readonly<Record<string, string>> = {}) =>
      post(path, body, { access_token: await accessToken(), ...query }),
  }
}

/** A form with one file in it. */
export function upload(
  fileName: string,
  bytes: Uint8Array | string,
  fields: Readonly<Record<string, string>> = {},
): RequestInit {
  const body = new FormData()
  body.set('media', new Blob([bytes as string]), fileName)
  for (const [name, value] of Object.entries(fields)) body.set(name, value)
  return { method: 'POST', body }
}

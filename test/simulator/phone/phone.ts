import { randomBytes } from 'node:crypto'
import type http from 'node:http'
import path from 'node:path'
import type { Test } from 'tap'
import type { Bilingual } from '../../../src/errors.ts'
import { createLogger } from '../../../src/log.ts'
import { startFakeApi } from '../../../src/simulator/api/server.ts'
import type { Mode } from '../../../src/simulator/exchange.ts'
import { readPage } from '../../../src/simulator/phone/page.ts'
import { startPhone } from '../../../src/simulator/phone/server.ts'
import type { Changes, Snapshot } from '../../../src/simulator/phone/state.ts'
import { createPlatform } from '../../../src/simulator/platform.ts'
import { projectDirectory } from '../../project.ts'
import { ACCOUNT, type Arrived, reply, responder, says, virtualClock } from '../sample.ts'

type Answer = (response: http.ServerResponse, arrived: Arrived) => void

export interface PhoneSettings {
  /** What the responder answers, one after the other; it echoes if not given. */
  readonly answers?: readonly Answer[]
  readonly menu?: unknown
  readonly modes?: readonly Mode[]
}

/** A phone with everything behind it; it ends with the test. */
export async function phoneFor(t: Test, { answers = [echo], menu, modes }: PhoneSettings = {}) {
  const clock = virtualClock(Date.now())
  const behind = await responder(t, ...answers)
  const api = await startFakeApi({ account: ACCOUNT, strangers: true, ...(menu !== undefined && { menu }) })
  const platform = createPlatform({ target: { url: behind.url }, account: ACCOUNT, clock })
  const phone = await startPhone({
    platform,
    api,
    account: ACCOUNT,
    target: behind.url,
    modes: modes ?? ['plain', 'compatible', 'safe'],
    cgiEnvironment: { WEIXIN_AES_KEY: ACCOUNT.aesKey },
    page: readPage(path.join(projectDirectory, 'dist', 'phone')),
    log: createLogger(line => t.fail(line)),
    now: clock.now,
    random: randomBytes,
  })
  t.teardown(async () => {
    await phone.close()
    await api.close()
  })

  return {
    ...{ phone, api, platform, clock, behind },
    act: (action: string, details: object = {}) => act(phone.url, action, details),
    get: (path: string, init?: RequestInit) => fetch(phone.url + path, init),
    listen: () => listen(t, phone.url),
  }
}

/** What the page does when something is tapped. */
export async function act(url: string, action: string, details: object) {
  const response = await fetch(`${url}do/${action}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(details),
  })
  return { status: response.status, answer: (await response.json()) as { openid: string; reason: Bilingual } }
}

/** A page that listens: the snapshot it begins with, and whatever it is told. */
export async function listen(t: Test, url: string) {
  const stop = new AbortController()
  t.teardown(() => stop.abort())
  const response = await fetch(`${url}events`, { signal: stop.signal })
  const told = parts(response)
  const first = (await told.next()).value
  const seen: { name: string; value: unknown }[] = []
  return {
    type: response.headers.get('content-type'),
    snapshot: first?.value as Snapshot,
    /** The first change of this name that fits, of those that have come and those to come. */
    async until<Name extends keyof Changes>(
      name: Name,
      fits: (value: Changes[Name]) => boolean,
    ): Promise<Changes[Name]> {
      const found = seen.find(each => each.name === name && fits(each.value as Changes[Name]))
      if (found) return found.value as Changes[Name]
      for (;;) {
        const { value, done } = await told.next()
        if (done) throw new Error(`the stream ended before ${name} came`)
        seen.push(value)
        if (value.name === name && fits(value.value as Changes[Name])) return value.value as Changes[Name]
      }
    },
  }
}

async function* parts(response: Response): AsyncGenerator<{ name: string; value: unknown }> {
  let text = ''
  for await (const chunk of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    text += chunk
    const events = text.split('\n\n')
    text = events.pop() ?? ''
    for (const event of events) {
      const [, name = '', data = ''] = /event: (\w+)\ndata: (.*)/.exec(event) ?? []
      yield { name, value: JSON.parse(data) }
    }
  }
}

/** A text with the words of the follower, or the kind of message. */
export const echo: Answer = (response, arrived) => {
  const [, words] = /<(?:Content|EventKey)><!\[CDATA\[([\s\S]*?)\]\]>/.exec(arrived.body) ?? []
  // Without writeHead it gets a Content-Length, which the access check insists on.
  if (arrived.method === 'GET') response.end(arrived.url.searchParams.get('echostr'))
  else answering('text', `<Content><![CDATA[${words || 'ok'}]]></Content>`)(response, arrived)
}

/** A reply with these elements to whoever has written. */
export function answering(type: string, elements: string): Answer {
  return (response, { url }) => says(reply(type, elements, url.searchParams.get('openid') ?? ''))(response)
}

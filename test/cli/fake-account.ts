import path from 'node:path'
import type { Test } from 'tap'
import { platform, type Received, type Script } from '../client/platform.ts'
import { weixin } from './weixin.ts'

export const ACCESS_TOKEN = 'TOKEN-one-0123456789'

export interface FakeAccount {
  /** What `weixin` has to find in its environment. */
  readonly environment: Record<string, string>
  readonly received: readonly Received[]
  /** The bodies that came to `METHOD /path`. */
  bodiesOf(call: string): unknown[]
}

/** An account on a fake api.weixin.qq.com that answers by method and path, and keeps its state in `directory`. */
export async function fakeAccount(
  t: Test,
  directory: string,
  answers: Readonly<Record<string, Script>>,
): Promise<FakeAccount> {
  const all: Readonly<Record<string, Script>> = {
    'POST /cgi-bin/stable_token': `{"access_token":"${ACCESS_TOKEN}","expires_in":7200}`,
    ...answers,
  }
  const { url, received } = await platform(t, (response, call) => {
    const answer = all[`${call.method} ${call.path}`] ?? '{"errcode":-2,"errmsg":"unexpected call"}'
    if (typeof answer === 'function') answer(response, call)
    else response.end(answer)
  })
  return {
    received,
    environment: {
      WEIXIN_TOKEN: 't',
      WEIXIN_APP_ID: 'wx00d1e2f3a4b5c6d7',
      WEIXIN_APP_SECRET: 'SECRET-0123456789abcdef',
      WEIXIN_API_BASE: url,
      WEIXIN_STORE: `file:${path.join(directory, `state-${new URL(url).port}`)}`,
    },
    bodiesOf: call =>
      received
        .filter(({ method, path: called }) => `${method} ${called}` === call)
        .map(({ body }) => JSON.parse(body.toString())),
  }
}

/** The folder of its state, which whoever installs the web server makes. */
export function stateOf({ environment }: FakeAccount): string {
  return environment['WEIXIN_STORE']?.slice('file:'.length) ?? ''
}

/** The commands of `weixin` with such an account, and nothing kept from one to the next. */
export async function commands(t: Test, directory: string, answers: Readonly<Record<string, Script>>) {
  const account = await fakeAccount(t, directory, answers)
  const run = (...words: string[]) => weixin(directory, words, { ...account.environment, WEIXIN_STORE: 'memory:' })
  return { ...account, run }
}

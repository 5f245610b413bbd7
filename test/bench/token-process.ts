/*
 * What a cached access token costs, in microseconds: the first one in this process, as in CGI, and then one of many, as in
 * FastCGI. A handler that asks for it comes after a signature was checked and the store was asked for a kept answer.
 */
import { hash } from 'node:crypto'
import { createLogger } from '../../src/log.ts'
import { createFileStore } from '../../src/store/file.ts'
import { createTokenProvider } from '../../src/token/provider.ts'

const [, , directory = ''] = process.argv
const CALLS = 20_000

const store = createFileStore(directory, { now: Date.now, random: Math.random, uid: process.geteuid?.() })
const provider = createTokenProvider({
  appId: 'wxbe4c4be4c4be4c4b',
  secret: '0123456789abcdef0123456789abcdef',
  endpoint: { name: 'stable_token', fetch: async () => ({ value: 'benchAccessToken', lifetime: 7_200_000 }) },
  store,
  log: createLogger(line => process.stderr.write(`${line}\n`)),
  now: Date.now,
  random: Math.random,
})

async function timed(calls: number): Promise<number> {
  const begun = performance.now()
  for (let count = 0; count < calls; count++) await provider.get()
  return ((performance.now() - begun) * 1000) / calls
}

hash('sha256', 'a follower')
await store.get('kept|default|a follower')
process.stdout.write(JSON.stringify({ first: await timed(1), later: await timed(CALLS) }))

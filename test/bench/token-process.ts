/*
 * What a cached access token costs, in microseconds: the first one in this process, as in CGI, and then one of many, as in FastCGI.
 */
import { createLogger } from '../../src/log.ts'
import { createFileStore } from '../../src/store/file.ts'
import { createTokenProvider } from '../../src/token/provider.ts'

const [, , directory = ''] = process.argv
const CALLS = 20_000

const provider = createTokenProvider({
  appId: 'wxbe4c4be4c4be4c4b',
  secret: '0123456789abcdef0123456789abcdef',
  endpoint: { name: 'stable_token', fetch: async () => ({ value: 'benchAccessToken', lifetime: 7_200_000 }) },
  store: createFileStore(directory, { now: Date.now, random: Math.random, uid: process.geteuid?.() }),
  log: createLogger(line => process.stderr.write(`${line}\n`)),
  now: Date.now,
  random: Math.random,
})

async function timed(calls: number): Promise<number> {
  const begun = performance.now()
  for (let count = 0; count < calls; count++) await provider.get()
  return ((performance.now() - begun) * 1000) / calls
}

process.stdout.write(JSON.stringify({ first: await timed(1), later: await timed(CALLS) }))

/** One process that wants the token of an account: `node carrier.js OPTIONS`, prints the token. */
import fs from 'node:fs'
import { createLogger } from '../../src/log.ts'
import { createFileStore } from '../../src/store/file.ts'
import { stableToken } from '../../src/token/endpoints.ts'
import { createTokenProvider } from '../../src/token/provider.ts'
import { startSignal } from '../store/processes.ts'
import { directCall } from './direct-call.ts'

/** Where in its work a process is killed, or stopped. */
export type Moment = 'after the lease' | 'after the fetch' | 'before the rename' | 'after the rename'

export interface CarrierOptions {
  readonly directory: string
  readonly base: string
  readonly appId?: string
  readonly lease?: number
  /** The first process that comes to this moment is sent the signal. */
  readonly moment?: Moment
  readonly signal?: 'SIGKILL' | 'SIGSTOP'
  /** A file that the process makes that is sent it, so that it is one only. */
  readonly victim?: string
}

const options: CarrierOptions = JSON.parse(process.argv[2] ?? '{}')
const { directory, base, appId = 'wx0123456789abcdef', lease = 3000, moment, signal = 'SIGKILL', victim = '' } = options

let isFetched = false

function reach(reached: Moment): void {
  if (reached !== moment || fs.existsSync(victim)) return
  try {
    fs.writeFileSync(victim, String(process.pid), { flag: 'wx' })
  } catch {
    return
  }
  process.kill(process.pid, signal)
}

const files = {
  ...fs,
  renameSync(from: fs.PathLike, to: fs.PathLike) {
    if (isFetched) reach('before the rename')
    fs.renameSync(from, to)
    if (isFetched) reach('after the rename')
  },
}

const endpoint = stableToken(base, directCall)
const { get } = createTokenProvider({
  appId,
  secret: '0123456789abcdef0123456789abcdef',
  endpoint: {
    name: endpoint.name,
    async fetch(id, secret) {
      reach('after the lease')
      const token = await endpoint.fetch(id, secret)
      isFetched = true
      reach('after the fetch')
      return token
    },
  },
  store: createFileStore(directory, { now: Date.now, random: Math.random, uid: process.geteuid?.(), files }),
  log: createLogger(line => process.stdout.write(`${line}\n`), 'warn'),
  now: Date.now,
  random: Math.random,
  lease,
})

await startSignal()
try {
  process.stdout.write(`${(await get()).value}\n`)
} catch (error) {
  process.stdout.write(`${error}\n`)
}

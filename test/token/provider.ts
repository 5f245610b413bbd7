import fs from 'node:fs'
import path from 'node:path'
import type { Test } from 'tap'
import { createLogger } from '../../src/log.ts'
import { createFileStore, type FileStoreOptions } from '../../src/store/file.ts'
import { stableToken, type TokenEndpoint } from '../../src/token/endpoints.ts'
import { createTokenProvider } from '../../src/token/provider.ts'
import { scratch } from '../store/processes.ts'
import { directCall } from './direct-call.ts'

const SECRET = '0123456789abcdef0123456789abcdef'

/** A directory for a store, and its path for carriers. */
export function place(t: Test): string {
  return path.join(scratch(t), 'store')
}

interface Account extends Partial<FileStoreOptions> {
  readonly appId?: string
  readonly lines?: string[]
}

/** What a carrier does, in this process. */
export function provider(
  directory: string,
  base: string,
  { appId = 'wx0123456789abcdef', lines = [], ...more }: Account = {},
) {
  const { now = Date.now } = more
  const fileStore = createFileStore(directory, { now, random: Math.random, uid: process.geteuid?.(), ...more })
  const endpoint: TokenEndpoint = stableToken(base, directCall)
  const log = createLogger(line => lines.push(line), 'warn')
  return createTokenProvider({ appId, secret: SECRET, endpoint, store: fileStore, log, now, random: Math.random })
}

export function filesIn(directory: string): string[] {
  const names = fs.readdirSync(directory, { recursive: true, encoding: 'utf8' })
  return names.filter(name => fs.lstatSync(path.join(directory, name)).isFile())
}

import { createClient, ErrorReply } from '@redis/client'
import { redisError, StoreError } from './store-error.ts'
import type { Store } from './types.ts'

export interface RedisStoreOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Milliseconds that a call may take, connecting included; 1000 if not given. */
  readonly patience?: number
}

const PREFIX = 'weixin:'

const REPLACE = `
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
  return 1`
const REMOVE = `
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
  return redis.call('DEL', KEYS[1])`

/**
 * A store in a Redis server, for several machines. It connects with the first call, and again with the first call
 * after the connection was lost. A call that is not answered in time fails, and so do, at once, those of the next
 * second: a follower must not wait for a Redis that is away.
 *
 * @param url `redis://` or with TLS `rediss://`, then `[[user]:password@]host[:port][/database]`
 * @throws {StoreError} when the URL is not one
 */
export function createRedisStore(url: string, { now, patience = 1000 }: RedisStoreOptions): Store {
  const address = addressOf(url)
  let client: Client | undefined
  let connected: Promise<unknown> = Promise.resolve()
  let lateAt = Number.NEGATIVE_INFINITY

  async function send(...command: readonly string[]): Promise<unknown> {
    if (Math.abs(now() - lateAt) < patience) throw redisError(address, 'ETIMEDOUT')
    if (!client?.isOpen) {
      client = createConnection(url, patience)
      connected = client.connect()
    }
    const current = client
    try {
      return await within(
        patience,
        connected.then(() => current.sendCommand(command)),
      )
    } catch (error) {
      if (error instanceof ErrorReply) throw redisError(address, replyCode(error.message), error)
      if (error === LATE) lateAt = now()
      if (current.isOpen) current.destroy()
      throw redisError(address, error === LATE ? 'ETIMEDOUT' : codeOf(error), error)
    }
  }

  const set = (key: string, value: string, ttl: number, ...condition: string[]) =>
    send('SET', PREFIX + key, value, 'PX', String(Math.ceil(ttl)), ...condition)

  return {
    async get(key) {
      const value = await send('GET', PREFIX + key)
      return typeof value === 'string' ? value : undefined
    },
    async set(key, value, ttl) {
      await set(key, value, ttl)
    },
    add: async (key, value, ttl) => (await set(key, value, ttl, 'NX')) === 'OK',
    replace: async (key, expected, value, ttl) =>
      (await send('EVAL', REPLACE, '1', PREFIX + key, expected, value, String(Math.ceil(ttl)))) === 1,
    remove: async (key, expected) =>
      (await (expected === undefined
        ? send('DEL', PREFIX + key)
        : send('EVAL', REMOVE, '1', PREFIX + key, expected))) === 1,
    async close() {
      if (client?.isReady) await client.close()
      else if (client?.isOpen) client.destroy()
    },
  }
}

type Client = ReturnType<typeof createConnection>

/** One connection: when it is lost, the next call makes another, and nothing waits in a queue meanwhile. */
function createConnection(url: string, patience: number) {
  const client = createClient({
    url,
    // The older protocol: Redis 5 and what imitates it do not know the newer.
    RESP: 2,
    socket: { connectTimeout: patience, reconnectStrategy: false },
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled',
  })
  // Whoever is waiting for an answer gets the error; there is nobody else to tell.
  client.on('error', () => {})
  return client
}

/** Host and port, without the password. */
function addressOf(url: string): string {
  const { hostname, port, pathname } = parseUrl(url)
  if (!/^(\/\d*)?$/.test(pathname)) throw redisError(hostname, 'DATABASE')
  return `${hostname}:${port || 6379}`
}

function parseUrl(url: string): URL {
  try {
    return new URL(url)
  } catch {
    // Without a cause: the error of URL quotes the password.
    throw new StoreError('URL', {
      en: 'the URL of Redis cannot be read; write redis://:PASSWORD@HOST:6379/0, with % and 2 digits for / @ : ? # %',
      zh: '无法解析 Redis 网址；请写成 redis://:密码@主机:6379/0，密码中的 / @ : ? # % 要用 % 编码',
    })
  }
}

const LATE = new Error('late')

function within<T>(milliseconds: number, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(reject, milliseconds, LATE)
    answer.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/** The first word of an error that Redis answers with, or what it means where that word only says that it is one. */
function replyCode(message: string): string {
  if (message.startsWith('ERR DB index')) return 'DATABASE'
  if (/^ERR (AUTH|invalid password)/.test(message)) return 'WRONGPASS'
  return message.split(' ')[0] ?? ''
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'CLOSED'
}

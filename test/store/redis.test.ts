import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { createStoreLedger } from '../../src/store/ledger.ts'
import { createRedisStore, type RedisStoreOptions } from '../../src/store/redis.ts'
import { StoreError } from '../../src/store/store-error.ts'
import { contract, sharedContract } from './contract.ts'
import { ledgerContract, sharedLedgerContract } from './ledger-contract.ts'
import { scratch } from './processes.ts'
import { freePort, noRedis, startRedis } from './redis-server.ts'

const skip = noRedis()
const PASSWORD = 'p/w@1:2?3#4%5'

function connect(t: Test, url: string, options: Partial<RedisStoreOptions> = {}) {
  const store = createRedisStore(url, { now: Date.now, ...options })
  t.teardown(() => store.close())
  return store
}

t.test('the contract of every store', { skip }, async t => {
  const { port } = await startRedis(t)
  let database = 0
  async function open(t: Test) {
    const url = `redis://127.0.0.1:${port}/${database++ % 16}`
    const store = connect(t, url)
    // Redis has a clock of its own: entries are made to expire early instead.
    const control = net.connect(port, '127.0.0.1')
    t.teardown(() => control.destroy())
    const { pathname } = new URL(url)
    async function evaluate(script: string): Promise<void> {
      control.write(`SELECT ${pathname.slice(1)}\r\nEVAL "${script}" 0\r\n`)
      let answer = ''
      while (!answer.includes(':1\r\n')) answer += (await once(control, 'data'))[0]
    }
    await evaluate(`redis.call('FLUSHDB') return 1`)
    return {
      store,
      setting: url,
      advance: (milliseconds: number) =>
        evaluate(
          `for _, key in ipairs(redis.call('KEYS', '*')) do ` +
            `redis.call('PEXPIRE', key, redis.call('PTTL', key) - ${milliseconds}) end return 1`,
        ),
      async addExpired(key: string) {
        await store.set(key, 'expired', 60_000)
        await evaluate(`return redis.call('PEXPIRE', 'weixin:${key}', 0)`)
      },
    }
  }
  async function openLedger(t: Test) {
    const { store, setting, advance } = await open(t)
    return { ledger: createStoreLedger(store), other: createStoreLedger(connect(t, setting)), setting, advance }
  }
  contract(t, open)
  sharedContract(t, open)
  ledgerContract(t, openLedger)
  sharedLedgerContract(t, openLedger)
})

t.test('keys begin with weixin: and databases are apart', { skip }, async t => {
  const { port } = await startRedis(t)
  await connect(t, `redis://127.0.0.1:${port}/3`).set('key', 'x', 60_000)
  t.equal(await connect(t, `redis://127.0.0.1:${port}`).get('key'), undefined)
  t.equal(await connect(t, `redis://127.0.0.1:${port}/3`).get('key'), 'x')
  const keys = (database: string) => spawnSync('redis-cli', ['-p', `${port}`, '-n', database, 'KEYS', '*']).stdout
  t.equal(String(keys('3')), 'weixin:key\n')
  t.equal(String(keys('0')), '\n')
})

t.test('a password and a user are read from the URL, and a wrong one is not printed', { skip }, async t => {
  const { port } = await startRedis(t, [
    '--requirepass',
    PASSWORD,
    '--user',
    'cgi',
    'on',
    '>secret',
    '~weixin:*',
    '+@all',
  ])
  const encoded = encodeURIComponent(PASSWORD)
  const store = connect(t, `redis://:${encoded}@127.0.0.1:${port}`)
  await store.set('key', 'x', 60_000)
  t.equal(await connect(t, `redis://cgi:secret@127.0.0.1:${port}`).get('key'), 'x')
  for (const [url, code] of [
    [`redis://:wrong-one@127.0.0.1:${port}`, 'WRONGPASS'],
    [`redis://127.0.0.1:${port}`, 'NOAUTH'],
  ] as const) {
    const error: unknown = await connect(t, url)
      .get('key')
      .catch((error: unknown) => error)
    t.match(error, { name: 'StoreError', code })
    t.match(error instanceof StoreError && error.message, /user or password is wrong/)
    t.notMatch(error instanceof StoreError && error.message + error.zh, /wrong-one/)
  }
})

t.test('a database that there is not is an error that says so', { skip }, async t => {
  const { port } = await startRedis(t)
  const error: unknown = await connect(t, `redis://127.0.0.1:${port}/99`)
    .get('key')
    .catch((error: unknown) => error)
  t.match(error, { name: 'StoreError', code: 'DATABASE' })
  t.throws(() => connect(t, `redis://127.0.0.1:${port}/first`), { name: 'StoreError', code: 'DATABASE' })
})

t.test('a full Redis is an error, and what was there can still be read', { skip }, async t => {
  const { port } = await startRedis(t)
  const store = connect(t, `redis://127.0.0.1:${port}`)
  await store.set('key', 'x', 60_000)
  spawnSync('redis-cli', ['-p', `${port}`, 'CONFIG', 'SET', 'maxmemory', '1'])
  await t.rejects(store.set('key', 'y', 60_000), { name: 'StoreError', code: 'OOM' })
  t.equal(await store.get('key'), 'x')
})

t.test('rediss:// is TLS', { skip }, async t => {
  const directory = scratch(t)
  const certificate = [
    '-keyout',
    `${directory}/key.pem`,
    '-out',
    `${directory}/certificate.pem`,
    '-subj',
    '/CN=localhost',
  ]
  spawnSync('openssl', [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    ...certificate,
  ])
  const tlsPort = await freePort()
  await startRedis(t, [
    ...['--tls-port', `${tlsPort}`, '--tls-auth-clients', 'no'],
    ...['--tls-cert-file', `${directory}/certificate.pem`, '--tls-key-file', `${directory}/key.pem`],
  ])
  const error = await connect(t, `rediss://localhost:${tlsPort}`)
    .get('key')
    .catch((error: unknown) => error)
  t.match(error, { name: 'StoreError', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
  await t.rejects(connect(t, `redis://localhost:${tlsPort}`).get('key'), { name: 'StoreError' })
  const program = `
    const { openStore } = await import(${JSON.stringify(new URL('../../src/store/open.js', import.meta.url).href)})
    const store = await openStore('rediss://localhost:${tlsPort}', { baseDirectory: '/' })
    await store.set('key', 'through TLS', 60000)
    process.stdout.write(await store.get('key'))
    await store.close()`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    env: { NODE_EXTRA_CA_CERTS: `${directory}/certificate.pem` },
  })
  t.equal(String(stdout), 'through TLS')
})

t.test('a store connects again after Redis was restarted', { skip }, async t => {
  const first = await startRedis(t)
  const store = connect(t, `redis://127.0.0.1:${first.port}`)
  await store.set('key', 'x', 60_000)
  await first.kill()
  await t.rejects(store.get('key'), { name: 'StoreError' })
  await t.rejects(store.get('key'), { name: 'StoreError', code: 'ECONNREFUSED' })
  await startRedis(t, [], first.port)
  t.equal(await store.get('key'), undefined)
  t.equal(await store.add('key', 'y', 60_000), true)
})

t.test('a Redis that hangs makes calls fail in time, and then at once, until it is asked again', { skip }, async t => {
  const server = await startRedis(t)
  let now = 1_700_000_000_000
  const store = connect(t, `redis://127.0.0.1:${server.port}`, { patience: 50, now: () => now })
  await store.set('key', 'x', 60_000)
  server.signal('SIGSTOP')
  await t.rejects(Promise.all([store.get('key'), store.set('key', 'y', 60_000)]), { code: 'ETIMEDOUT' })
  server.signal('SIGCONT')
  await t.rejects(store.get('key'), { name: 'StoreError', code: 'ETIMEDOUT' })
  now += 51
  t.match(await store.get('key'), /[xy]/)
})

t.test('a server that never says anything makes a call fail in time', async t => {
  const silent = net.createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  t.teardown(() => silent.close())
  await t.rejects(connect(t, `redis://127.0.0.1:${port}`, { patience: 50 }).get('key'), { code: 'ETIMEDOUT' })
})

t.test('a server that is not Redis makes a call fail', async t => {
  const other = net.createServer(socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  t.teardown(() => other.close())
  await t.rejects(connect(t, `redis://127.0.0.1:${port}`).get('key'), { name: 'StoreError' })
})

t.test('nobody listening is an error that says where and what to do', async t => {
  const port = await freePort()
  const error: unknown = await connect(t, `redis://:secret@127.0.0.1:${port}`)
    .get('key')
    .catch((error: unknown) => error)
  t.match(error, {
    name: 'StoreError',
    code: 'ECONNREFUSED',
    message: `cannot use Redis at 127.0.0.1:${port}: nobody listens there; start Redis or correct "store"`,
    zh: `无法使用 Redis（127.0.0.1:${port}）：该处无人监听；请启动 Redis 或修改 "store"`,
  })
})

t.test('a URL that cannot be read is refused without quoting it', async t => {
  try {
    connect(t, 'redis://:se/cret@host:port')
    t.fail('it was accepted')
  } catch (error) {
    t.match(error, { name: 'StoreError', code: 'URL', cause: undefined })
    t.notMatch(String(error), /cret/)
  }
})

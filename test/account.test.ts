import t from 'tap'
import { createAccount } from '../src/account.ts'
import { resolveConfig } from '../src/config/resolve.ts'

const APP_ID = 'wx00d1e2f3a4b5c6d7'
const AES_KEY = 'Zm9yZXN0UGF0aFdpdGhMYW50ZXJuc0FuZFJpdmVyc00'
const KEY = Buffer.from('forestPathWithLanternsAndRiversM')
const OLD_AES_KEY = 'A'.repeat(43)

const accountOf = (settings: object) =>
  createAccount('default', resolveConfig({ token: 'kapokTree2031', ...settings }, {}))

t.test('with a Token alone it is an account in plain mode without credentials', async t => {
  t.strictSame(accountOf({}), { name: 'default', mode: 'plain', tokens: ['kapokTree2031'] })
  t.strictSame(accountOf({ appId: APP_ID }), { name: 'default', mode: 'plain', tokens: ['kapokTree2031'] })
  t.strictSame(accountOf({ aesKey: AES_KEY, mode: 'plain' }), {
    name: 'default',
    mode: 'plain',
    tokens: ['kapokTree2031'],
  })
})

t.test('an EncodingAESKey and an AppID open encrypted messages', async t => {
  const credentials = { tokens: ['kapokTree2031'], aesKeys: [KEY], appId: APP_ID }
  const settings = { appId: APP_ID, aesKey: AES_KEY }
  t.strictSame(accountOf(settings), { name: 'default', mode: 'compatible', tokens: ['kapokTree2031'], credentials })
  t.match(accountOf({ ...settings, mode: 'safe' }), { mode: 'safe', credentials })
  t.match(accountOf({ ...settings, mode: 'plain' }), { mode: 'plain', credentials })
})

t.test('the Token and the key of before come second', async t => {
  const account = accountOf({ appId: APP_ID, aesKey: AES_KEY, previousToken: 'birch', previousAesKey: OLD_AES_KEY })
  t.strictSame(account, {
    name: 'default',
    mode: 'compatible',
    tokens: ['kapokTree2031', 'birch'],
    credentials: { tokens: ['kapokTree2031', 'birch'], aesKeys: [KEY, Buffer.alloc(32)], appId: APP_ID },
  })
})

t.test('a key that is none is refused', async t => {
  const config = resolveConfig({ token: 'kapokTree2031', appId: APP_ID, aesKey: AES_KEY }, {})
  t.throws(() => createAccount('default', { ...config, aesKey: AES_KEY.slice(1) }), {
    name: 'CryptoError',
    code: -40004,
  })
  t.throws(() => createAccount('default', { ...config, previousAesKey: 'x' }), { name: 'CryptoError', code: -40004 })
})

t.test('the original id is kept for the cross-check', async t => {
  t.match(accountOf({ originalId: 'gh_a0b1c2d3e4f5' }), { originalId: 'gh_a0b1c2d3e4f5' })
})

import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { loadConfig } from '../../../src/config/load.ts'
import { ConfigError } from '../../../src/errors.ts'
import { promise, type Target } from '../target.ts'

const SECRET = 'SECRET0123456789abcdef0123456789'
const KEY = 'Zm9yZXN0UGF0aFdpdGhMYW50ZXJuc0FuZFJpdmVyc00'
const FULL = {
  ...{ token: 'kapokTree2031', previousToken: 'birch', appId: 'wx00d1e2f3a4b5c6d7', appSecret: SECRET, aesKey: KEY },
  ...{ mode: 'safe', originalId: 'gh_a0b1c2d3e4f5', path: '/wx', rules: 'rules.json', store: 'file:var' },
  ...{
    apiBase: 'https://api.weixin.qq.com',
    proxy: `http://me:${SECRET}@127.0.0.1:1`,
    replayWindow: 300,
    deliveries: 3,
  },
  accounts: { shop: { token: 'second', path: '/shop' } },
}
const file = path.join(os.tmpdir(), `weixin-fuzz-${process.pid}.json`)
process.once('exit', () => fs.rmSync(file, { force: true }))

/** Configuration files: a configuration comes of them, or one line that says what is wrong and tells no secret. */
export const config: Target = {
  name: 'config',
  seeds: [FULL, { token: 't' }, { token: 't', rules: [{ when: 'message', reply: 'x' }] }].map(value =>
    Buffer.from(JSON.stringify(value, null, 2)),
  ),
  words: [
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    'null',
    'true',
    '0',
    '-1',
    '1e999',
    '"__proto__":',
    '"token":',
    '"mode":',
    '\ufeff',
  ]
    .concat([
      '"accounts":',
      '"aesKey":',
      '"store":"redis://x:y@z"',
      '"store":',
      '"file:"',
      '//',
      '/*',
      '\\u0000',
      '\\',
      '\n',
      '[[[[',
    ])
    .concat(['{"a":', '"path":"/"', '"listen":":0"', '"rules":', '"constructor"', '木']),
  async check(input) {
    fs.writeFileSync(file, input)
    try {
      const { token } = await loadConfig({ WEIXIN_CONFIG: file }, os.tmpdir())
      promise(typeof token === 'string' && token !== '', 'a Token')
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      for (const sentence of [error.message, error.zh]) {
        promise(!/[\n\r]/.test(sentence), `one line: ${sentence}`)
        promise(sentence.length < 2000, 'a line that can be read')
        // As the name of a key it is not known to be a secret.
        const asKey = new RegExp(`"[^"]*(?:${SECRET}|${KEY})[^"]*"\\s*:`).test(input.toString())
        promise(asKey || !(sentence.includes(SECRET) || sentence.includes(KEY)), `no secret: ${sentence}`)
      }
    }
  },
}

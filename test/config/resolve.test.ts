import t from 'tap'
import { resolveConfig } from '../../src/config/resolve.ts'
import { settings } from '../../src/config/settings.ts'
import { ConfigError } from '../../src/errors.ts'

const AES_KEY = 'Zm9yZXN0UGF0aFdpdGhMYW50ZXJuc0FuZFJpdmVyc00'

function mistake(file: unknown, environment: Record<string, string> = {}): ConfigError {
  try {
    resolveConfig(file, environment)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('the configuration was accepted')
}

t.test('a Token is all that is needed, the rest has a default', async t => {
  t.strictSame(resolveConfig({ token: 'kapokTree2031' }, {}), {
    store: 'file:var',
    apiBase: 'https://api.weixin.qq.com',
    replayWindow: 300,
    deliveries: 3,
    answerWithin: 4500,
    handlerLimit: 60,
    keepAnswers: 86_400,
    customerService: 'on',
    lint: 'off',
    log: 'text',
    logLevel: 'info',
    logContents: 'off',
    journal: 'off',
    journalDays: 30,
    journalMegabytes: 100,
    token: 'kapokTree2031',
    mode: 'plain',
    accounts: {},
  })
})

t.test('what is on or off may be true or false in the file', async t => {
  t.match(resolveConfig({ token: 't', journal: true, lint: true, customerService: false }, {}), {
    journal: 'on',
    lint: 'on',
    customerService: 'off',
  })
  t.equal(resolveConfig({ token: 't', journal: true }, { WEIXIN_JOURNAL: 'off' }).journal, 'off')
  t.throws(() => resolveConfig({ token: 't', journal: 'yes' }, {}), /^.*"journal" has a value .*: on or off$/)
  t.throws(() => resolveConfig({ token: true }, {}), /"token" has a value/)
})

t.test('what is a number may be one in the file, or its digits', async t => {
  const numbers = Object.entries(settings).filter(([, { number }]) => number)
  t.strictSame(
    numbers.map(([key]) => key),
    ['replayWindow', 'deliveries', 'answerWithin', 'handlerLimit', 'keepAnswers', 'journalDays', 'journalMegabytes'],
  )
  for (const [key] of numbers) {
    t.match(resolveConfig({ token: 't', [key]: 7 }, {}), { [key]: 7 })
    t.match(resolveConfig({ token: 't', [key]: '7' }, {}), { [key]: 7 })
  }
})

t.test('the environment overrides the file, and can stand alone', async t => {
  t.equal(resolveConfig({ token: 'fromFile' }, { WEIXIN_TOKEN: 'fromEnvironment' }).token, 'fromEnvironment')
  t.equal(resolveConfig(undefined, { WEIXIN_TOKEN: 't' }).token, 't')
  t.equal(resolveConfig({ token: 't' }, { WEIXIN_REPLAY_WINDOW: '60' }).replayWindow, 60)
})

t.test('with an EncodingAESKey the mode is compatible until it is said to be safe', async t => {
  const keys = { token: 't', appId: 'wx00d1e2f3a4b5c6d7', aesKey: AES_KEY }
  t.equal(resolveConfig(keys, {}).mode, 'compatible')
  t.equal(resolveConfig({ ...keys, mode: 'safe' }, {}).mode, 'safe')
})

t.test('every mistake is one line that names the key and what is permitted', async t => {
  t.equal(
    mistake({ token: '' }).message,
    '"token" is empty; permitted: 1 to 32 letters or digits (WeChat\'s console takes 3 to 32)',
  )
  t.match(mistake({ token: 'two words' }).message, /^"token" has a value that is not permitted; permitted: 1 to 32/)
  t.match(mistake({ token: 7 }).message, /^"token" has a value/)
  t.match(mistake({}, {}).message, /^"token" is missing; permitted: .*; or set WEIXIN_TOKEN$/)
  t.match(mistake(undefined, { WEIXIN_TOKEN: '' }).message, /^WEIXIN_TOKEN is empty; permitted: /)
  t.match(mistake({ token: 't', tokn: 'x' }).message, /^unknown key "tokn"; permitted: token, previousToken, appId, /)
  t.match(mistake({ token: 't', mode: 'secure' }).message, /^"mode" .* permitted: plain, compatible or safe$/)
  t.match(mistake({ token: 't', replayWindow: -1 }).message, /^"replayWindow" .* permitted: seconds from 0/)
  t.match(mistake({ token: 't', mode: 'safe' }).message, /^"mode" safe needs "aesKey" and "appId" as well/)
  t.match(mistake({ token: 't', aesKey: AES_KEY }).message, /^"mode" compatible needs "aesKey" and "appId"/)
  t.match(mistake(['token']).message, /^must hold one JSON object/)
  t.match(mistake({ token: 't', constructor: 'x' }).message, /^unknown key "constructor"/)
  t.match(mistake({ token: 't', tokn: 'x' }).message, /, journalMegabytes, accounts$/)
  t.match(mistake({ token: 't', ['x'.repeat(80)]: 1 }).message, /^unknown key "x{80}"; /)
  t.match(mistake({ token: 't', ['x'.repeat(81)]: 1 }).message, /^unknown key "x{80}…"; /)
})

t.test('EncodingAESKeys of 42 or 44 characters, or outside its alphabet, are refused', async t => {
  for (const aesKey of [AES_KEY.slice(1), `${AES_KEY}=`, AES_KEY.replace('Z', '-')]) {
    t.match(mistake({ token: 't', appId: 'wx00d1e2f3a4b5c6d7', aesKey }).message, /^"aesKey" has a value .* 43 char/)
  }
})

t.test('a mistake never shows the value, which may be a secret, and speaks Chinese as well', async t => {
  const error = mistake({ token: 'not a token but a secret' })
  t.notMatch(error.message, /secret/)
  t.equal(error.zh, '"token" 的值不正确；应为：1 到 32 个英文字母或数字（公众平台后台要求 3 到 32 个）')
})

t.test('further accounts have settings and a path of their own', async t => {
  const shop = { token: 'shop', appId: 'wx00d1e2f3a4b5c6d7', aesKey: AES_KEY }
  t.strictSame(
    resolveConfig({ token: 't', accounts: { shop, club: { token: 'club', path: '/wx/club' } } }, {}).accounts,
    {
      shop: { ...shop, mode: 'compatible', path: '/shop' },
      club: { token: 'club', mode: 'plain', path: '/wx/club' },
    },
  )
})

t.test('a mistake in an account names the account', async t => {
  const inAccounts = (accounts: unknown) => mistake({ token: 't', accounts }, { WEIXIN_TOKEN: 't' }).message
  t.match(inAccounts([]), /^"accounts" must hold one JSON object/)
  t.match(inAccounts({ shop: 'token' }), /^"accounts\.shop" must hold one JSON object/)
  t.match(inAccounts({ shop: {} }), /^"accounts\.shop\.token" is missing; permitted: 1 to 32/)
  t.notMatch(inAccounts({ shop: {} }), 'WEIXIN_TOKEN', 'which is for the account default')
  t.match(inAccounts({ shop: { token: 't', tokn: 'x' } }), /^unknown key "accounts\.shop\.tokn"; .*, rules$/)
  t.match(inAccounts({ shop: { token: '' } }), /^"accounts\.shop\.token" is empty; permitted: /)
  t.match(
    inAccounts({ shop: { token: 't', store: 'memory:' } }),
    /^unknown key "accounts\.shop\.store"; permitted: token, /,
  )
  t.match(
    inAccounts({ default: { token: 't' } }),
    /^"accounts\.default": an account's name is permitted 1 to 32 letters/,
  )
  t.match(inAccounts({ 'a/b': { token: 't' } }), /^"accounts\.a\/b": an account's name/)
  t.match(
    inAccounts({ shop: { token: 't' }, club: { token: 't', path: '/shop' } }),
    /^"accounts\.club" has the path \/shop of another account/,
  )
})

t.test('each account says which call gives its access token', async t => {
  const config = resolveConfig(
    { token: 't', accounts: { shop: { token: 's', tokenEndpoint: 'token' } } },
    { WEIXIN_TOKEN_ENDPOINT: 'stable_token' },
  )
  t.equal(config.tokenEndpoint, 'stable_token')
  t.equal(config.accounts['shop']?.tokenEndpoint, 'token')
  t.match(
    mistake({ token: 't', tokenEndpoint: 'classic' }).message,
    /^"tokenEndpoint" has .* permitted: stable_token, or/,
  )
})

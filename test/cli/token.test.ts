import fs from 'node:fs'
import t from 'tap'
import { ACCESS_TOKEN, fakeAccount, stateOf } from './fake-account.ts'
import { checkout, weixin } from './weixin.ts'

const directory = checkout(t)
const QUESTION = 'POST /cgi-bin/stable_token'

t.test('token shows source, age and remaining life, and the token itself only with --show', async t => {
  const account = await fakeAccount(t, directory, {})
  fs.mkdirSync(stateOf(account), { mode: 0o700 })
  const first = await weixin(directory, ['token'], account.environment)
  t.match(first, { code: 0, stderr: '' })
  t.match(
    first.stdout,
    /^source {5}WeChat \(stable_token\), just now\nage {8}0:00:0\d\nremaining {2}(2:00:00|1:59:5\d) /,
  )
  t.notMatch(first.stdout, ACCESS_TOKEN)
  const second = await weixin(directory, ['token', '--show', '--json'], account.environment)
  t.match(JSON.parse(second.stdout), { source: 'store', token: ACCESS_TOKEN })
  const chinese = await weixin(directory, ['token', '--lang', 'zh'], account.environment)
  t.match(chinese.stdout, /^来源 {2}存储中已保存的\n已用 {2}0:00:/)
  t.equal(account.bodiesOf(QUESTION).length, 1)
})

t.test('token --refresh asks WeChat again, and never forces a new one', async t => {
  const account = await fakeAccount(t, directory, {})
  fs.mkdirSync(stateOf(account), { mode: 0o700 })
  await weixin(directory, ['token'], account.environment)
  const { stdout } = await weixin(directory, ['token', '--refresh', '--json'], account.environment)
  t.match(JSON.parse(stdout), { source: 'wechat', remainingSeconds: 7200 })
  const questions = account.bodiesOf(QUESTION)
  t.equal(questions.length, 2)
  t.match(questions[1], { force_refresh: false })
})

t.test('token has no --serve, and says what to use', async t => {
  const { code, stderr } = await weixin(directory, ['token', '--serve'], { WEIXIN_TOKEN: 't' })
  t.equal(code, 2)
  t.match(stderr, /There is no --serve: .* set "store" to redis:/)
})

t.test('a refused AppSecret is one line in the reader’s language without the secret, and exit code 1', async t => {
  const account = await fakeAccount(t, directory, { [QUESTION]: '{"errcode":40125,"errmsg":"invalid appsecret"}' })
  fs.mkdirSync(stateOf(account), { mode: 0o700 })
  const { code, stdout, stderr } = await weixin(directory, ['token', '--lang', 'zh'], account.environment)
  t.equal(code, 1)
  t.equal(stdout, '')
  t.match(stderr, /^weixin: .*40125[^\n]*\n$/)
  t.match(stderr, /[\u4e00-\u9fff]/)
  t.notMatch(stderr, 'SECRET-')
})

t.test('without an AppSecret, or for an unknown account, the command says what is missing', async t => {
  const missing = await weixin(directory, ['token'], { WEIXIN_TOKEN: 't' })
  t.match(missing, { code: 2, stderr: /^weixin: the account default needs "appId" and "appSecret"/ })
  const unknown = await weixin(directory, ['token', '--account', 'shop'], { WEIXIN_TOKEN: 't' })
  t.match(unknown, { code: 2, stderr: 'weixin: there is no account shop in the configuration; permitted: default\n' })
})

t.test('--account names one of several accounts', async t => {
  const { environment, bodiesOf } = await fakeAccount(t, directory, {})
  const { WEIXIN_API_BASE: apiBase } = environment
  const shop = { token: 't', appId: 'wx11d1e2f3a4b5c6d7', appSecret: 'SECRET-of-the-shop' }
  const file = `${directory}/accounts.json`
  fs.writeFileSync(file, JSON.stringify({ token: 't', apiBase, store: 'memory:', accounts: { shop } }))
  const { code } = await weixin(directory, ['token', '--account', 'shop'], { WEIXIN_CONFIG: file })
  t.equal(code, 0)
  t.match(bodiesOf(QUESTION), [{ appid: 'wx11d1e2f3a4b5c6d7', secret: 'SECRET-of-the-shop' }])
})

const skip = process.geteuid?.() !== 0 && 'only root can give files away'

t.test('what root stores belongs to the owner of the folder', { skip }, async t => {
  const account = await fakeAccount(t, directory, {})
  const folder = stateOf(account)
  fs.mkdirSync(folder, { mode: 0o700 })
  fs.chownSync(folder, 33, 33)
  t.equal((await weixin(directory, ['token'], account.environment)).code, 0)
  const entries = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })
  t.ok(entries.length > 0)
  t.strictSame([...new Set(entries.map(name => fs.statSync(`${folder}/${name}`).uid))], [33])
})

t.test('root does not make the folder of the state, and says that nothing is kept', { skip }, async t => {
  const account = await fakeAccount(t, directory, {})
  const { code, stderr } = await weixin(directory, ['token'], account.environment)
  t.equal(code, 0)
  t.match(
    stderr,
    /^weixin: \S+ is not there; root does not make it, .*: nothing is kept\. Make it .* -o www-data \S+\n$/,
  )
  t.notOk(fs.existsSync(stateOf(account)))
})

t.test('the classic call gives the token where the configuration says so', async t => {
  const account = await fakeAccount(t, directory, {
    'GET /cgi-bin/token': `{"access_token":"${ACCESS_TOKEN}","expires_in":7200}`,
  })
  const environment = { ...account.environment, WEIXIN_STORE: 'memory:', WEIXIN_TOKEN_ENDPOINT: 'token' }
  const { code, stdout } = await weixin(directory, ['token'], environment)
  t.equal(code, 0)
  t.match(stdout, /^source {5}WeChat \(token\), just now\n/)
  t.match(account.received, [{ query: { grant_type: 'client_credential', appid: 'wx00d1e2f3a4b5c6d7' } }])
})

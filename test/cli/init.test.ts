import fs from 'node:fs'
import path from 'node:path'
import t, { type Test } from 'tap'
import { thisMachine } from '../../src/apache/machine.ts'
import { runInit } from '../../src/cli/init.ts'
import { newAesKey, newToken } from '../../src/cli/install/first-config.ts'
import type { Language } from '../../src/errors.ts'
import { fakeTerminal } from './fake-terminal.ts'

const APP_ID = 'wx5823bf96d3bd56c7'
const AES_KEY = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C'
const SECRET = '0123456789abcdef0123456789abcdef'

function folderWith(t: Test, config?: string, environment: Record<string, string> = {}) {
  const directory = t.testdir()
  const file = path.join(directory, 'weixin.config.json')
  if (config !== undefined) fs.writeFileSync(file, config)
  // Nobody's rights are at stake here, and nothing is handed over.
  const machine = { ...thisMachine({}), userId: 1000 }
  return {
    file,
    read: () => JSON.parse(fs.readFileSync(file, 'utf8')),
    async run(words: string[], answers?: readonly string[], language?: Language) {
      const terminal = { ...fakeTerminal(directory, answers, language), environment }
      const code = await runInit(words, terminal, machine)
      return { code, out: terminal.out.join('\n'), err: terminal.err.join('\n'), asked: terminal.asked }
    },
  }
}

/** Windows has no modes, and calls every file that may be written to 666. */
function modeOf(file: string): string {
  const mode = (fs.statSync(file).mode & 0o777).toString(8)
  return process.platform === 'win32' && mode === '666' ? '600' : mode
}

t.test('without anything it makes a Token for plain mode, and says what to enter', async t => {
  const { file, read, run } = folderWith(t)
  const { code, out } = await run([])
  t.equal(code, 0)
  const { token, ...others } = read()
  t.match(token, /^[0-9a-f]{24}$/)
  t.strictSame(others, { mode: 'plain' })
  t.equal(modeOf(file), '600')
  t.match(out, `  Token              ${token}\n  EncodingAESKey     press 随机生成\n  消息加解密方式     明文模式\n`)
})

t.test('with an AppID it makes a key as well, for safe mode', async t => {
  const { read, run } = folderWith(t)
  const { out } = await run(['--app-id', APP_ID])
  t.match(read(), { appId: APP_ID, mode: 'safe', token: /^[0-9a-f]{24}$/, aesKey: /^[A-Za-z0-9+/]{43}$/ })
  t.match(out, `  EncodingAESKey     ${read().aesKey}\n  消息加解密方式     安全模式（推荐）\n`)
})

t.test('what is made is random, and what WeChat takes', async t => {
  t.not(newToken(), newToken())
  t.not(newAesKey(), newAesKey())
  t.equal(Buffer.from(newAesKey(), 'base64').length, 32)
})

t.test('at a keyboard it asks, says why an answer is not permitted, and hides the AppSecret', async t => {
  const { read, run } = folderWith(t)
  const { err, out, asked } = await run(
    [],
    ['gh_a0b1c2d3e4f5', APP_ID, 'compatible', 'a', 'kapokTree', 'short', AES_KEY, SECRET],
  )
  t.strictSame(read(), { appId: APP_ID, mode: 'compatible', token: 'kapokTree', aesKey: AES_KEY, appSecret: SECRET })
  t.match(err, 'that is the original id (原始ID); the AppID begins with wx')
  t.match(err, 'it has 1 characters, and the console takes 3 to 32')
  t.match(err, 'it has 5 characters, and an EncodingAESKey has 43')
  t.match(asked.at(-1), /^\*AppSecret, not shown/)
  t.notMatch(out + err + asked.join(), SECRET)
})

t.test('what is there stays, with comments, order and line ends', async t => {
  const { file, run } = folderWith(
    t,
    `{\r\n  // ours\r\n  "store": "memory:",\r\n  "token": "kapokTree" // of May\r\n}\r\n`,
  )
  await run(['--app-id', APP_ID])
  t.equal(
    fs.readFileSync(file, 'utf8'),
    `{\r\n  "appId": "${APP_ID}",\r\n  "mode": "plain",\r\n  // ours\r\n  "store": "memory:",\r\n  "token": "kapokTree" // of May\r\n}\r\n`,
  )
  t.equal(modeOf(file), '600')
})

t.test('a value that is there is replaced only with consent, and the one of before stays valid', async t => {
  const before = JSON.stringify({ token: 'kapokTree', mode: 'plain' })
  const { file, read, run } = folderWith(t, before)
  await t.rejects(run(['--token', 'banyanTree']), { message: /^token: the file has another value; --yes replaces it/ })
  await t.rejects(run(['--token', 'banyanTree'], ['', '', '', 'n']), { message: /nothing has been changed$/ })
  t.equal(fs.readFileSync(file, 'utf8'), before)
  t.equal((await run(['--token', 'banyanTree', '--yes'])).code, 0)
  t.strictSame(read(), { token: 'banyanTree', mode: 'plain', previousToken: 'kapokTree' })
})

t.test('once more changes nothing', async t => {
  const { file, run } = folderWith(t)
  await run(['--app-id', APP_ID])
  const text = fs.readFileSync(file, 'utf8')
  t.match((await run([])).out, /weixin\.config\.json is complete already\./)
  t.equal(fs.readFileSync(file, 'utf8'), text)
})

t.test('the AppSecret comes from a file or the environment, and from the command with a warning', async t => {
  const one = folderWith(t)
  fs.writeFileSync(`${one.file}.secret`, `${SECRET}\n`)
  t.equal((await one.run(['--secret-from-file', `${one.file}.secret`])).err, '')
  t.equal(one.read().appSecret, SECRET)
  const two = folderWith(t, undefined, { WEIXIN_APP_SECRET: SECRET })
  await two.run([])
  t.equal(two.read().appSecret, SECRET)
  const three = folderWith(t)
  t.match(
    (await three.run(['--secret', SECRET])).err,
    /^Warning: --secret shows the AppSecret in the list of processes/,
  )
  await t.rejects(three.run(['--secret-from-file', '/nonexistent']), { message: 'cannot read /nonexistent: ENOENT' })
})

t.test('every flag that is wrong is named with the reason and without its value', async t => {
  const { file, run } = folderWith(t)
  const words = ['--app-id', 'gh_a0b1c2d3e4f5', '--token', 'two words', '--aes-key', AES_KEY.slice(1), '--mode', 'loud']
  await t.rejects(run(words), {
    message: [
      '--app-id: that is the original id (原始ID); the AppID begins with wx',
      '--mode: permitted: plain, compatible or safe',
      "--token: permitted: 1 to 32 letters or digits (WeChat's console takes 3 to 32)",
      '--aes-key: it has 42 characters, and an EncodingAESKey has 43',
    ].join('\n'),
    zh: /AppID 以 wx 开头/,
  })
  await t.rejects(run(['--mode', 'safe']), { message: 'mode safe needs the AppID: --app-id wx…' })
  t.notOk(fs.existsSync(file))
})

t.test('a lost character is suspected', async t => {
  const { run } = folderWith(t)
  t.match((await run(['--app-id', APP_ID.slice(0, -1)])).err, 'the AppID has 17 characters')
})

t.test('a file that is not JSON is left alone', async t => {
  const { file, run } = folderWith(t, '{ "token": "kapokTree"\n  "mode": "plain" }')
  await t.rejects(run([]), {
    message: /weixin\.config\.json:2: not JSON \(CommaExpected\); correct it or move it away/,
  })
  t.equal(fs.readFileSync(file, 'utf8'), '{ "token": "kapokTree"\n  "mode": "plain" }')
})

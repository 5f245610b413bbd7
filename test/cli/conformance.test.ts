import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { conformance } from '../../src/cli/conformance.ts'
import { freePort } from '../integration/deployment.ts'
import { projectDirectory } from '../project.ts'
import { plain, startResponder } from '../simulator/conformance/responder.ts'
import { fakeTerminal } from './fake-terminal.ts'
import { checkout, weixin } from './weixin.ts'

const directory = checkout(t)
const keys = {
  WEIXIN_TOKEN: 'kapokTree2031',
  WEIXIN_APP_ID: 'wx00d1e2f3a4b5c6d7',
  WEIXIN_AES_KEY: 'Zm9yZXN0UGF0aFdpdGhMYW50ZXJuc0FuZFJpdmVyc00',
}
const token = { WEIXIN_TOKEN: keys.WEIXIN_TOKEN }

t.test('conformance runs the script by pipe and tells every check in a table', async t => {
  const { code, stdout, stderr } = await weixin(directory, ['conformance', '--only', 'access', 'text-cdata'], token)
  t.equal(stderr, '')
  t.equal(code, 0)
  const lines = stdout.trimEnd().split('\n')
  t.match(lines[0], /^✓ {2}access-echo +must +\d+ ms +the access check gets its echostr back$/)
  t.match(lines.at(-3), /^✓ {2}text-cdata +must +\d+ ms +a text with ]]> passes unharmed$/)
  t.equal(lines.at(-1), '0 failed, 0 could be better, 14 passed, 0 not judged')
})

t.test('conformance gives the script the Token, AppID and key of the command line', async t => {
  const { WEIXIN_TOKEN, WEIXIN_APP_ID, WEIXIN_AES_KEY } = keys
  const settings = ['--token', WEIXIN_TOKEN, '--app-id', WEIXIN_APP_ID, '--aes-key', WEIXIN_AES_KEY, '--mode', 'safe']
  const { code, stdout } = await weixin(directory, ['conformance', '--only', 'mode', ...settings])
  t.equal(code, 0)
  t.match(stdout, '\n0 failed, 0 could be better, 4 passed, 1 not judged\n')
})

t.test('a must that fails makes the exit code 1, and the finding says what and why in both languages', async t => {
  const url = await startResponder(t, 'plain', () => ({ echo: echostr => plain(200, `"${echostr}"`) }))
  const words = ['conformance', url.href, '--only', 'access-exact,access-echo']
  const english = await weixin(directory, words, token)
  t.equal(english.code, 1)
  t.match(
    english.stdout,
    '\n✗ access-exact: nothing stands before or behind the echostr\n  bytes round the echostr: 22…22\n',
  )
  t.match(english.stdout, '\n1 failed, 0 could be better, 1 passed, 0 not judged\n')
  const chinese = await weixin(directory, [...words, '--lang', 'zh'], token)
  t.match(chinese.stdout, '\n✗ access-exact：echostr 前后没有多余的字节\n  echostr 前后的字节：22…22\n  原因：BOM')
})

t.test('a should that fails is told and leaves the exit code 0', async t => {
  const url = await startResponder(t, 'plain', () => ({ isFresh: () => true }))
  const { code, stdout } = await weixin(directory, ['conformance', url.href, '--only', 'forgery'], token)
  t.equal(code, 0)
  t.match(stdout, '\n! forgery-old: a timestamp of an hour ago is refused\n  it answers with a reply: “<xml>')
  t.match(stdout, '\n0 failed, 2 could be better, 3 passed, 0 not judged\n')
})

t.test('--json and --report tell the whole run', async t => {
  const url = await startResponder(t, 'compatible', () => ({ isFresh: () => true }))
  const file = path.join(t.testdir({ 'report.html': 'the last one' }), 'report.html')
  const words = ['conformance', url.href, '--messages', '7', '--json', '--report', file]
  const { code, stdout } = await weixin(directory, words, keys)
  t.equal(code, 0)
  const told = JSON.parse(stdout)
  t.match(told, { target: url.href, mode: 'compatible', failed: { must: 0, should: 2 }, skipped: 2 })
  t.equal(told.latency.milliseconds.length, 7)
  t.match(
    told.checks.find(({ name }: { name: string }) => name === 'forgery-old'),
    { group: 'forgery', severity: 'should', state: 'failed', title: { zh: '拒绝一小时以前的时间戳' }, requests: 1 },
  )
  const page = fs.readFileSync(file, 'utf8')
  t.equal(page.match(/<tr class=/g)?.length, told.checks.length)
  t.equal(page.match(/<circle /g)?.length, 7)
  t.notMatch(page, /<script|<link|<img|@import|url\(|src=/, 'it needs nothing else')
  t.notMatch(page, keys.WEIXIN_TOKEN)
  t.notMatch(page, keys.WEIXIN_AES_KEY)
})

t.test('--list tells names, severities and titles, and plays nothing', async t => {
  const { code, stdout } = await weixin(directory, ['conformance', '--list', '--lang', 'zh'])
  t.equal(code, 0)
  t.match(stdout, /^access-echo +必须 +接入校验原样返回 echostr\n/)
  const json = JSON.parse((await weixin(directory, ['conformance', '--list', '--json'])).stdout)
  for (const readme of ['README.md', 'README.zh-CN.md', 'CHANGELOG.md']) {
    t.match(fs.readFileSync(path.join(projectDirectory, readme), 'utf8'), `${json.length} `, `${readme} says how many`)
  }
  for (const { name, severity, title, why } of json) {
    t.match(name, /^[a-z]+(?:-[a-z]+)+$/)
    t.match(severity, /^(?:must|should)$/)
    for (const { en, zh } of [title, why]) t.ok(en.length > 10 && /\p{Script=Han}/u.test(zh), name)
  }
})

t.test('a URL that is not on this machine is refused without --yes', async t => {
  for (const url of ['https://wx.example.com/', 'http://10.0.0.7/', 'http://localhost.example.com/']) {
    const { code, stderr } = await weixin(directory, ['conformance', url], token)
    t.equal(code, 2)
    t.match(stderr, /^weixin: .* is not this machine: .*; --yes permits it/)
  }
})

t.test('nobody there is one line, and the exit code is 1', async t => {
  const url = `http://127.0.0.1:${await freePort()}/`
  const { code, stdout, stderr } = await weixin(directory, ['conformance', url], token)
  t.equal(code, 1)
  t.equal(stdout, '')
  t.equal(stderr, `weixin: ${url}: nobody listens there\n`)
})

t.test('what is wrong in the command is refused with the reason, and the exit code is 2', async t => {
  const refused = async (...words: string[]) => {
    const { code, stderr } = await weixin(directory, ['conformance', ...words], token)
    t.equal(code, 2)
    return stderr
  }
  t.match(await refused('--only', 'acces'), /^weixin: there is no check acces; groups: access, message, event, reply/)
  t.match(await refused('localhost'), /^weixin: localhost is not a URL; permitted: http:/)
  t.match(await refused('http://localhost/', 'access'), /^weixin: Usage: weixin conformance \[URL]/)
  t.match(await refused('http://'), /^weixin: http:\/\/ is not a URL/)
  t.match(await refused('--mode', 'secure'), /^weixin: --mode secure: plain, compatible or safe is permitted/)
  t.match(await refused('--mode', 'safe'), /needs .*app.?id/i)
  t.match(await refused('--timeout', '0'), /^weixin: --timeout 0: a number from 0.1 to 60 is permitted/)
  t.match(await refused('--messages', 'many'), /^weixin: --messages many: a number from 1 to 10000 is permitted/)
})

t.test('while it runs, one line is overwritten, and it is gone at the end', async t => {
  const url = await startResponder(t, 'plain')
  const line: string[] = []
  const code = await conformance.run([url.href, '--only', 'reply', '--token', keys.WEIXIN_TOKEN], {
    ...fakeTerminal(directory),
    overwrite: text => void line.push(text),
  })
  t.equal(code, 0)
  t.equal(line[0], 'conformance [........................] 0/9')
  t.match(line.at(-2), /^conformance \[#+\.*\] \d\/9$/)
  t.equal(line.at(-1), '')
})

import t from 'tap'
import { explain } from '../../src/doctor/explain.ts'

t.test('errcodes, our own reasons, statuses and messages are explained', async t => {
  for (const [words, en] of [
    ['40164', /^40164: .*whitelist/],
    ['-40001', /^-40001: the signature does not match/],
    ['-1', /^-1: the platform is busy/],
    ['replay', /the timestamp is too far from our clock/],
    ['503', /^HTTP 503: Apache does not get through/],
    ['302', /^HTTP 302: a redirect/],
    ['配置失败', /^the console could not verify the URL/],
    ['token验证失败', /^the console could not verify the URL/],
    ['该公众号提供的服务出现故障，请稍后再试', /delivered the message three times/],
    ['AH02454', /the service does not run/],
    ['(13)Permission denied: AH02454: FCGI: attempt to connect to Unix domain socket failed', /may not connect/],
    ["(2)No such file or directory: AH01241: exec of '/srv/weixin/cgi-bin/weixin' failed", /the interpreter .* CR LF/],
    ['AH01241', /Apache could not start the script/],
    ['End of script output before headers: weixin', /the script ended without an answer/],
    ["Invalid command 'RequestHeader', perhaps misspelled", /mod_headers is not loaded/],
    ['Error: listen EADDRINUSE: address already in use', /the service runs twice|somebody else has the port/],
  ] as const) {
    const [first] = explain(words)
    t.match(first?.what.en, en, words)
    t.match(first?.what.zh, /\p{Script=Han}/u, words)
    t.match(first?.todo.zh, /./, words)
  }
})

t.test('of what nobody knows nothing is said, and an unknown errcode is called so', async t => {
  t.strictSame(explain('the coffee is cold'), [])
  t.match(explain('123456')[0]?.what.en, /^123456: this code is not documented/)
})

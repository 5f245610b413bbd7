import t from 'tap'
import { commands } from '../fake-account.ts'
import { checkout } from '../weixin.ts'

const directory = checkout(t)

t.test('an answer without what the documentation promises is one line and exit code 1', async t => {
  const cases: readonly (readonly [words: readonly string[], call: string, field: string])[] = [
    [['quota', '/cgi-bin/menu/create'], 'POST /cgi-bin/openapi/quota/get', 'quota'],
    [['users'], 'GET /cgi-bin/user/get', 'total'],
    [['qrcode', 'booth'], 'POST /cgi-bin/qrcode/create', 'ticket'],
    [['menu', 'pull'], 'GET /cgi-bin/menu/get', 'menu'],
    [['media', 'get', 'm'], 'GET /cgi-bin/media/get', 'video_url'],
  ]
  for (const [words, call, field] of cases) {
    const { run } = await commands(t, directory, { [call]: '{"errcode":0}' })
    t.match(await run(...words), {
      code: 1,
      stdout: '',
      stderr: `weixin: ${call}: the answer has no "${field}"; look for a proxy or a wrong "apiBase" in between\n`,
    })
  }
  const { run } = await commands(t, directory, {
    'GET /cgi-bin/user/get': '{"total":1,"count":1,"data":{"openid":["o1"]},"next_openid":""}',
    'POST /cgi-bin/user/info/batchget': '{}',
  })
  t.match(await run('users'), { code: 1, stderr: /batchget: the answer has no "user_info_list"/ })
})

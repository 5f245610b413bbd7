import t from 'tap'
import type { Script } from '../client/platform.ts'
import { commands } from './fake-account.ts'
import { checkout } from './weixin.ts'

const directory = checkout(t)

const FOLLOWERS = {
  'GET /cgi-bin/user/get': ((response, { query }) =>
    response.end(
      query['next_openid'] === undefined
        ? '{"total":3,"count":2,"data":{"openid":["o1","o2"]},"next_openid":"o2"}'
        : '{"total":3,"count":1,"data":{"openid":["o3"]},"next_openid":""}',
    )) as Script,
  'POST /cgi-bin/user/info/batchget': ((response, { body }) => {
    const described = JSON.parse(body.toString()).user_list.map(({ openid }: { openid: string }) => ({
      subscribe: 1,
      openid,
      subscribe_time: 1893456000,
      remark: openid === 'o1' ? '木棉\u001b[31m' : '',
      tagid_list: [2, 101],
      subscribe_scene: 'ADD_SCENE_QR_CODE',
    }))
    response.end(JSON.stringify({ user_info_list: described }))
  }) as Script,
}

t.test('users lists followers in columns, also behind Chinese, and lets none of them command the terminal', async t => {
  const { run } = await commands(t, directory, FOLLOWERS)
  const { code, stdout, stderr } = await run('users')
  t.strictSame({ code, stderr }, { code: 0, stderr: '' })
  t.equal(
    stdout,
    [
      'OpenID  since       remark     tags   came by',
      'o1      2030-01-01  木棉 [31m  2,101  ADD_SCENE_QR_CODE',
      'o2      2030-01-01             2,101  ADD_SCENE_QR_CODE',
      'o3      2030-01-01             2,101  ADD_SCENE_QR_CODE',
      '',
    ].join('\n'),
  )
})

t.test('users --limit stops early and says how many there are; --ids asks for nothing more', async t => {
  const { run, received } = await commands(t, directory, FOLLOWERS)
  t.match(await run('users', '--limit', '1', '--ids'), { code: 0, stdout: 'o1\n', stderr: '1 / 3\n' })
  t.equal(received.length, 2)
  const { stdout } = await run('users', '--limit', '0', '--ids', '--json')
  t.strictSame(JSON.parse(stdout), { total: 3, openid: ['o1', 'o2', 'o3'] })
  t.match(await run('users', '--limit', 'many'), { code: 2, stderr: /^weixin: --limit many: / })
})

t.test('users ends where WeChat gives no next page, or the same again', async t => {
  for (const next of ['', ',"next_openid":"o1"']) {
    const { run } = await commands(t, directory, {
      'GET /cgi-bin/user/get': `{"total":2,"count":1,"data":{"openid":["o1"]}${next}}`,
    })
    t.match(await run('users', '--ids'), { code: 0, stdout: /^o1\n/ })
  }
})

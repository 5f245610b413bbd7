import t from 'tap'
import type { Script } from '../client/platform.ts'
import { fakeAccount } from './fake-account.ts'
import { checkout, weixin } from './weixin.ts'

const directory = checkout(t)

async function account(answers: Readonly<Record<string, Script>>) {
  const fake = await fakeAccount(t, directory, answers)
  const run = (...words: string[]) => weixin(directory, words, { ...fake.environment, WEIXIN_STORE: 'memory:' })
  return { ...fake, run }
}

const QUOTA = 'POST /cgi-bin/openapi/quota/get'

t.test('quota shows what is left of the calls that are named', async t => {
  const { run, bodiesOf } = await account({
    [QUOTA]: (response, { body }) =>
      response.end(
        body.includes('menu')
          ? '{"quota":{"daily_limit":1000,"used":3,"remain":997}}'
          : '{"errcode":76021,"errmsg":"cgi_path not found"}',
      ),
  })
  const paths = ['/cgi-bin/menu/create', '/cgi-bin/none']
  const { code, stdout, stderr } = await run('quota', ...paths)
  t.strictSame({ code, stderr }, { code: 0, stderr: '' })
  t.equal(
    stdout,
    [
      'path                  a day  used  left',
      '/cgi-bin/menu/create  1000   3     997',
      '/cgi-bin/none         -      -     - (76021)',
      '',
    ].join('\n'),
  )
  t.strictSame(JSON.parse((await run('quota', ...paths, '--json')).stdout), [
    { path: '/cgi-bin/menu/create', daily_limit: 1000, used: 3, remain: 997 },
    { path: '/cgi-bin/none', errcode: 76021 },
  ])
  t.strictSame(bodiesOf(QUOTA)[0], { cgi_path: '/cgi-bin/menu/create' })
})

t.test('quota without a path asks once for each call that has a limit', async t => {
  const { run, bodiesOf } = await account({ [QUOTA]: '{"quota":{"daily_limit":9,"used":0,"remain":9}}' })
  const { code } = await run('quota')
  t.equal(code, 0)
  const asked = bodiesOf(QUOTA).map(body => (body as { cgi_path: string }).cgi_path)
  t.ok(asked.includes('/cgi-bin/message/custom/send'))
  t.notOk(asked.includes('/cgi-bin/token'))
  t.equal(new Set(asked).size, asked.length)
})

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
  const { run } = await account(FOLLOWERS)
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
  const { run, received } = await account(FOLLOWERS)
  t.match(await run('users', '--limit', '1', '--ids'), { code: 0, stdout: 'o1\n', stderr: '1 / 3\n' })
  t.equal(received.length, 2)
  const { stdout } = await run('users', '--limit', '0', '--ids', '--json')
  t.strictSame(JSON.parse(stdout), { total: 3, openid: ['o1', 'o2', 'o3'] })
  t.match(await run('users', '--limit', 'many'), { code: 2, stderr: /^weixin: --limit many: / })
})

const MAKE = 'POST /cgi-bin/qrcode/create'

t.test('qrcode makes temporary and permanent codes and shows where the picture is', async t => {
  const { run, bodiesOf } = await account({
    [MAKE]: (response, { body }) =>
      response.end(
        body.includes('LIMIT')
          ? '{"ticket":"T/2=","url":"http://weixin.qq.com/q/2"}'
          : '{"ticket":"T/1=","expire_seconds":604800,"url":"http://weixin.qq.com/q/1"}',
      ),
  })
  const temporary = await run('qrcode', 'booth-17', '--days', '7', '--json')
  t.match(JSON.parse(temporary.stdout), {
    scene: 'booth-17',
    ticket: 'T/1=',
    picture: 'https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=T%2F1%3D',
    expires: /^\d{4}-\d\d-\d\dT/,
  })
  const permanent = await run('qrcode', '展台', '--permanent')
  t.equal(
    permanent.stdout,
    [
      'picture      https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=T%2F2%3D',
      'content      http://weixin.qq.com/q/2',
      'works until  for ever',
      '',
    ].join('\n'),
  )
  t.strictSame(bodiesOf(MAKE), [
    { action_name: 'QR_STR_SCENE', action_info: { scene: { scene_str: 'booth-17' } }, expire_seconds: 604800 },
    { action_name: 'QR_LIMIT_STR_SCENE', action_info: { scene: { scene_str: '展台' } } },
  ])
})

t.test('qrcode refuses what WeChat would refuse before it is sent', async t => {
  const { run, received } = await account({})
  t.match(await run('qrcode', 'x'.repeat(65)), { code: 2, stderr: /scene_str is 65 characters; WeChat takes 1 to 64/ })
  t.match(await run('qrcode', 'booth', '--days', '31'), { code: 2, stderr: /^weixin: --days 31: 1 to 30 is permitted/ })
  t.match(await run('qrcode'), { code: 2, stderr: /^weixin: Usage: weixin qrcode SCENE/ })
  t.equal(received.length, 0)
})

t.test('an answer without what the documentation promises is one line and exit code 1', async t => {
  const cases: readonly (readonly [words: readonly string[], call: string, field: string])[] = [
    [['quota', '/cgi-bin/menu/create'], QUOTA, 'quota'],
    [['users'], 'GET /cgi-bin/user/get', 'total'],
    [['qrcode', 'booth'], 'POST /cgi-bin/qrcode/create', 'ticket'],
    [['menu', 'pull'], 'GET /cgi-bin/menu/get', 'menu'],
    [['media', 'get', 'm'], 'GET /cgi-bin/media/get', 'video_url'],
  ]
  for (const [words, call, field] of cases) {
    const { run } = await account({ [call]: '{"errcode":0}' })
    t.match(await run(...words), {
      code: 1,
      stdout: '',
      stderr: `weixin: ${call}: the answer has no "${field}"; look for a proxy or a wrong "apiBase" in between\n`,
    })
  }
  const { run } = await account({ ...FOLLOWERS, 'POST /cgi-bin/user/info/batchget': '{}' })
  t.match(await run('users'), { code: 1, stderr: /batchget: the answer has no "user_info_list"/ })
})

t.test('users ends where WeChat gives no next page, or the same again', async t => {
  for (const next of ['', ',"next_openid":"o1"']) {
    const { run } = await account({ 'GET /cgi-bin/user/get': `{"total":2,"count":1,"data":{"openid":["o1"]}${next}}` })
    t.match(await run('users', '--ids'), { code: 0, stdout: /^o1\n/ })
  }
})

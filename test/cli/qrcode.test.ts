import t from 'tap'
import { commands } from './fake-account.ts'
import { checkout } from './weixin.ts'

const directory = checkout(t)

const MAKE = 'POST /cgi-bin/qrcode/create'

t.test('qrcode makes temporary and permanent codes and shows where the picture is', async t => {
  const { run, bodiesOf } = await commands(t, directory, {
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
  const { run, received } = await commands(t, directory, {})
  t.match(await run('qrcode', 'x'.repeat(65)), { code: 2, stderr: /scene_str is 65 characters; WeChat takes 1 to 64/ })
  t.match(await run('qrcode', 'booth', '--days', '31'), { code: 2, stderr: /^weixin: --days 31: 1 to 30 is permitted/ })
  t.match(await run('qrcode'), { code: 2, stderr: /^weixin: Usage: weixin qrcode SCENE/ })
  t.equal(received.length, 0)
})

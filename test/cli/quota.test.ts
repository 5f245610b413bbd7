import t from 'tap'
import { commands } from './fake-account.ts'
import { checkout } from './weixin.ts'

const directory = checkout(t)

const QUOTA = 'POST /cgi-bin/openapi/quota/get'

t.test('quota shows what is left of the calls that are named', async t => {
  const { run, bodiesOf } = await commands(t, directory, {
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
  const { run, bodiesOf } = await commands(t, directory, { [QUOTA]: '{"quota":{"daily_limit":9,"used":0,"remain":9}}' })
  const { code } = await run('quota')
  t.equal(code, 0)
  const asked = bodiesOf(QUOTA).map(body => (body as { cgi_path: string }).cgi_path)
  t.ok(asked.includes('/cgi-bin/message/custom/send'))
  t.notOk(asked.includes('/cgi-bin/token'))
  t.equal(new Set(asked).size, asked.length)
})

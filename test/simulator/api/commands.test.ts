import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { checkout, weixin } from '../../cli/weixin.ts'
import { ACCOUNT, FAN } from '../sample.ts'
import { fakeApi } from './fake.ts'

t.test('the commands of weixin work against it through WEIXIN_API_BASE alone', async t => {
  const { api } = await fakeApi(t, { now: Date.now })
  const directory = checkout(t)
  const run = (...words: string[]) =>
    weixin(directory, words, {
      WEIXIN_TOKEN: 't',
      WEIXIN_APP_ID: ACCOUNT.appId,
      WEIXIN_APP_SECRET: ACCOUNT.appSecret,
      WEIXIN_API_BASE: api.url,
      WEIXIN_STORE: 'memory:',
    })
  const write = (name: string, content: string) => fs.writeFileSync(path.join(directory, name), content)
  api.noteAction({ openid: FAN, kind: 'event:subscribe', eventKey: 'qrscene_booth-17' })

  t.match(await run('token'), { code: 0, stdout: /WeChat \(stable_token\), just now/ })

  const button = [{ name: '今日歌曲', type: 'click', key: 'SONGS' }]
  const conditionalmenu = [{ button, matchrule: { client_platform_type: '1' } }]
  write('menu.json', JSON.stringify({ button, conditionalmenu }))
  t.match(await run('menu', 'push', 'menu.json', '--yes'), { code: 0, stderr: '' })
  t.match(await run('menu', 'diff', 'menu.json'), { code: 0, stdout: '' })
  t.match(JSON.parse((await run('menu', 'pull')).stdout), { button, conditionalmenu })
  t.match(api.menuFor(FAN), button)

  t.match(await run('users'), { code: 0, stdout: new RegExp(`${FAN} .*ADD_SCENE_QR_CODE`) })

  const { ticket } = JSON.parse((await run('qrcode', 'booth-18', '--json')).stdout)
  t.match(api.qrCodes, [{ ticket, scene: 'booth-18' }])

  write('photo.jpg', 'pixels')
  const { media_id } = JSON.parse((await run('media', 'upload', 'photo.jpg', '--json')).stdout)
  t.equal(api.media(media_id)?.bytes.toString(), 'pixels')
  t.match(await run('media', 'get', media_id, '--output', 'copy.jpg'), { code: 0 })
  t.equal(fs.readFileSync(path.join(directory, 'copy.jpg'), 'utf8'), 'pixels')

  t.match(await run('quota', '/cgi-bin/menu/create'), { code: 0, stdout: /\/cgi-bin\/menu\/create +1000 +1 +999/ })

  t.match(JSON.parse((await run('api', 'GET', '/cgi-bin/tags/get')).stdout), { tags: [{ id: 2, name: '星标组' }] })
  api.trouble({ trouble: 48001, path: '/cgi-bin/tags/' })
  t.match(await run('api', 'GET', '/cgi-bin/tags/get'), { code: 1, stderr: /48001/ })
})

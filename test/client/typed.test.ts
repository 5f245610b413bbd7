import t from 'tap'
import type { Client } from '../../src/client/client.ts'
import type { Download } from '../../src/client/download.ts'
import { same } from '../same.ts'
import { clientOf, OK, platform } from './platform.ts'

type Flat<T> = { [Name in keyof T]: T[Name] }

/** What tsc must accept here, and what it must refuse, is the test; nobody calls it. */
export async function describe(client: Client): Promise<unknown[]> {
  const follower = await client.user.info({ openid: 'o1', lang: 'en' })
  const scene: string | undefined = follower.subscribe_scene
  // @ts-expect-error: may be missing
  const remark: string = follower.remark
  // @ts-expect-error: no such field
  follower.nickname
  // @ts-expect-error: openid is missing
  await client.user.info({})
  // @ts-expect-error: parameters are missing
  await client.user.info()
  // @ts-expect-error: no such parameter
  await client.user.info({ openid: 'o1', language: 'en' })
  // @ts-expect-error: not one of the languages
  await client.user.info({ openid: 'o1', lang: 'fr' })

  await client.menu.get()
  await client.user.list()
  await client.menu.get({}, { timeout: 100 })
  await client.menu.create({ button: [{ name: 'a', type: 'view', url: 'https://x.example/' }] })
  // @ts-expect-error: a view has a url
  await client.menu.create({ button: [{ name: 'a', type: 'view', key: 'k' }] })
  // @ts-expect-error: a button that does something has nothing below it
  await client.menu.create({ button: [{ name: 'a', type: 'click', key: 'k', sub_button: [] }] })
  // @ts-expect-error: no such type
  await client.menu.create({ button: [{ name: 'a', type: 'clik', key: 'k' }] })
  // @ts-expect-error: no such call
  await client.menu.remove()

  await client.customMessage.send({ touser: 'o1', msgtype: 'image', image: { media_id: 'm1' } })
  // @ts-expect-error: a text has content
  await client.customMessage.send({ touser: 'o1', msgtype: 'text', image: { media_id: 'm1' } })
  // @ts-expect-error: not a type
  await client.customMessage.send({ touser: 'o1', msgtype: 'txt', text: { content: 'x' } })

  // What is ours is no parameter.
  await client.basic.clearQuota()
  // @ts-expect-error: the AppID is ours
  await client.basic.clearQuota({ appid: 'wx1' })
  // @ts-expect-error: so are the AppSecret and the grant_type
  await client.oauth.accessToken({ code: 'c', secret: 's', grant_type: 'authorization_code' })

  // @ts-expect-error: an id is a string
  await client.mass.get({ msg_id: 1 })
  const file = await client.media.get({ media_id: 'm1' })
  // @ts-expect-error: a file or an address
  file.video_url
  const address: string = 'video_url' in file ? file.video_url : file.contentType
  const nothing: undefined = await client.menu.delete()
  const answer: { tags: string[] } = await client.request('/cgi-bin/tags/get')
  return [scene, remark, address, nothing, answer]
}

type Result<Call extends (...args: never[]) => Promise<unknown>> = Awaited<ReturnType<Call>>

t.test('calls have the types of their tables', async t => {
  t.ok(
    same<
      Flat<Result<Client['basic']['getQuota']>>,
      {
        readonly quota: { readonly daily_limit: number; readonly used: number; readonly remain: number }
        readonly rate_limit?: { readonly call_count: number; readonly refresh_second: number }
        readonly component_rate_limit?: { readonly call_count: number; readonly refresh_second: number }
      }
    >(true),
  )
  t.ok(same<Result<Client['media']['getHighQuality']>, Download>(true))
  t.ok(same<Flat<Result<Client['template']['send']>>, { readonly msgid: string }>(true))
  t.ok(same<Result<Client['tag']['ofUser']>['tagid_list'], readonly number[]>(true))
  t.ok(
    same<
      Parameters<Client['template']['send']>[0]['data'],
      { readonly [name: string]: { readonly value: string; readonly color?: string } }
    >(true),
  )
  t.ok(
    same<
      Parameters<Client['qrcode']['create']>[0]['action_name'],
      'QR_SCENE' | 'QR_STR_SCENE' | 'QR_LIMIT_SCENE' | 'QR_LIMIT_STR_SCENE'
    >(true),
  )
})

t.test('a call without a result gives nothing', async t => {
  const { url } = await platform(t, OK)
  t.equal(await clientOf(t, url).menu.delete(), undefined)
})

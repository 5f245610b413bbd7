import t from 'tap'
import type { FollowerMessage } from '../../../../src/simulator/api/follower-message.ts'
import { FAN } from '../../sample.ts'
import { fakeApi } from '../fake.ts'

const SEND = '/cgi-bin/message/custom/send'

t.test('customer messages of every type reach the phone', async t => {
  const { api, sent } = await fakeApi(t)
  const heard: FollowerMessage[] = []
  api.onFollowerMessage((_, message) => heard.push(message))
  const image = { type: 'image', fileName: 'a.jpg', contentType: 'image/jpeg', bytes: Buffer.from('jpg') } as const
  const media_id = api.addMedia(image)
  t.match(api.media(media_id), image)
  const shown = async (msgtype: string, content: object) => {
    api.noteAction({ openid: FAN, kind: 'text' })
    const answer = await sent(SEND, { touser: FAN, msgtype, [msgtype]: content })
    return answer.errcode === 0 ? heard.pop() : answer.errcode
  }
  t.strictSame(await shown('text', { content: 'hi' }), { type: 'text', content: 'hi' })
  t.strictSame(await shown('image', { media_id }), { type: 'image', mediaId: media_id })
  t.strictSame(await shown('voice', { media_id }), { type: 'voice', mediaId: media_id })
  t.match(await shown('video', { media_id, title: 't' }), { type: 'video', title: 't' })
  const music = { musicurl: 'u', hqmusicurl: 'h', thumb_media_id: media_id }
  t.match(await shown('music', music), { type: 'music', url: 'u', hqUrl: 'h', thumbMediaId: media_id })
  const article = { title: 't', description: 'd', url: 'u', picurl: 'p' }
  t.match(await shown('news', { articles: [article] }), { type: 'news', articles: [{ title: 't', picUrl: 'p' }] })
  t.strictSame(await shown('msgmenu', { head_content: 'h', list: [{ id: 'a', content: '好' }], tail_content: 't' }), {
    type: 'menu',
    head: 'h',
    items: [{ id: 'a', content: '好' }],
    tail: 't',
  })
  const page = { title: 't', appid: 'wx1', pagepath: 'p', thumb_media_id: media_id }
  t.match(await shown('miniprogrampage', page), { type: 'miniprogram', appId: 'wx1', pagePath: 'p' })
  t.match(await shown('wxcard', { card_id: 'c' }), { type: 'card', kind: 'wxcard', id: 'c' })
  t.match(await shown('mpnewsarticle', { article_id: 'a' }), { type: 'card', kind: 'mpnewsarticle', id: 'a' })

  t.equal(await shown('hologram', {}), 40008)
  t.equal(await shown('text', { content: '' }), 44004)
  t.equal(await shown('text', { content: '木'.repeat(683) }), 45002)
  t.equal(await shown('image', { media_id: 'gone' }), 40007)
  t.equal(await shown('news', { articles: [article, article] }), 45008)
})

t.test('customer messages: whom, how many and how long', async t => {
  const { api, sent, time } = await fakeApi(t)
  const say = async (touser = FAN) => (await sent(SEND, { touser, msgtype: 'text', text: { content: 'x' } })).errcode
  const does = (kind: string) => api.noteAction({ openid: FAN, kind })
  t.equal(await say('oNobody'), 40003)
  does('event:VIEW')
  t.equal(await say(), 45015, 'opening a page permits nothing')
  does('event:CLICK')
  t.strictSame([await say(), await say(), await say(), await say()], [0, 0, 0, 45047])
  time.now += 60_000
  t.equal(await say(), 45015)
  does('text')
  time.now += 47 * 3_600_000
  t.strictSame([await say(), await say(), await say(), await say(), await say(), await say()], [0, 0, 0, 0, 0, 45047])
  does('text')
  time.now += 48 * 3_600_000
  t.equal(await say(), 45015)
  does('event:unsubscribe')
  t.equal(await say(), 43004)
  does('event:subscribe')
  t.equal(await say(), 0)
})

t.test('an OpenID that nobody has told of is a follower where strangers are welcome', async t => {
  const { sent } = await fakeApi(t, { strangers: true })
  const say = async (touser: string) => (await sent(SEND, { touser, msgtype: 'text', text: { content: 'x' } })).errcode
  t.equal(await say(FAN), 0)
  t.equal(await say('no OpenID'), 40003)
})

t.test('typing is shown within 30 s, and once', async t => {
  const { api, sent, time } = await fakeApi(t)
  const heard: unknown[] = []
  api.onFollowerMessage((_, message) => heard.push(message))
  const type = async (command: string) =>
    (await sent('/cgi-bin/message/custom/typing', { touser: FAN, command })).errcode
  api.noteAction({ openid: FAN, kind: 'text' })
  t.strictSame([await type('Typing'), await type('Typing'), await type('CancelTyping')], [0, 45081, 0])
  t.equal(await type('Dancing'), 45072)
  time.now += 30_001
  t.equal(await type('Typing'), 45080)
  t.strictSame(heard, [
    { type: 'typing', on: true },
    { type: 'typing', on: false },
  ])
})

import t from 'tap'
import { toCustomMessage } from '../../src/client/custom-message.ts'
import {
  image,
  music,
  news,
  none,
  text,
  transferBizAiIvr,
  transferCustomerService,
  video,
  voice,
} from '../../src/reply/build.ts'
import { clientOf, OK, platform } from './platform.ts'

t.test('every passive reply that says something can be sent as a customer-service message', async t => {
  const { url, received } = await platform(t, OK)
  const client = clientOf(t, url)
  const replies = [
    [
      text('木棉\n<a href="https://x.example/">x</a>'),
      '{"touser":"o1","msgtype":"text","text":{"content":"木棉\\n<a href=\\"https://x.example/\\">x</a>"}}',
    ],
    [image('m1'), '{"touser":"o1","msgtype":"image","image":{"media_id":"m1"}}'],
    [voice('m1'), '{"touser":"o1","msgtype":"voice","voice":{"media_id":"m1"}}'],
    [
      video('m1', { Title: 'a', Description: 'b' }),
      '{"touser":"o1","msgtype":"video","video":{"media_id":"m1","title":"a","description":"b"}}',
    ],
    [
      music('m1', { MusicUrl: 'https://x.example/a.mp3' }),
      '{"touser":"o1","msgtype":"music","music":{"musicurl":"https://x.example/a.mp3","hqmusicurl":"https://x.example/a.mp3","thumb_media_id":"m1"}}',
    ],
    [
      news([{ Title: 'a', Description: 'b', PicUrl: 'https://x.example/p.jpg', Url: 'https://x.example/' }]),
      '{"touser":"o1","msgtype":"news","news":{"articles":[{"title":"a","description":"b","url":"https://x.example/","picurl":"https://x.example/p.jpg"}]}}',
    ],
  ] as const
  for (const [reply, expected] of replies) {
    const message = toCustomMessage(reply, 'o1')
    if (!message) throw new Error(`nothing for ${reply.MsgType}`)
    await client.customMessage.send(message)
    t.equal(received.at(-1)?.body.toString(), expected)
  }
})

t.test('several articles, which such a message cannot have, become links', async t => {
  const reply = news([{ Title: 'a', Url: 'https://x.example/?q="1"' }, { Title: 'b' }])
  t.strictSame(toCustomMessage(reply, 'o1'), {
    touser: 'o1',
    msgtype: 'text',
    text: { content: '<a href="https://x.example/?q=%221%22">a</a>\nb' },
  })
})

t.test('a reply that says nothing to the follower is no message', async t => {
  for (const reply of [
    none,
    transferCustomerService(),
    transferBizAiIvr(),
    { MsgType: 'news', Articles: [] } as const,
  ]) {
    t.equal(toCustomMessage(reply, 'o1'), undefined)
  }
})

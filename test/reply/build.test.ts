import t from 'tap'
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

t.test('builders make replies under the names of the wire', async t => {
  t.strictSame(text('木棉'), { MsgType: 'text', Content: '木棉' })
  t.strictSame(image('m'), { MsgType: 'image', MediaId: 'm' })
  t.strictSame(voice('m'), { MsgType: 'voice', MediaId: 'm' })
  t.strictSame(video('m'), { MsgType: 'video', MediaId: 'm' })
  t.strictSame(video('m', { Title: 't' }), { MsgType: 'video', MediaId: 'm', Title: 't' })
  t.strictSame(music('m', { MusicUrl: 'https://a.example.org/1.mp3' }), {
    MsgType: 'music',
    ThumbMediaId: 'm',
    MusicUrl: 'https://a.example.org/1.mp3',
  })
  t.strictSame(news([{ Title: 't' }]), { MsgType: 'news', Articles: [{ Title: 't' }] })
  t.strictSame(transferCustomerService(), { MsgType: 'transfer_customer_service' })
  t.strictSame(transferCustomerService('anna@harbourclub'), {
    MsgType: 'transfer_customer_service',
    KfAccount: 'anna@harbourclub',
  })
  t.strictSame(transferBizAiIvr(), { MsgType: 'transfer_biz_ai_ivr' })
  t.strictSame(none, { MsgType: 'none' })
})

t.test('a text with nothing to read and news without articles are no reply', async t => {
  for (const nothing of ['', ' \n\t', '\u3000\ufeff', '\u0000\u001f', '\ud800', '\uffff']) {
    t.equal(text(nothing), none, JSON.stringify(nothing))
  }
  t.equal(news([]), none)
  t.strictSame(text(' \n.'), { MsgType: 'text', Content: ' \n.' })
})

t.test('limits are checked where the reply is built, and named in bytes', async t => {
  t.throws(() => image(''), {
    name: 'ReplyError',
    message: 'reply image: MediaId is empty; upload the material first',
    zh: 'reply image: MediaId 是空的；请先上传素材',
  })
  for (const blank of ['  ', '\n', '\u3000', '\u0001']) {
    t.throws(() => image(blank), { message: /^reply image: MediaId is empty/ }, JSON.stringify(blank))
  }
  t.throws(() => music(' '), { message: /^reply music: ThumbMediaId is empty/ })
  t.throws(() => transferCustomerService('  '), {
    message: 'reply transfer_customer_service: KfAccount is blank; leave it out',
  })
  t.throws(() => voice(''), { name: 'ReplyError' })
  t.throws(() => video(''), { name: 'ReplyError' })
  t.throws(() => music(''), { message: 'reply music: ThumbMediaId is empty; upload the material first' })
  t.equal(image('木'.repeat(85)).MediaId.length, 85, '255 bytes')
  t.equal(image('a'.repeat(256)).MediaId.length, 256)
  t.throws(() => image('木'.repeat(86)), { message: 'reply image: MediaId is 258 bytes; an id has at most 256' })
  t.throws(() => transferCustomerService('a'.repeat(257)), {
    message: 'reply transfer_customer_service: KfAccount is 257 bytes; an id has at most 256',
  })
  const articles = Array.from({ length: 9 }, () => ({ Title: 't' }))
  t.match(news(articles.slice(1)), { MsgType: 'news' })
  t.throws(() => news(articles), {
    message: "reply news: Articles: 9 articles; WeChat takes at most 8 in answer to an event, 1 to a user's message",
  })
})

t.test('a builder refuses what TypeScript would have refused', async t => {
  const untyped = { text, news, video } as unknown as Record<
    'text' | 'news' | 'video',
    (...values: unknown[]) => unknown
  >
  t.throws(() => untyped.text(5), { message: 'reply text: Content must be a string, not number' })
  t.throws(() => untyped.text(), { message: 'reply text: Content must be a string, not undefined' })
  t.throws(() => untyped.news('x'), { message: 'reply news: Articles must be an array of articles' })
  t.throws(() => untyped.news([null]), { message: 'reply news: Articles[0] must be an object' })
  t.throws(() => untyped.news([{ Title: 't' }, {}]), {
    message: 'reply news: Articles[1]: Title must be a string, not undefined',
  })
  t.throws(() => untyped.news([{ Title: 't', URL: 'x' }]), {
    message: 'reply news: Articles[0]: unknown field "URL"; permitted: Title, Description, PicUrl, Url',
  })
  t.throws(() => untyped.video('m', { ['x'.repeat(41)]: 't' }), {
    message: `reply video: unknown field "${'x'.repeat(40)}"; permitted: MediaId, Title, Description`,
  })
  t.throws(() => untyped.video('m', { title: 't' }), {
    message: 'reply video: unknown field "title"; permitted: MediaId, Title, Description',
  })
})

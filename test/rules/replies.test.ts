import t from 'tap'
import { incoming, incomingEvent, incomingText } from '../dispatch/incoming.ts'
import { answerTo } from './answering.ts'

const hi = incomingText('hi')
const reply = (written: unknown, message = hi) => answerTo([{ when: ['message', 'event'], reply: written }], message)
const toMessage = (written: unknown) => answerTo([{ when: 'message', reply: written }], hi)

t.test('words are a text', async t => {
  t.strictSame(await reply('你好'), { MsgType: 'text', Content: '你好' })
  t.strictSame(await reply({ text: 'a\nb <a href="https://example.com/">c</a>' }), {
    MsgType: 'text',
    Content: 'a\nb <a href="https://example.com/">c</a>',
  })
})

t.test('a template is one of templates/content, filled with the same variables', async t => {
  t.match(await reply({ template: 'help' }), { MsgType: 'text', Content: /^我会这些：/ })
  const welcome = (elements: string) => reply({ template: 'welcome' }, incomingEvent('subscribe', elements))
  t.match(await welcome('<EventKey>qrscene_booth-17</EventKey>'), { Content: /你扫的是“booth-17”的二维码。/ })
  t.match(await welcome(''), { Content: '你好，欢迎关注！\n回复“帮助”看看我会什么。' })
})

t.test('an image, a voice and a video are a MediaId, the video with a caption or without', async t => {
  t.strictSame(await reply({ image: 'MEDIA_ID' }), { MsgType: 'image', MediaId: 'MEDIA_ID' })
  t.strictSame(await reply({ voice: 'MEDIA_ID' }), { MsgType: 'voice', MediaId: 'MEDIA_ID' })
  t.strictSame(await reply({ video: 'MEDIA_ID' }), {
    MsgType: 'video',
    MediaId: 'MEDIA_ID',
    Title: '',
    Description: '',
  })
  t.strictSame(await reply({ video: { media: 'MEDIA_ID', title: 'a', description: 'b' } }), {
    MsgType: 'video',
    MediaId: 'MEDIA_ID',
    Title: 'a',
    Description: 'b',
  })
})

t.test('news are a link card, or in answer to an event several', async t => {
  const whole = { title: 'a', description: 'b', picture: 'https://example.com/c.jpg', url: 'http://example.com/d' }
  const Whole = { Title: 'a', Description: 'b', PicUrl: 'https://example.com/c.jpg', Url: 'http://example.com/d' }
  const Short = { Title: 'x', Description: '', PicUrl: '', Url: '' }
  t.strictSame(await reply({ news: whole }), { MsgType: 'news', Articles: [Whole] })
  t.strictSame(await reply({ news: [{ title: 'x' }] }), { MsgType: 'news', Articles: [Short] })
  const click = incomingEvent('CLICK', '<EventKey>about</EventKey>')
  t.strictSame(await answerTo([{ when: { menu: 'about' }, reply: { news: [whole, { title: 'x' }] } }], click), {
    MsgType: 'news',
    Articles: [Whole, Short],
  })
})

t.test('a message is transferred to any agent or to one', async t => {
  t.strictSame(await toMessage({ transfer: true }), { MsgType: 'transfer_customer_service' })
  t.strictSame(await toMessage({ transfer: 'anna@account' }), {
    MsgType: 'transfer_customer_service',
    KfAccount: 'anna@account',
  })
})

t.test('of several replies one is chosen at random', async t => {
  const replies = ['a', { text: 'b' }, { image: 'MEDIA_ID' }]
  const choose = (random: number) => answerTo([{ when: 'message', reply: replies }], hi, () => random)
  t.match(await choose(0), { Content: 'a' })
  t.match(await choose(0.333), { Content: 'a' })
  t.match(await choose(0.334), { Content: 'b' })
  t.match(await choose(0.667), { MediaId: 'MEDIA_ID' })
  t.match(await choose(0.999999), { MediaId: 'MEDIA_ID' })
})

t.test('a reply can be made of the message itself', async t => {
  const image = incoming('<MsgType>image</MsgType><PicUrl>p</PicUrl><MediaId>m1</MediaId>')
  t.strictSame(await answerTo([{ when: 'image', reply: { image: '{{MediaId}}' } }], image), {
    MsgType: 'image',
    MediaId: 'm1',
  })
})

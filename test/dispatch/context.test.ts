import t from 'tap'
import type { Client } from '../../src/client/client.ts'
import type { Pages } from '../../src/client/pages.ts'
import { Context } from '../../src/dispatch/context.ts'
import { createLogger } from '../../src/log.ts'
import { contextOf, incoming, incomingEvent, incomingText } from './incoming.ts'

const ctx = contextOf(incomingText('hi'))

t.test('a context has the message, who sent it, an empty match and the log', async t => {
  const lines: string[] = []
  const message = incomingText('hi')
  const context = new Context(
    message,
    createLogger(line => lines.push(line)),
  )
  t.equal(context.message, message)
  t.equal(context.from, 'oFan')
  t.strictSame(context.match, [])
  context.log.info('looked it up', { hits: 3 })
  t.strictSame(lines, ['weixin info: looked it up hits=3'])
})

t.test('scene is that of the QR code, without the prefix of subscribe', async t => {
  const sceneOf = (name: string, key: string) =>
    contextOf(incomingEvent(name, `<EventKey><![CDATA[${key}]]></EventKey>`)).scene
  t.equal(sceneOf('subscribe', 'qrscene_shop 7'), 'shop 7')
  t.equal(sceneOf('SCAN', '1000'), '1000')
  t.equal(sceneOf('subscribe', ''), undefined, 'found without a code')
  t.equal(sceneOf('CLICK', 'qrscene_7'), undefined)
  t.equal(ctx.scene, undefined)
})

t.test('there is a builder for every reply', async t => {
  t.strictSame(ctx.text('ok'), { MsgType: 'text', Content: 'ok' })
  t.strictSame(ctx.text(' \n'), { MsgType: 'none' })
  t.strictSame(ctx.image('mA'), { MsgType: 'image', MediaId: 'mA' })
  t.strictSame(ctx.voice('mB'), { MsgType: 'voice', MediaId: 'mB' })
  t.strictSame(ctx.video('mC'), { MsgType: 'video', MediaId: 'mC' })
  t.strictSame(ctx.video('mC', { Title: 't' }), { MsgType: 'video', MediaId: 'mC', Title: 't' })
  t.strictSame(ctx.music('mD', { MusicUrl: 'https://a.example.org/1.mp3' }), {
    MsgType: 'music',
    ThumbMediaId: 'mD',
    MusicUrl: 'https://a.example.org/1.mp3',
  })
  t.strictSame(ctx.news([{ Title: 't' }]), { MsgType: 'news', Articles: [{ Title: 't' }] })
  t.strictSame(ctx.transfer(), { MsgType: 'transfer_customer_service' })
  t.strictSame(ctx.transfer('anna@club'), { MsgType: 'transfer_customer_service', KfAccount: 'anna@club' })
  t.strictSame(ctx.transferBizAiIvr(), { MsgType: 'transfer_biz_ai_ivr' })
})

t.test('a builder refuses what WeChat would, where it is written down', async t => {
  t.throws(() => ctx.image(''), { name: 'ReplyError', message: /^reply image: MediaId is empty/ })
  t.throws(() => ctx.news(Array(9).fill({ Title: 't' })), { name: 'ReplyError', message: /9 articles/ })
})

t.test('render fills in the owner’s words as a text', async t => {
  t.strictSame(ctx.render('help'), {
    MsgType: 'text',
    Content: '我会这些：\n· 掷骰子，或 roll 20\n· 发图片、语音给我，我原样发回\n· 别的话，我照样重复一遍',
  })
  t.strictSame(ctx.render('welcome', { scene: 'A&B' }), {
    MsgType: 'text',
    Content: '你好，欢迎关注！\n你扫的是“A&B”的二维码。\n回复“帮助”看看我会什么。',
  })
  t.throws(() => ctx.render('wellcome'), { name: 'UsageError' })
})

t.test('the picture that a follower sent can be sent back', async t => {
  const message = incoming('<MsgType>image</MsgType><MediaId>mX</MediaId>')
  t.strictSame(message.kind === 'image' && contextOf(message).image(message.MediaId), {
    MsgType: 'image',
    MediaId: 'mX',
  })
})

t.test('account, client and signal are those that the message came with', async t => {
  const client = {} as Client
  const pages = {} as Pages
  const { signal } = new AbortController()
  const log = createLogger(() => {})
  const context = new Context(incomingText('hi'), log, { account: { name: 'shop' }, client, pages, signal })
  t.equal(context.account.name, 'shop')
  t.equal(context.client, client)
  t.equal(context.pages, pages)
  t.equal(context.signal, signal)
})

t.test('without them there is one account, no API, and nothing that is aborted', async t => {
  t.equal(ctx.account.name, 'default')
  t.equal(ctx.signal.aborted, false)
  t.throws(() => ctx.client, {
    name: 'UsageError',
    message: 'ctx.client: the account has no API without "appId" and "appSecret" in weixin.config.json',
    zh: /^ctx\.client：/,
  })
  t.throws(() => ctx.pages, { name: 'UsageError', message: /^ctx\.pages: the account has no API without/ })
})

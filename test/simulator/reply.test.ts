import t from 'tap'
import { readReply } from '../../src/simulator/reply.ts'
import { parseXml } from '../../src/xml/parse.ts'
import { ACCOUNT, FAN, reply } from './sample.ts'

const MESSAGE = { toUserName: ACCOUNT.userName, fromUserName: FAN, isEvent: false }
const EVENT = { ...MESSAGE, isEvent: true }

function read(xml: string, answered = MESSAGE) {
  return readReply(parseXml(Buffer.from(xml)).root, answered)
}

const item = '<item><Title>t</Title><Description>d</Description><PicUrl>p</PicUrl><Url>u</Url></item>'
const news = (count: number, items: number) =>
  reply('news', `<ArticleCount>${count}</ArticleCount><Articles>${item.repeat(items)}</Articles>`)

t.test('every type of reply becomes what the phone shows', async t => {
  t.strictSame(read(reply('text', '<Content><![CDATA[a <b> & 🌳]]></Content>')), {
    type: 'text',
    content: 'a <b> & 🌳',
  })
  t.strictSame(read(reply('image', '<Image><MediaId>m</MediaId></Image>')), { type: 'image', mediaId: 'm' })
  t.strictSame(read(reply('voice', '<Voice><MediaId>m</MediaId></Voice>')), { type: 'voice', mediaId: 'm' })
  t.strictSame(read(reply('video', '<Video><MediaId>m</MediaId><Title>t</Title><Description/></Video>')), {
    type: 'video',
    mediaId: 'm',
    title: 't',
  })
  t.strictSame(
    read(
      reply('music', '<Music><MusicUrl>u</MusicUrl><HQMusicUrl>h</HQMusicUrl><ThumbMediaId>m</ThumbMediaId></Music>'),
    ),
    { type: 'music', thumbMediaId: 'm', url: 'u', hqUrl: 'h' },
  )
  const article = { title: 't', description: 'd', picUrl: 'p', url: 'u' }
  t.strictSame(read(news(1, 1)), { type: 'news', articles: [article] })
  t.strictSame(read(news(2, 2), EVENT), { type: 'news', articles: [article, article] })
  t.strictSame(read(reply('transfer_customer_service', '')), { type: 'transfer' })
  t.strictSame(read(reply('transfer_customer_service', '<TransInfo><KfAccount>anna@club</KfAccount></TransInfo>')), {
    type: 'transfer',
    kfAccount: 'anna@club',
  })
  t.strictSame(read(reply('transfer_biz_ai_ivr', '')), { type: 'transfer', ai: true })
})

t.test('what WeChat refuses is refused with a reason in both languages', async t => {
  const refused = (xml: string, en: RegExp, zh: RegExp, answered = MESSAGE) =>
    t.throws(() => read(xml, answered), { name: 'RefusedResponse', message: en, zh })
  const content = '<Content>hi</Content>'
  refused(reply('text', content, ACCOUNT.userName, FAN), /those of the message; .* other way round/, /必须互换/)
  refused(reply('text', content, 'oSomebodyElse'), /ToUserName is "oSomebodyElse"/, /只能回复给发来消息的/)
  refused(reply('text', content, FAN, 'gh_other'), /FromUserName is "gh_other"/, /应为公众号/)
  refused(reply('text', ''), /^Content is missing/, /^缺少 Content/)
  refused(reply('text', '<Content></Content>'), /^Content is missing/, /^缺少 Content/)
  refused(reply('text', `<Content>${'木'.repeat(683)}</Content>`), /^Content is 2049 bytes; at most 2047/, /2049 字节/)
  refused(reply('text', '<Content><![CDATA[a\u0001]]></Content>'), /XML 1\.0 forbids/, /禁止的字符/)
  refused(reply('hologram', content), /MsgType is "hologram"; permitted: text, image, /, /MsgType 为 "hologram"/)
  refused(reply('image', ''), /^Image is missing/, /^缺少 Image/)
  refused(reply('image', '<Image><MediaId/></Image>'), /^Image\/MediaId is missing/, /^缺少 Image\/MediaId/)
  refused(reply('music', '<Music><Title>t</Title></Music>'), /^Music\/ThumbMediaId is missing/, /ThumbMediaId/)
  refused(news(2, 2), /^2 articles; exactly 1 may answer a message/, /回复用户消息只能有 1 条/)
  refused(news(9, 9), /^9 articles; 1 to 8/, /1 到 8 条/, EVENT)
  refused(news(0, 0), /^Articles is missing/, /Articles/)
  refused(news(1, 2), /^ArticleCount is "1", but there are 2/, /实际有 2 条/, EVENT)
  refused(reply('transfer_customer_service', ''), /an event cannot be handed over/, /事件不能转接/, EVENT)
  refused(reply('text', content).replace('1893456002', 'soon'), /^CreateTime is not a number/, /不是整数秒/)
  refused(
    reply('text', content).replace(/<CreateTime>.*<\/CreateTime>/, ''),
    /^CreateTime is missing/,
    /缺少 CreateTime/,
  )
  refused(
    reply('text', content).replace('<MsgType><![CDATA[text]]></MsgType>', ''),
    /^MsgType is missing/,
    /缺少 MsgType/,
  )
})

t.test('a text of 2047 bytes is taken', async t => {
  t.match(read(reply('text', `<Content>${'x'.repeat(2047)}</Content>`)), { type: 'text' })
})

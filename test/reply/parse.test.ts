import t from 'tap'
import { parseReply } from '../../src/reply/parse.ts'

/** A reply with the elements that all replies have. */
function reply(type: string, rest: string): string {
  return `<xml><ToUserName>o1</ToUserName><FromUserName>gh_1</FromUserName><CreateTime>1893456002</CreateTime><MsgType>${type}</MsgType>${rest}</xml>`
}

const ITEM = '<item><Title>t</Title><Description/><PicUrl/><Url/></item>'

t.test('success and the empty body are no reply', async t => {
  t.strictSame(parseReply('success'), { MsgType: 'none' })
  t.strictSame(parseReply(Buffer.from('success')), { MsgType: 'none' })
  t.strictSame(parseReply(''), { MsgType: 'none' })
})

t.test('a reply is read with or without CDATA, in any order, from a string or bytes', async t => {
  const expected = {
    MsgType: 'text',
    Content: 'a & b',
    ToUserName: 'o1',
    FromUserName: 'gh_1',
    CreateTime: '1893456002',
  }
  t.strictSame(parseReply(reply('<![CDATA[text]]>', '<Content><![CDATA[a & b]]></Content>')), expected)
  t.strictSame(parseReply(Buffer.from(reply('text', '<Content>a &amp; b</Content>'))), expected)
  t.strictSame(
    parseReply(
      '<xml><Content>a &amp; b</Content><MsgType>text</MsgType><CreateTime>1893456002</CreateTime><FromUserName>gh_1</FromUserName><ToUserName>o1</ToUserName></xml>',
    ),
    expected,
  )
})

t.test('a text may be 2047 bytes, and a message handed over to any agent', async t => {
  t.match(parseReply(reply('text', `<Content>${'a'.repeat(2047)}</Content>`)), { Content: 'a'.repeat(2047) })
  t.strictSame(parseReply(reply('transfer_customer_service', '')), {
    MsgType: 'transfer_customer_service',
    ToUserName: 'o1',
    FromUserName: 'gh_1',
    CreateTime: '1893456002',
  })
})

t.test('what WeChat would answer with an error line is refused', async t => {
  const refused = {
    'success in quotes': '"success"',
    'success in capitals': 'SUCCESS',
    'success with a line end': 'success\n',
    'success in XML': '<xml>success</xml>',
    JSON: '{"MsgType":"text"}',
    'a page': '<!DOCTYPE html><html></html>',
    'XML that ends early': reply('text', '<Content>x</Content>').slice(0, -3),
    'an unknown type': reply('txt', '<Content>x</Content>'),
    'a type of ours': reply('none', ''),
    'no type': reply('', '<Content>x</Content>'),
    'no Content': reply('text', ''),
    'an empty Content': reply('text', '<Content></Content>'),
    'a blank Content': reply('text', '<Content><![CDATA[ \n]]></Content>'),
    'two of Content': reply('text', '<Content>x</Content><Content>y</Content>'),
    'elements in Content': reply('text', '<Content><b>x</b></Content>'),
    '2048 bytes': reply('text', `<Content>${'a'.repeat(2048)}</Content>`),
    'no Image': reply('image', '<MediaId>m</MediaId>'),
    'an empty Image': reply('image', '<Image/>'),
    'an empty MediaId': reply('image', '<Image><MediaId/></Image>'),
    'another name': reply('image', '<Image><MediaID>m</MediaID></Image>'),
    'music without a picture': reply('music', '<Music><Title>t</Title></Music>'),
    'news without articles': reply('news', '<ArticleCount>0</ArticleCount><Articles></Articles>'),
    'a wrong ArticleCount': reply('news', `<ArticleCount>2</ArticleCount><Articles>${ITEM}</Articles>`),
    'no ArticleCount': reply('news', `<Articles>${ITEM}</Articles>`),
    'nine articles': reply('news', `<ArticleCount>9</ArticleCount><Articles>${ITEM.repeat(9)}</Articles>`),
    'an article without elements': reply('news', '<ArticleCount>1</ArticleCount><Articles><item/></Articles>'),
    'an empty TransInfo': reply('transfer_customer_service', '<TransInfo/>'),
    'no ToUserName': reply('text', '<Content>x</Content>').replace('<ToUserName>o1</ToUserName>', ''),
    'no FromUserName': reply('text', '<Content>x</Content>').replace('gh_1', ''),
    'CreateTime in milliseconds': reply('text', '<Content>x</Content>').replace('1893456002', '1893456002000'),
    'CreateTime that is no number': reply('text', '<Content>x</Content>').replace('1893456002', 'now'),
  }
  for (const [name, body] of Object.entries(refused)) t.throws(() => parseReply(body), { name: 'ReplyError' }, name)
})

t.test('an error says what is wrong in both languages', async t => {
  t.throws(() => parseReply('{}'), {
    message: /^WeChat would refuse this reply: it is neither XML nor success: /,
    zh: /^微信不会接受这个回复：既不是 XML 也不是 success：/,
  })
  t.throws(() => parseReply(reply('text', `<Content>${'木'.repeat(683)}</Content>`)), {
    message: 'WeChat would refuse this reply: Content is 2049 bytes, over 2047',
  })
})

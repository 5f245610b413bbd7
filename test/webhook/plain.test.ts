import t from 'tap'
import { none } from '../../src/reply/build.ts'
import { parseReply } from '../../src/reply/parse.ts'
import { createReceiver, messageXml, plainPost, textXml } from './receiver.ts'

const XML = { 'Content-Type': 'text/xml; charset=utf-8' }
const TEXT = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' }
const SUCCESS = { status: 200, headers: TEXT, body: 'success' }

const MESSAGE =
  '<xml><ToUserName><![CDATA[gh_a0b1c2d3e4f5]]></ToUserName><FromUserName><![CDATA[oQ7xExampleFan0001]]></FromUserName><CreateTime>1893456000</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[木棉 🌳]]></Content><MsgId>24876543210987654</MsgId></xml>'

t.test('a reply is WeChat’s template byte for byte: names swapped, CreateTime in seconds', async t => {
  const { receive, log, handled } = createReceiver({ answer: () => 'ok', now: 1893456002 })
  t.strictSame(await receive(plainPost(MESSAGE)), {
    status: 200,
    headers: XML,
    body: '<xml><ToUserName><![CDATA[oQ7xExampleFan0001]]></ToUserName><FromUserName><![CDATA[gh_a0b1c2d3e4f5]]></FromUserName><CreateTime>1893456002</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[ok]]></Content></xml>',
  })
  t.strictSame(log, [])
  t.match(handled, [{ kind: 'text', Content: '木棉 🌳', MsgId: '24876543210987654', raw: MESSAGE }])
})

t.test('every kind of reply goes out in its own template', async t => {
  const head =
    '<xml><ToUserName><![CDATA[oQ7xExampleFan0001]]></ToUserName><FromUserName><![CDATA[gh_a0b1c2d3e4f5]]></FromUserName><CreateTime>1893456000</CreateTime>'
  const replies = [
    [
      { MsgType: 'image', MediaId: 'mA' },
      '<MsgType><![CDATA[image]]></MsgType><Image><MediaId><![CDATA[mA]]></MediaId></Image></xml>',
    ],
    [
      { MsgType: 'voice', MediaId: 'mB' },
      '<MsgType><![CDATA[voice]]></MsgType><Voice><MediaId><![CDATA[mB]]></MediaId></Voice></xml>',
    ],
    [
      { MsgType: 'news', Articles: [{ Title: 't', Url: 'https://a.example.org/?a=1&b=2' }] },
      '<MsgType><![CDATA[news]]></MsgType><ArticleCount>1</ArticleCount><Articles><item><Title><![CDATA[t]]></Title><Description><![CDATA[]]></Description><PicUrl><![CDATA[]]></PicUrl><Url><![CDATA[https://a.example.org/?a=1&b=2]]></Url></item></Articles></xml>',
    ],
    [{ MsgType: 'transfer_customer_service' }, '<MsgType><![CDATA[transfer_customer_service]]></MsgType></xml>'],
  ] as const
  for (const [reply, tail] of replies) {
    const { receive } = createReceiver({ answer: () => reply })
    t.strictSame(await receive(plainPost(textXml('hi'))), { status: 200, headers: XML, body: head + tail })
  }
})

t.test('a handler with nothing to say is answered with the seven bytes success', async t => {
  for (const nothing of [undefined, null, '', ' \n', none, { MsgType: 'news', Articles: [] } as const]) {
    const { receive, log, handled } = createReceiver({ answer: () => nothing })
    t.strictSame(await receive(plainPost(textXml('hi'))), SUCCESS)
    t.strictSame(log, [])
    t.equal(handled.length, 1)
  }
})

t.test('what a follower writes comes back as it was written', async t => {
  const texts = {
    'an emoji of four bytes': '😀',
    'blanks at both ends': '  pad  ',
    'an ampersand and markup': 'a & b &amp; <script>alert(1)</script> <xml>',
    'a DOCTYPE': '<!DOCTYPE html><!ENTITY x "y">',
    'mustache in two braces': '{{ToUserName}} {{#Content}}x{{/Content}}',
    'mustache in three braces': '{{{Content}}} {{&Content}} {{> text}} {{=<% %>=}}',
    'names of JavaScript': '{{constructor}} {{__proto__}} $& $1',
    'a number': '00012',
    'a number with an exponent': '1e5',
    true: 'true',
    'line breaks and tabs': 'a\nb\tc',
    'two characters that look like a line break': 'a\\nb',
    'Chinese beyond the basic plane': '𠮷野家',
    quotes: `"'\``,
    'combined characters': '👨‍👩‍👧‍👦 e\u0301 🇨🇳',
  }
  for (const [name, content] of Object.entries(texts)) {
    const { receive, log } = createReceiver()
    const { body } = await receive(plainPost(textXml(content)))
    t.match(parseReply(body), { MsgType: 'text', Content: `echo:${content}` }, name)
    t.ok(body.includes(`<Content><![CDATA[echo:${content}]]></Content>`), `${name}: as it is, in CDATA`)
    t.strictSame(log, [])
  }
})

t.test('an end mark of CDATA comes in and goes out divided over two sections', async t => {
  const { receive, handled } = createReceiver()
  const { body } = await receive(plainPost(textXml('a]]]]><![CDATA[>b')))
  t.match(handled, [{ Content: 'a]]>b' }])
  t.ok(body.includes('<Content><![CDATA[echo:a]]]]><![CDATA[>b]]></Content>'))
  t.match(parseReply(body), { Content: 'echo:a]]>b' })
})

t.test('characters that XML forbids reach the handler, and are left out of the reply', async t => {
  const { receive, handled } = createReceiver()
  const { status, body } = await receive(plainPost(textXml('a\x1db\0c\ufffed')))
  t.equal(status, 200)
  t.match(handled, [{ Content: 'a\x1db\0c\ufffed' }])
  t.match(parseReply(body), { Content: 'echo:abcd' })
  const surrogate = createReceiver({ answer: () => 'a\ud83db\udc00c' })
  t.match(parseReply((await surrogate.receive(plainPost(textXml('hi')))).body), { Content: 'abc' })
})

t.test('text outside CDATA has its references decoded', async t => {
  const { receive } = createReceiver()
  const xml = messageXml('<MsgType>text</MsgType><Content>a &amp;&lt;b&gt; &#26408;&#x1F333;</Content>')
  t.match(parseReply((await receive(plainPost(xml))).body), { Content: 'echo:a &<b> 木🌳' })
})

t.test('names are put into the reply as text, even where they are none of WeChat’s', async t => {
  const { receive } = createReceiver()
  const xml = textXml('hi').replace('oQ7xExampleFan0001', 'a]]]]><![CDATA[>{{Content}}')
  const { body } = await receive(plainPost(xml))
  t.match(parseReply(body), { ToUserName: 'a]]>{{Content}}', Content: 'echo:hi' })
})

t.test('2047 bytes go out whole; more are cut at a character, and the log says so', async t => {
  const whole = createReceiver({ answer: () => '木'.repeat(682) })
  t.match(parseReply((await whole.receive(plainPost(textXml('hi')))).body), { Content: '木'.repeat(682) })
  t.strictSame(whole.log, [])
  const { receive, log } = createReceiver({ answer: () => `${'木'.repeat(682)}🌳` })
  const reply = parseReply((await receive(plainPost(textXml('hi')))).body)
  t.match(reply, { Content: `${'木'.repeat(681)}…` })
  t.match(log, [
    /^weixin warn: reply text: Content is 2050 bytes; WeChat takes at most 2047, so it was cut; .* kind=text$/,
  ])
  t.equal(log.length, 1)
})

t.test('ids of any length reach the handler as the same text', async t => {
  for (const id of ['1', '00012', '1e5', '9007199254740993', '12345678901234567890']) {
    const { receive, handled } = createReceiver()
    await receive(plainPost(textXml('hi').replace('<MsgId>1<', `<MsgId>${id}<`)))
    t.match(handled, [{ MsgId: id }])
  }
})

t.test('a message or an event that is not known reaches the handler, and without a reply is success', async t => {
  const unknown = [
    ['<MsgType><![CDATA[hologram]]></MsgType><MsgId>1</MsgId>', 'hologram'],
    ['<MsgType><![CDATA[constructor]]></MsgType>', 'constructor'],
    ['<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[hologram_open]]></Event>', 'event'],
    ['<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[__proto__]]></Event>', 'event'],
  ]
  for (const [elements = '', MsgType] of unknown) {
    const { receive, log, handled } = createReceiver({ answer: () => undefined })
    t.strictSame(await receive(plainPost(messageXml(elements))), SUCCESS, elements)
    t.match(handled, [{ kind: 'unknown', MsgType }])
    t.strictSame(log, [])
  }
})

t.test('blanks round the text of an element do not count', async t => {
  const { receive, handled } = createReceiver()
  const xml = `<xml>
    <ToUserName> <![CDATA[gh_a0b1c2d3e4f5]]> </ToUserName>
    <FromUserName>\r\n<![CDATA[oQ7xExampleFan0001]]>\r\n</FromUserName>
    <CreateTime> 1893455999 </CreateTime>
    <MsgType> <![CDATA[event]]> </MsgType>
    <Event> <![CDATA[user_get_card]]> </Event>
  </xml>`
  t.match(parseReply((await receive(plainPost(xml))).body), {
    ToUserName: 'oQ7xExampleFan0001',
    FromUserName: 'gh_a0b1c2d3e4f5',
    Content: 'echo:user_get_card',
  })
  t.match(handled, [{ kind: 'event:user_get_card', CreateTime: 1893455999 }])
})

t.test('a query with encrypt_type=raw is plain mode', async t => {
  const { receive } = createReceiver()
  const request = plainPost(textXml('hi'))
  t.match(await receive({ ...request, query: `${request.query}&encrypt_type=raw` }), { status: 200, headers: XML })
})

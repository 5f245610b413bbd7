import t from 'tap'
import { parseMessage } from '../../src/message/parse.ts'
import type { IncomingMessage } from '../../src/message/types.ts'
import { composeMessage, MESSAGE_KINDS } from '../../src/simulator/message.ts'
import { parseXml } from '../../src/xml/parse.ts'

type Parts = Partial<Parameters<typeof composeMessage>[0]>

function composed(parts: Parts): string {
  return composeMessage({
    kind: 'text',
    values: [],
    toUserName: 'gh_a0b1c2d3e4f5',
    fromUserName: 'oQ7xExampleFan0001',
    createTime: 1893456000,
    msgId: '24876543210987654',
    ...parts,
  })
}

function parsed(parts: Parts): IncomingMessage {
  return parseMessage(parseXml(Buffer.from(composed(parts))))
}

t.test('a text is what WeChat would post', async t => {
  t.equal(
    composed({ values: ['木棉 🌳'] }),
    '<xml><ToUserName><![CDATA[gh_a0b1c2d3e4f5]]></ToUserName><FromUserName><![CDATA[oQ7xExampleFan0001]]></FromUserName><CreateTime>1893456000</CreateTime><MsgType><![CDATA[text]]></MsgType><MsgId>24876543210987654</MsgId><Content><![CDATA[木棉 🌳]]></Content></xml>',
  )
})

t.test('a kind without values has sample values', async t => {
  t.match(parsed({ kind: 'text' }), { kind: 'text', Content: '你好' })
  t.match(parsed({ kind: 'image' }), { kind: 'image', MediaId: 'sample-image' })
  t.match(parsed({ kind: 'voice' }), { kind: 'voice', MediaId: 'sample-voice', Format: 'amr' })
  t.match(parsed({ kind: 'video' }), { kind: 'video', ThumbMediaId: 'sample-thumb' })
  t.match(parsed({ kind: 'shortvideo' }), { kind: 'shortvideo', MediaId: 'sample-video' })
  t.match(parsed({ kind: 'location' }), { kind: 'location', Location_X: 24.479834, Scale: 16, Label: '厦门' })
  t.match(parsed({ kind: 'link' }), { kind: 'link', Url: 'https://example.com/' })
})

t.test('values take their places in order, and the others keep their samples', async t => {
  t.match(parsed({ kind: 'location', values: ['31.2', '121.5'] }), { Location_X: 31.2, Location_Y: 121.5, Scale: 16 })
  t.match(parsed({ kind: 'link', values: ['t', 'd', 'https://a.example.org/?a=1&b=2'] }), {
    Title: 't',
    Description: 'd',
    Url: 'https://a.example.org/?a=1&b=2',
  })
})

t.test('an event has a name and a key, and no MsgId', async t => {
  const xml = composed({ kind: 'event:CLICK', values: ['menu-key'] })
  t.match(parseMessage(parseXml(Buffer.from(xml))), { kind: 'event:CLICK', Event: 'CLICK', EventKey: 'menu-key' })
  t.notMatch(xml, /MsgId/)
  t.match(parsed({ kind: 'event:subscribe', values: ['qrscene_7'] }), { kind: 'event:subscribe', scene: '7' })
  t.match(parsed({ kind: 'event:a:b' }), { kind: 'unknown', Event: 'a:b' })
})

t.test('further elements are added, or take the place of those that are there', async t => {
  t.match(parsed({ kind: 'event:LOCATION', fields: { Latitude: '24.5', Longitude: '118.1', Precision: '40' } }), {
    Latitude: 24.5,
    Longitude: 118.1,
    Precision: 40,
  })
  t.match(parsed({ kind: 'event:VIEW', fields: { MenuId: '99', CreateTime: '7' } }), { MenuId: '99', CreateTime: 7 })
})

t.test('markup and an end mark of CDATA are text', async t => {
  t.match(parsed({ values: [']]></Content><Content>&amp;'] }), { Content: ']]></Content><Content>&amp;' })
  t.match(parsed({ fromUserName: ']]>x' }), { FromUserName: ']]>x' })
})

t.test('a kind that there is not is refused with those that there are', async t => {
  for (const kind of ['txet', '', 'event', 'event:', 'text:x', 'constructor', 'CLICK']) {
    t.throws(() => composed({ kind }), {
      name: 'ComposeError',
      message: `no kind of message is called ${kind}; permitted: text, image, voice, video, shortvideo, location, link, event:NAME`,
      zh: `没有 ${kind} 这种消息；允许：text、image、voice、video、shortvideo、location、link、event:名称`,
    })
  }
  t.equal(MESSAGE_KINDS.en, 'text, image, voice, video, shortvideo, location, link, event:NAME')
})

t.test('more values than the kind has are refused with its elements', async t => {
  t.throws(() => composed({ values: ['a', 'b'] }), {
    name: 'ComposeError',
    message: 'text takes at most 1 values: Content',
    zh: 'text 最多 1 个值：Content',
  })
  t.throws(() => composed({ kind: 'event:CLICK', values: ['a', 'b'] }), { message: /at most 1 values: EventKey$/ })
})

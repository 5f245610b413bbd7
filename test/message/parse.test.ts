import fs from 'node:fs'
import t, { type Test } from 'tap'
import { eventNames } from '../../src/message/events.ts'
import { messageTypes } from '../../src/message/types.ts'
import { expectedEvents, expectedMessages, spelledOtherwise } from './expected.ts'
import { ENVELOPE, parse, parseEvent, parseText } from './parsed.ts'

const fixtures = new URL('../../../test/fixtures/messages/', import.meta.url)

/** What a message has beyond what every message has; the envelope is checked on the way. */
function typedFields(t: Test, message: ReturnType<typeof parse>, raw: string): unknown {
  const { kind, fields, raw: ownRaw, ...rest } = message
  t.equal(ownRaw, raw)
  t.equal(fields['FromUserName'], 'oKapokFan_0000000000000042')
  const { ToUserName, FromUserName, CreateTime, MsgType, ...typed } = rest
  t.strictSame([ToUserName, FromUserName, CreateTime], ['gh_5e77a0c4b91d', 'oKapokFan_0000000000000042', 1924992000])
  return [kind, MsgType, typed]
}

t.test('every message type has its fields', async t => {
  for (const [type, expected] of Object.entries(expectedMessages)) {
    const raw = fs.readFileSync(new URL(`${type}.xml`, fixtures), 'utf8')
    const ids = {
      MsgId: '24876543210987654',
      ...(type === 'text' && { MsgDataId: '2247490123', Idx: 2 }),
    }
    t.strictSame(typedFields(t, parse(raw), raw), [type, type, { ...ids, ...expected }], type)
  }
})

t.test('every event has its fields, and keeps its name as it came', async t => {
  for (const [name, expected] of Object.entries(expectedEvents)) {
    const raw = fs.readFileSync(new URL(`event-${name}.xml`, fixtures), 'utf8')
    const Event = spelledOtherwise[name] ?? name
    t.strictSame(typedFields(t, parse(raw), raw), [`event:${name}`, 'event', { Event, ...expected }], name)
  }
})

t.test('there is a fixture for everything in the two maps, and nothing else', async t => {
  const names = [...messageTypes.filter(type => type !== 'event'), ...eventNames.map(name => `event-${name}`)]
  t.strictSame(fs.readdirSync(fixtures).sort(), names.map(name => `${name}.xml`).sort())
})

t.test('an unknown type arrives as UnknownMessage with everything that came', async t => {
  const message = parse(
    `<xml>${ENVELOPE}<MsgType>hologram</MsgType><MsgId>7</MsgId><Depth>3</Depth><Layer>a</Layer><Layer><X>1</X></Layer></xml>`,
  )
  t.match(message, { kind: 'unknown', MsgType: 'hologram', MsgId: '7', CreateTime: 1924992000 })
  t.equal(message.fields['Depth'], '3')
  t.strictSame(JSON.stringify(message.fields['Layer']), '["a",{"X":"1"}]')
  for (const type of ['constructor', 'toString', '__proto__', 'TEXT', 'te xt']) {
    t.match(parse(`<xml>${ENVELOPE}<MsgType><![CDATA[${type}]]></MsgType></xml>`), { kind: 'unknown', MsgType: type })
  }
})

t.test('an unknown event arrives as UnknownMessage with everything that came', async t => {
  const message = parseEvent('Hologram_Open', '<EventKey>k</EventKey><Rooms><item>1</item></Rooms>')
  t.match(message, { kind: 'unknown', MsgType: 'event', Event: 'Hologram_Open' })
  t.equal(JSON.stringify(message.fields['Rooms']), '{"item":["1"]}')
  t.match(parseEvent('constructor'), { kind: 'unknown', Event: 'constructor' })
})

t.test('white space round MsgType, Event and CreateTime does not count, inside CDATA neither', async t => {
  const head = '<ToUserName>a</ToUserName><FromUserName>b</FromUserName><CreateTime><![CDATA[ 7\n]]></CreateTime>'
  const spaced = (type: string, rest: string) =>
    parse(`<xml>${head}<MsgType><![CDATA[${type}]]></MsgType>${rest}</xml>`)
  t.match(spaced(' text\n', '<Content><![CDATA[ x ]]></Content>'), {
    kind: 'text',
    MsgType: 'text',
    CreateTime: 7,
    Content: ' x ',
  })
  t.match(spaced('\tevent ', '<Event><![CDATA[ CLICK\n]]></Event>'), {
    kind: 'event:CLICK',
    MsgType: 'event',
    Event: ' CLICK\n',
  })
  t.match(spaced('event', '<Event><![CDATA[ hologram ]]></Event>'), { kind: 'unknown', Event: ' hologram ' })
})

t.test('unknown elements of a known message are in fields', async t => {
  const message = parseText('<Mood><![CDATA[glad]]></Mood><Tag>1</Tag><Tag>2</Tag>')
  t.equal(message.fields['Mood'], 'glad')
  t.strictSame(message.fields['Tag'], ['1', '2'])
  t.notOk('Mood' in message)
  t.equal(Object.getPrototypeOf(message.fields), null)
})

t.test('element names count as printed first, then in any case', async t => {
  t.match(parseText('<MsgID>1</MsgID>'), { MsgId: '1' })
  t.match(parseText('<msgid>1</msgid><MsgId>2</MsgId>'), { MsgId: '2' })
  t.match(parseEvent('user_info_modified', '<openid>o</openid><appid>wx</appid>'), { OpenID: 'o', AppID: 'wx' })
  t.match(parseEvent('location_select', '<SendLocationInfo><PoiName>p</PoiName></SendLocationInfo>'), {
    SendLocationInfo: { Poiname: 'p' },
  })
  t.match(parseEvent('TEMPLATESENDJOBFINISH', '<MsgId>9</MsgId>'), { MsgID: '9' })
  t.notOk('MsgId' in parseEvent('TEMPLATESENDJOBFINISH', '<MsgID>9</MsgID>'), 'the id of a job is not one of a message')
})

t.test('a follower may write anything', async t => {
  for (const written of ['<!DOCTYPE html>', '&amp;', '<script>', '😀', ' x ', '\u001d\u0000', '</Content>']) {
    t.match(parse(`<xml>${ENVELOPE}<MsgType>text</MsgType><Content><![CDATA[${written}]]></Content></xml>`), {
      Content: written,
    })
  }
})

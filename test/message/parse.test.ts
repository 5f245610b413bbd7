import fs from 'node:fs'
import t, { type Test } from 'tap'
import { canonicalEventName, eventNames } from '../../src/message/events.ts'
import { MessageError } from '../../src/message/message-error.ts'
import { parseMessage } from '../../src/message/parse.ts'
import { isUnsupportedPlaceholder } from '../../src/message/placeholder.ts'
import { messageTypes } from '../../src/message/types.ts'
import { parseXml } from '../../src/xml/parse.ts'
import { expectedEvents, expectedMessages, spelledOtherwise } from './expected.ts'

const fixtures = new URL('../../../test/fixtures/messages/', import.meta.url)

const parse = (xml: string | Buffer) => parseMessage(parseXml(Buffer.from(xml)))

const ENVELOPE =
  '<ToUserName><![CDATA[gh_a]]></ToUserName><FromUserName><![CDATA[oB]]></FromUserName><CreateTime>1924992000</CreateTime>'

const parseText = (inner: string) =>
  parse(`<xml>${ENVELOPE}<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[hi]]></Content>${inner}</xml>`)

const parseEvent = (name: string, inner = '') =>
  parse(`<xml>${ENVELOPE}<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[${name}]]></Event>${inner}</xml>`)

function refusal(xml: string): string {
  try {
    parse(xml)
    return 'accepted'
  } catch (error) {
    return error instanceof MessageError ? `${error.element} ${error.reason}` : `${error}`
  }
}

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

t.test('an event is known whatever the case of its name', async t => {
  for (const name of eventNames) {
    for (const spelling of [name, name.toLowerCase(), name.toUpperCase()]) {
      t.equal(canonicalEventName(spelling), name)
      t.match(parseEvent(spelling), { kind: `event:${name}`, MsgType: 'event', Event: spelling })
    }
  }
  for (const name of ['', 'constructor', '__proto__', 'SCAN ', 'subscribed'])
    t.equal(canonicalEventName(name), undefined)
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

t.test('an event without a name is an unknown one', async t => {
  for (const event of ['', '<Event/>', '<Event> </Event>', '<Event><![CDATA[]]></Event>']) {
    const message = parse(`<xml>${ENVELOPE}<MsgType>event</MsgType>${event}<EventKey>k</EventKey></xml>`)
    t.match(message, { kind: 'unknown', MsgType: 'event', Event: '' })
    t.equal(message.fields['EventKey'], 'k')
  }
})

t.test('unknown elements of a known message are in fields', async t => {
  const message = parseText('<Mood><![CDATA[glad]]></Mood><Tag>1</Tag><Tag>2</Tag>')
  t.equal(message.fields['Mood'], 'glad')
  t.strictSame(message.fields['Tag'], ['1', '2'])
  t.notOk('Mood' in message)
  t.equal(Object.getPrototypeOf(message.fields), null)
})

t.test('the scene of a QR code is split off', async t => {
  const scene = (event: string, key: string) => {
    const message = parseEvent(event, `<EventKey><![CDATA[${key}]]></EventKey>`)
    return message.kind === 'event:subscribe' || message.kind === 'event:SCAN' ? message.scene : 'no such field'
  }
  t.equal(scene('subscribe', 'qrscene_123'), '123')
  t.equal(scene('subscribe', 'qrscene_qrscene_a b'), 'qrscene_a b')
  t.equal(scene('subscribe', 'qrscene_line\none'), 'line\none')
  t.equal(scene('subscribe', ''), undefined)
  t.equal(scene('subscribe', 'qrscene_'), undefined)
  t.equal(scene('subscribe', 'last_trade_no_4200001234202601011234567890'), undefined)
  t.equal(scene('SCAN', '123'), '123')
  t.equal(scene('scan', 'qrscene_123'), 'qrscene_123')
  t.equal(scene('SCAN', ''), undefined)
  t.notOk('scene' in parseEvent('subscribe'))
})

t.test('ids are the text that came', async t => {
  for (const id of ['1', '00012', '1e5', '0x10', '9007199254740993', '12345678901234567890', '']) {
    t.equal(parseText(`<MsgId>${id}</MsgId>`).MsgId, id)
    t.equal(parseText(`<MsgID><![CDATA[${id}]]></MsgID>`).MsgId, id)
  }
  t.notOk('MsgId' in parseText(''))
})

t.test('an event has a MsgId where exactly that came; MsgID is the id of a job', async t => {
  t.match(parseEvent('CLICK', '<MsgId>9007199254740993</MsgId>'), { kind: 'event:CLICK', MsgId: '9007199254740993' })
  t.match(parseEvent('hologram', '<MsgId>7</MsgId>'), { kind: 'unknown', MsgId: '7' })
  t.match(parseEvent('MASSSENDJOBFINISH', '<MsgID>1</MsgID><MsgId>2</MsgId>'), { MsgID: '1', MsgId: '2' })
  for (const name of ['CLICK', 'hologram', 'MASSSENDJOBFINISH']) {
    t.notOk('MsgId' in parseEvent(name, '<MsgID>1</MsgID>'), name)
    t.notOk('MsgId' in parseEvent(name), name)
  }
})

t.test('gift card events say true and false, user_gifting_card says 1 and 0', async t => {
  const flags = '<IsChatRoom>true</IsChatRoom><IsReturnBack>false</IsReturnBack>'
  t.match(parseEvent('giftcard_send_to_friend', flags), { IsChatRoom: 'true', IsReturnBack: 'false' })
  t.match(parseEvent('giftcard_user_accept', flags), { IsChatRoom: 'true' })
  t.match(parseEvent('user_gifting_card', '<IsChatRoom>1</IsChatRoom><IsReturnBack>0</IsReturnBack>'), {
    IsChatRoom: 1,
    IsReturnBack: 0,
  })
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

t.test('lists are arrays for none, one and many', async t => {
  const pictures = (inner: string) => {
    const message = parseEvent('pic_weixin', inner)
    return message.kind === 'event:pic_weixin' ? message.SendPicsInfo.PicList.item : undefined
  }
  const item = '<item><PicMd5Sum>0f</PicMd5Sum></item>'
  t.strictSame(pictures(''), [])
  t.strictSame(pictures('<SendPicsInfo/>'), [])
  t.strictSame(pictures('<SendPicsInfo>\n\n</SendPicsInfo>'), [])
  t.strictSame(pictures('<SendPicsInfo><Count>0</Count><PicList> \n </PicList></SendPicsInfo>'), [])
  t.strictSame(pictures(`<SendPicsInfo><PicList>${item}</PicList></SendPicsInfo>`), [{ PicMd5Sum: '0f' }])
  t.strictSame(pictures(`<SendPicsInfo><PicList>${item}${item}</PicList></SendPicsInfo>`), [
    { PicMd5Sum: '0f' },
    { PicMd5Sum: '0f' },
  ])
  t.strictSame(pictures('<SendPicsInfo><PicList><item/></PicList></SendPicsInfo>'), [{ PicMd5Sum: '' }])
})

t.test('an empty container has empty lists and no optional field', async t => {
  const containers = (inner: string) => {
    const message = parseEvent('MASSSENDJOBFINISH', inner)
    return message.kind === 'event:MASSSENDJOBFINISH' ? message.CopyrightCheckResult : undefined
  }
  t.strictSame(containers('<CopyrightCheckResult>\n\n</CopyrightCheckResult>'), { ResultList: { item: [] } })
  t.strictSame(containers(''), { ResultList: { item: [] } })
})

t.test('a missing element is an empty text, NaN, or no field where it is optional', async t => {
  const { kind, fields, raw, ...rest } = parse(`<xml>${ENVELOPE}<MsgType>location</MsgType></xml>`)
  t.strictSame(rest, {
    ToUserName: 'gh_a',
    FromUserName: 'oB',
    CreateTime: 1924992000,
    MsgType: 'location',
    Location_X: Number.NaN,
    Location_Y: Number.NaN,
    Scale: Number.NaN,
    Label: '',
  })
  t.notOk('Recognition' in parse(`<xml>${ENVELOPE}<MsgType>voice</MsgType></xml>`))
  t.match(parse(`<xml>${ENVELOPE}<MsgType>voice</MsgType><Recognition/></xml>`), { Recognition: '' })
})

t.test('a number is a decimal number, in CDATA or not; its text stays in fields', async t => {
  const latitude = (text: string) => {
    const message = parseEvent('LOCATION', `<Latitude>${text}</Latitude>`)
    return message.kind === 'event:LOCATION' ? message.Latitude : undefined
  }
  t.equal(latitude('23.137466'), 23.137466)
  t.equal(latitude('<![CDATA[ -23.50 ]]>'), -23.5)
  t.equal(latitude('+7'), 7)
  for (const junk of ['', 'abc', '1e5', '0x10', 'Infinity', '1,5', '1 2', '--1', 'null']) {
    t.ok(Number.isNaN(latitude(junk)), junk)
  }
  t.equal(parseEvent('LOCATION', '<Latitude>23.500000</Latitude>').fields['Latitude'], '23.500000')
  t.notOk('Idx' in parseText('<Idx>two</Idx>'))
})

t.test('without sender, addressee or type a document is no message', async t => {
  const elements = {
    ToUserName: '<ToUserName>a</ToUserName>',
    FromUserName: '<FromUserName>b</FromUserName>',
    CreateTime: '<CreateTime>1</CreateTime>',
    MsgType: '<MsgType>event</MsgType>',
    Event: '<Event>CLICK</Event>',
  }
  t.equal(refusal(`<xml>${Object.values(elements).join('')}</xml>`), 'accepted')
  for (const [name, element] of Object.entries(elements)) {
    const others = Object.values({ ...elements, [name]: '' }).join('')
    const without = name === 'CreateTime' || name === 'Event' ? 'accepted' : `${name} missing`
    t.equal(refusal(`<xml>${others}</xml>`), without)
    t.equal(refusal(`<xml>${others}<${name}> </${name}></xml>`), without)
    t.equal(refusal(`<xml>${others}<${name}><a>1</a></${name}></xml>`), `${name} nested`)
    t.equal(refusal(`<xml>${others}${element}${element}</xml>`), `${name} repeated`)
  }
  t.equal(refusal('<xml></xml>'), 'ToUserName missing')
})

t.test('a CreateTime that is no number is NaN, as elsewhere; its text stays in fields', async t => {
  const sent = (element: string) =>
    parse(`<xml><ToUserName>a</ToUserName><FromUserName>b</FromUserName>${element}<MsgType>text</MsgType></xml>`)
  for (const time of ['', ' ', 'abc', '1e5', '0x10', '1 2', '１２']) {
    const message = sent(`<CreateTime>${time}</CreateTime>`)
    t.ok(Number.isNaN(message.CreateTime), time)
    t.equal(message.fields['CreateTime'], time.trim())
  }
  t.ok(Number.isNaN(sent('').CreateTime), 'none')
})

t.test('card_pay_order may have the time of the order as a second CreateTime', async t => {
  const message = parseEvent('card_pay_order', '<OrderId>4</OrderId><CreateTime>1924990000</CreateTime>')
  t.match(message, { kind: 'event:card_pay_order', CreateTime: 1924992000, OrderId: '4' })
  t.strictSame(message.fields['CreateTime'], ['1924992000', '1924990000'])
})

t.test('a typed element that comes twice, or nested, is refused', async t => {
  const text = (inner: string) => refusal(`<xml>${ENVELOPE}<MsgType>text</MsgType>${inner}</xml>`)
  t.equal(text('<Content>a</Content><Content>b</Content>'), 'Content repeated')
  t.equal(text('<Content>a<b>c</b></Content>'), 'Content nested')
  t.equal(text('<MsgId>1</MsgId><MsgId>2</MsgId>'), 'MsgId repeated')
  t.equal(text('<Idx>1</Idx><Idx>2</Idx>'), 'Idx repeated')
  const event = (inner: string) =>
    refusal(`<xml>${ENVELOPE}<MsgType>event</MsgType><Event>scancode_push</Event>${inner}</xml>`)
  t.equal(event('<ScanCodeInfo/><ScanCodeInfo/>'), 'ScanCodeInfo repeated')
  t.equal(event('<ScanCodeInfo><ScanType>a</ScanType><ScanType>b</ScanType></ScanCodeInfo>'), 'ScanType repeated')
  t.equal(event('<EventKey><![CDATA[a]]></EventKey><ScanCodeInfo>text</ScanCodeInfo>'), 'accepted')
})

t.test('a follower may write anything', async t => {
  for (const written of ['<!DOCTYPE html>', '&amp;', '<script>', '😀', ' x ', '\u001d\u0000', '</Content>']) {
    t.match(parse(`<xml>${ENVELOPE}<MsgType>text</MsgType><Content><![CDATA[${written}]]></Content></xml>`), {
      Content: written,
    })
  }
})

t.test('the sentence for what the platform does not forward is told from a text', async t => {
  const placeholder = (content: string) =>
    isUnsupportedPlaceholder(parse(`<xml>${ENVELOPE}<MsgType>text</MsgType><Content>${content}</Content></xml>`))
  t.equal(placeholder('【收到不支持的消息类型，暂无法显示】'), true)
  t.equal(placeholder('收到不支持的消息类型，暂无法显示'), false)
  t.equal(isUnsupportedPlaceholder(parseEvent('CLICK')), false)
})

t.test('what is wrong is told in both languages', async t => {
  const error = new MessageError('repeated', 'FromUserName')
  t.equal(error.in('en'), "the message's element FromUserName occurs more than once")
  t.equal(error.in('zh'), '消息的 FromUserName 元素重复出现')
})

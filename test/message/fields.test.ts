import t from 'tap'
import { ENVELOPE, parse, parseEvent, parseText } from './parsed.ts'

t.test('ids are the text that came', async t => {
  for (const id of ['1', '00012', '1e5', '0x10', '9007199254740993', '12345678901234567890', '']) {
    t.equal(parseText(`<MsgId>${id}</MsgId>`).MsgId, id)
    t.equal(parseText(`<MsgID><![CDATA[${id}]]></MsgID>`).MsgId, id)
  }
  t.notOk('MsgId' in parseText(''))
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

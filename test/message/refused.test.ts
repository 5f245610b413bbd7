import t from 'tap'
import { MessageError } from '../../src/message/message-error.ts'
import { ENVELOPE, parse } from './parsed.ts'

function refusal(xml: string): string {
  try {
    parse(xml)
    return 'accepted'
  } catch (error) {
    return error instanceof MessageError ? `${error.element} ${error.reason}` : `${error}`
  }
}

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

t.test('what is wrong is told in both languages', async t => {
  const error = new MessageError('repeated', 'FromUserName')
  t.equal(error.in('en'), "the message's element FromUserName occurs more than once")
  t.equal(error.in('zh'), '消息的 FromUserName 元素重复出现')
})

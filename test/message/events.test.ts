import t from 'tap'
import { canonicalEventName, eventNames } from '../../src/message/events.ts'
import { ENVELOPE, parse, parseEvent } from './parsed.ts'

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

t.test('an event without a name is an unknown one', async t => {
  for (const event of ['', '<Event/>', '<Event> </Event>', '<Event><![CDATA[]]></Event>']) {
    const message = parse(`<xml>${ENVELOPE}<MsgType>event</MsgType>${event}<EventKey>k</EventKey></xml>`)
    t.match(message, { kind: 'unknown', MsgType: 'event', Event: '' })
    t.equal(message.fields['EventKey'], 'k')
  }
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

t.test('card_pay_order may have the time of the order as a second CreateTime', async t => {
  const message = parseEvent('card_pay_order', '<OrderId>4</OrderId><CreateTime>1924990000</CreateTime>')
  t.match(message, { kind: 'event:card_pay_order', CreateTime: 1924992000, OrderId: '4' })
  t.strictSame(message.fields['CreateTime'], ['1924992000', '1924990000'])
})

import t from 'tap'
import { messageKey } from '../../src/message/key.ts'
import { parseMessage } from '../../src/message/parse.ts'
import { parseXml } from '../../src/xml/parse.ts'

const ENVELOPE = '<ToUserName>gh_a</ToUserName><FromUserName>oFan</FromUserName><CreateTime>7</CreateTime>'

function keyOf(elements: string, envelope = ENVELOPE): string {
  return messageKey(parseMessage(parseXml(Buffer.from(`<xml>${envelope}${elements}</xml>`))))
}

const TEXT = '<MsgType>text</MsgType><Content>hi</Content><MsgId>24876543210987654</MsgId>'
const CLICK = '<MsgType>event</MsgType><Event>CLICK</Event><EventKey>menu</EventKey>'

t.test('the same message has the same key in each of its deliveries, whatever was encrypted beside it', async t => {
  t.equal(keyOf(TEXT), '7-9de0d6a19d5eb9a058eec87236b0ea5af01f333a')
  t.equal(keyOf(`${TEXT}<Encrypt>AAAA</Encrypt>`), keyOf(TEXT))
})

t.test('a message without a time has a key as well', async t => {
  t.match(keyOf(TEXT, ENVELOPE.replace('>7<', '>now<')), /^0-[0-9a-f]{40}$/)
})

t.test('another follower, time, MsgId, content, event or key makes another message', async t => {
  const keys = [
    keyOf(TEXT),
    keyOf(TEXT, ENVELOPE.replace('oFan', 'oOther')),
    keyOf(TEXT, ENVELOPE.replace('>7<', '>8<')),
    keyOf(TEXT.replace('24876543210987654', '24876543210987655')),
    keyOf(TEXT.replace('hi', 'ho')),
    keyOf(CLICK),
    keyOf(CLICK.replace('CLICK', 'VIEW')),
    keyOf(CLICK.replace('menu', 'other')),
  ]
  t.equal(new Set(keys).size, 8)
})

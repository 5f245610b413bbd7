import t from 'tap'
import { messageKey } from '../../src/delivery/key.ts'
import { parseMessage } from '../../src/message/parse.ts'
import { parseXml } from '../../src/xml/parse.ts'

function keyOf(type: string, elements: string): string {
  const envelope = `<ToUserName>gh_a</ToUserName><FromUserName>oFan</FromUserName><CreateTime>7</CreateTime>`
  return messageKey(parseMessage(parseXml(Buffer.from(`<xml>${envelope}<MsgType>${type}</MsgType>${elements}</xml>`))))
}

t.test('a message is known by its follower, its time and its MsgId', async t => {
  t.equal(keyOf('text', '<Content>hi</Content><MsgId>24876543210987654</MsgId>'), 'oFan|7|24876543210987654')
  t.equal(keyOf('a_new_type', '<MsgId>00012</MsgId>'), 'oFan|7|00012')
})

t.test('an event is known by its follower, its time, its name and its key', async t => {
  t.equal(keyOf('event', '<Event>CLICK</Event><EventKey>menu</EventKey>'), 'oFan|7|CLICK|menu')
  t.equal(keyOf('event', '<Event>LOCATION</Event><Latitude>1</Latitude>'), 'oFan|7|LOCATION|')
})

t.test('the result of a job is known by the job', async t => {
  t.equal(keyOf('event', '<Event>MASSSENDJOBFINISH</Event><MsgID>1000004321</MsgID>'), 'MASSSENDJOBFINISH|1000004321')
  t.equal(keyOf('event', '<Event>wxa_media_check</Event><trace_id>t-9</trace_id>'), 'wxa_media_check|t-9')
})

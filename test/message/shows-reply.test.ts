import t from 'tap'
import { showsReply } from '../../src/message/shows-reply.ts'
import type { IncomingMessage } from '../../src/message/types.ts'

const shown = (MsgType: string, kind: string) => showsReply({ MsgType, kind } as IncomingMessage)

t.test('WeChat shows a reply to whatever a follower writes, and to the events that he causes himself', async t => {
  t.ok(shown('text', 'text'))
  t.ok(shown('an unknown one', 'unknown'))
  t.ok(shown('event', 'event:subscribe'))
  t.ok(shown('event', 'event:SCAN'))
  t.ok(shown('event', 'event:CLICK'))
  t.ok(shown('event', 'event:location_select'))
})

t.test('a reply to any other event is lost', async t => {
  t.notOk(shown('event', 'event:unsubscribe'))
  t.notOk(shown('event', 'event:VIEW'))
  t.notOk(shown('event', 'event:LOCATION'))
  t.notOk(shown('event', 'unknown'))
})

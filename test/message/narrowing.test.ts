import t from 'tap'
import type { EventMap } from '../../src/message/events.ts'
import type {
  EventMessage,
  EventOf,
  IncomingMessage,
  Message,
  MessageMap,
  MessageOf,
  UnknownMessage,
} from '../../src/message/types.ts'
import { incoming } from '../dispatch/incoming.ts'
import { same } from '../same.ts'

/** What tsc must accept here, and what it must refuse, is the test; `node` only runs it. */
function describe(message: IncomingMessage): string {
  if (message.MsgType === 'text') {
    const text: MessageOf<'text'> = message
    // @ts-expect-error: a text has no picture
    message.PicUrl
    return text.Content
  }
  if (message.kind === 'location') {
    const latitude: number = message.Location_X
    return `${latitude}`
  }
  if (message.kind === 'event:SCAN') {
    const scan: EventOf<'SCAN'> = message
    // @ts-expect-error: the scene may be missing
    const scene: string = scan.scene
    return scene
  }
  if (message.kind === 'event:pic_weixin') {
    const [first] = message.SendPicsInfo.PicList.item
    // @ts-expect-error: the list may be empty
    const picture: { readonly PicMd5Sum: string } = first
    return picture?.PicMd5Sum ?? ''
  }
  if (message.kind === 'unknown') {
    const unknown: UnknownMessage = message
    return unknown.MsgType === 'event' ? unknown.Event : unknown.MsgType
  }
  if (message.MsgType === 'event') {
    const event: EventMessage = message
    // @ts-expect-error: not every event has a key
    event.EventKey
    return event.Event
  }
  const left: Message = message
  return left.MsgType
}

function misspelt(message: IncomingMessage): boolean[] {
  return [
    // @ts-expect-error: no such kind
    message.kind === 'event:SCANN',
    // @ts-expect-error: no such type
    message.MsgType === 'txet',
  ]
}

t.test('a message is narrowed by kind and by MsgType', async t => {
  t.equal(describe(incoming('<MsgType>text</MsgType><Content>hello</Content>')), 'hello')
  t.equal(describe(incoming('<MsgType>location</MsgType><Location_X>1.5</Location_X>')), '1.5')
  t.equal(describe(incoming('<MsgType>event</MsgType><Event>scan</Event><EventKey>k</EventKey>')), 'k')
  t.equal(describe(incoming('<MsgType>event</MsgType><Event>pic_weixin</Event>')), '')
  t.equal(describe(incoming('<MsgType>event</MsgType><Event>hologram_open</Event>')), 'hologram_open')
  t.equal(describe(incoming('<MsgType>hologram</MsgType>')), 'hologram')
  t.equal(describe(incoming('<MsgType>event</MsgType><Event>View</Event>')), 'View')
  t.equal(describe(incoming('<MsgType>link</MsgType>')), 'link')
  t.strictSame(misspelt(incoming('<MsgType>link</MsgType>')), [false, false])
})

t.test('the maps give each field the type of its element', async t => {
  t.ok(same<MessageMap['text'], { readonly Content: string; readonly bizmsgmenuid?: string }>(true))
  t.ok(
    same<EventMap['LOCATION'], { readonly Latitude: number; readonly Longitude: number; readonly Precision: number }>(
      true,
    ),
  )
  t.ok(
    same<EventMap['subscribe'], { readonly EventKey: string; readonly Ticket?: string; readonly scene?: string }>(true),
  )
  t.ok(same<EventMap['TEMPLATESENDJOBFINISH']['MsgID'], string>(true))
  t.ok(
    same<
      EventMap['subscribe_msg_change_event']['SubscribeMsgChangeEvent']['List'],
      readonly { readonly TemplateId: string; readonly SubscribeStatusString: string }[]
    >(true),
  )
  t.ok(same<EventMap['PUBLISHJOBFINISH']['PublishEventInfo']['fail_idx'], readonly number[]>(true))
  t.ok(same<MessageOf<'event'>, EventMessage>(true))
  t.ok(same<Message['MsgType'] | 'event', keyof MessageMap>(true))
  t.ok(same<EventMessage['kind'], `event:${keyof EventMap}`>(true))
})

import { parseXml } from '../../xml/parse.ts'
import { FOLLOWED, LEFT, menuTapped, notice, positionAt, type Shown, scanned } from './notices.ts'
import type { SentContent } from './state.ts'

/** What is known of a message that was not written on the phone. */
export interface Recorded {
  /** As it is shown when somebody does it on the phone. */
  readonly shown: Shown
  /** Of an event; empty where there is none. */
  readonly eventKey: string
}

/** Reads it as the account does. @throws {XmlError} when it is no message */
export function readRecorded(xml: string): Recorded {
  const { root } = parseXml(Buffer.from(xml))
  const text = (name: string) => {
    const value = root[name]
    return typeof value === 'string' ? value : ''
  }
  const content = contentOf(text)
  return { shown: content ? { from: 'follower', content } : noticeOf(text), eventKey: text('EventKey') }
}

type Text = (name: string) => string

/** The reverse of `messageOf`; undefined for an event and for a type that the phone cannot send. */
function contentOf(text: Text): SentContent | undefined {
  const type = text('MsgType')
  switch (type) {
    case 'text':
      return { type, content: text('Content') }
    case 'image':
    case 'voice':
    case 'video':
    case 'shortvideo':
      return { type, mediaId: text('MediaId') }
    case 'location':
      return { type, latitude: text('Location_X'), longitude: text('Location_Y'), label: text('Label') }
    case 'link':
      return { type, title: text('Title'), description: text('Description'), url: text('Url') }
    default:
      return undefined
  }
}

function noticeOf(text: Text): Shown {
  const [event, key] = [text('Event'), text('EventKey')]
  switch (event) {
    case 'subscribe':
      return key.startsWith('qrscene_') ? scanned(key.slice('qrscene_'.length)) : FOLLOWED
    case 'unsubscribe':
      return LEFT
    case 'SCAN':
      return scanned(key)
    case 'LOCATION':
      return positionAt(text('Latitude'), text('Longitude'))
    case 'CLICK':
    case 'VIEW':
      return menuTapped(key)
    default: {
      const name = event || text('MsgType')
      return notice(name, name)
    }
  }
}

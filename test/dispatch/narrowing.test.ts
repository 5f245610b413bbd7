import t from 'tap'
import { createDispatch } from '../../src/dispatch/dispatch.ts'
import { type Context, createApp, type MessageOf } from '../../src/index.ts'
import { createLogger } from '../../src/log.ts'
import { contextOf, incoming, incomingEvent, incomingText } from './incoming.ts'

/*
 * What tsc must accept here, and what it must refuse, is the test; running it shows that the types tell the truth.
 */
const app = createApp()
  .on('text', ctx => {
    const content: string = ctx.message.Content
    // @ts-expect-error: a text has no picture
    ctx.message.PicUrl
    return `text ${content}`
  })
  .on('location', ctx => {
    const latitude: number = ctx.message.Location_X
    // @ts-expect-error: a number is no string
    const label: string = ctx.message.Scale
    return `location ${latitude * 2} ${typeof label}`
  })
  .on(['image', 'voice'], ctx => {
    const media: string = ctx.message.MediaId
    // @ts-expect-error: a voice message has no picture
    ctx.message.PicUrl
    if (ctx.message.MsgType === 'image') return `image ${ctx.message.PicUrl} ${media}`
    const format: string = ctx.message.Format
    return `voice ${format}`
  })
  .on('event:CLICK', ctx => {
    const key: string = ctx.message.EventKey
    const type: 'event' = ctx.message.MsgType
    // @ts-expect-error: a tap on the menu has no MsgId of a text
    ctx.message.Content
    return `${type} ${key}`
  })
  .on(['event:subscribe', 'event:SCAN'], ctx => {
    const ticket: string | undefined = ctx.message.Ticket
    // @ts-expect-error: not everybody comes by a QR code
    const scene: string = ctx.message.scene
    return `${ticket} ${scene}`
  })
  .on('event', ctx => {
    const name: string = ctx.message.Event
    // @ts-expect-error: not every event has a key
    ctx.message.EventKey
    return `event ${name}`
  })
  .on('message', ctx => {
    // @ts-expect-error: an event is no message
    const never: boolean = ctx.message.MsgType === 'event'
    return `message ${ctx.message.kind} ${never}`
  })
  .on('unknown', ctx => `unknown ${ctx.message.fields['Colour']}`)

app.hears(/^(\w+)$/, ctx => {
  const text: Context<MessageOf<'text'>> = ctx
  // @ts-expect-error: there may be fewer groups
  const group: string = ctx.match[1]
  return text.message.Content + group
})

const misspelt = [
  // @ts-expect-error: no such query
  () => app.on('txet', () => 'x'),
  // @ts-expect-error: no such event
  () => app.on('event:CLIK', () => 'x'),
  // @ts-expect-error: one of the two is misspelt
  () => app.on(['text', 'iamge'], () => 'x'),
]

const answers = [
  // @ts-expect-error: a number is no reply
  () => createApp().on('text', () => 5),
  // @ts-expect-error: a text needs its Content
  () => createApp().on('text', () => ({ MsgType: 'text' })),
]

t.test('the message has the type that the query says', async t => {
  const answer = (message: Parameters<typeof contextOf>[0]) => app.run(contextOf(message))
  t.equal(await answer(incomingText('hi')), 'text hi')
  t.equal(
    await answer(incoming('<MsgType>location</MsgType><Location_X>1.5</Location_X><Scale>16</Scale>')),
    'location 3 number',
  )
  t.equal(await answer(incoming('<MsgType>image</MsgType><PicUrl>p</PicUrl><MediaId>m</MediaId>')), 'image p m')
  t.equal(await answer(incoming('<MsgType>voice</MsgType><MediaId>m</MediaId><Format>amr</Format>')), 'voice amr')
  t.equal(await answer(incomingEvent('CLICK', '<EventKey>k</EventKey>')), 'event k')
  t.equal(await answer(incomingEvent('SCAN', '<EventKey>7</EventKey><Ticket>T</Ticket>')), 'T 7')
  t.equal(await answer(incomingEvent('subscribe')), 'undefined undefined')
  t.equal(await answer(incomingEvent('VIEW')), 'event VIEW')
  t.equal(await answer(incomingEvent('hologram_open')), 'event hologram_open')
  t.equal(await answer(incoming('<MsgType>link</MsgType>')), 'message link false')
  t.equal(await answer(incoming('<MsgType>hologram</MsgType><Colour>green</Colour>')), 'unknown green')
})

t.test('what the compiler refuses is refused at run time as well', async t => {
  for (const register of misspelt) t.throws(register, { name: 'UsageError' })
  for (const app of answers) {
    const lines: string[] = []
    const log = createLogger(line => lines.push(line))
    const dispatch = createDispatch(app(), { log, surroundings: {}, limit: 60000, lint: false })
    t.strictSame(await dispatch(incomingText('hi')), { MsgType: 'none' })
    t.match(lines, [/^weixin error: ReplyError: /])
  }
})

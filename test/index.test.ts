import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import {
  type Answer,
  type Composer,
  type Context,
  createApp,
  type DialogueOptions,
  type ErrorHandler,
  type EventOf,
  type Handler,
  isUnsupportedPlaceholder,
  type Matched,
  type Message,
  type MessageOf,
  type OpenAccount,
  type openAccount,
  type Query,
  type Reply,
  type Script,
  type SessionOptions,
  type Trigger,
  text,
  type UnknownEvent,
  type XmlElement,
  type XmlValue,
} from '../src/index.ts'
import { incoming } from './dispatch/incoming.ts'
import { projectDirectory } from './project.ts'
import { same } from './same.ts'

/** As an author of handlers might write them, with nothing but what src/index.ts offers. */
const layersOf = (fields: XmlElement): number => count(fields['Layer'])
const count = (value: XmlValue = []): number => [value].flat().length
const nameOf = ({ Event }: UnknownEvent): string => Event

/** What an owner may keep about a follower. */
interface Basket {
  count: number
}

/** The parts of an app, each with the type that it is published under: that tsc accepts them is the test. */
const session: SessionOptions<Basket> = { initial: () => ({ count: 0 }), ttl: 60_000 }
const dialogue: DialogueOptions = { ttl: 60_000, leave: ['bye'], restart: ['again'], left: 'Bye.', changed: 'Sorry.' }
const queries: readonly Query[] = ['text', 'event', 'event:SCAN', 'message', 'unknown']
const triggers: readonly Trigger[] = ['order', /^order$/]
const welcome: Handler<EventOf<'subscribe'>, Basket> = ctx => `${ctx.scene} ${ctx.message.EventKey}`
const sorry: ErrorHandler<Basket> = (error, ctx) => (error instanceof Error ? `${ctx.session.count}` : undefined)
const order: Script<Basket> = async ctx => {
  const size: 'S' | 'M' = await ctx.ask('Which size?', ['S', 'M'])
  return text(`${size} ${await ctx.once(() => 1)}`)
}
const answers: readonly Answer[] = ['words', text('words'), { MsgType: 'image', MediaId: 'm' }, null, undefined]

t.test('an app can be put together from parts of the public types', async t => {
  const app: Composer<Basket> = createApp({ session, dialogue })
  const beginOrder: Handler = app.dialogue('order', order)
  app.on('event:subscribe', welcome).hears(triggers, beginOrder).onError(sorry)
  for (const query of queries) t.doesNotThrow(() => app.on(query, (_, next) => next()))
  t.equal(answers.length, 5)
})

t.test('the public types say what a handler gets and may answer', async t => {
  t.ok(same<Matched<'text'>, MessageOf<'text'>>(true))
  t.ok(same<Matched<'event:SCAN'>, EventOf<'SCAN'>>(true))
  t.ok(same<Matched<'message'>, Message>(true))
  t.ok(same<Context<MessageOf<'text'>, Basket>['session'], Basket>(true))
  t.ok(same<Context['match'], readonly string[]>(true))
  t.ok(same<Context['scene'], string | undefined>(true))
  t.ok(same<Context['signal'], AbortSignal>(true))
  t.ok(same<ReturnType<Context['news']>, Reply>(true))
  t.ok(
    same<
      Extract<Reply, { MsgType: 'video' }>,
      { readonly MsgType: 'video'; readonly MediaId: string; readonly Title?: string; readonly Description?: string }
    >(true),
  )
  t.ok(same<Awaited<ReturnType<typeof openAccount>>, OpenAccount>(true))
  t.ok(same<keyof OpenAccount, 'client' | 'pages' | 'close'>(true))
})

t.test('this and nothing else is public when the program runs', async t => {
  t.strictSame(Object.keys(await import('../src/index.ts')).sort(), [
    'ApiError',
    'ArgumentError',
    'ConfigError',
    'ReplyError',
    'TokenError',
    'TransportError',
    'UsageError',
    'WeixinError',
    'createApp',
    'image',
    'isUnsupportedPlaceholder',
    'music',
    'news',
    'none',
    'openAccount',
    'text',
    'transferBizAiIvr',
    'transferCustomerService',
    'video',
    'voice',
  ])
})

t.test('everything public is described where it is written down', async t => {
  const src = path.join(projectDirectory, 'src')
  const index = fs.readFileSync(path.join(src, 'index.ts'), 'utf8')
  for (const [, names = '', file = ''] of index.matchAll(/^export (?:type )?\{([^}]*)\} from '([^']+)'/gm)) {
    const text = fs.readFileSync(path.join(src, file), 'utf8')
    for (const [name] of names.replaceAll('type ', '').matchAll(/\w+/g)) {
      const described = `\\*/\\n(?:// biome-ignore .*\\n)?export (?:async )?(?:class|const|function|interface|type) ${name}\\b`
      t.ok(new RegExp(described).test(text) || text.includes(`export { ${name} }`), `${file}: ${name}`)
    }
  }
})

t.test('functions over what is not typed can be written with the public types', async t => {
  const message = incoming('<MsgType>event</MsgType><Event>hologram</Event><Layer>1</Layer><Layer>2</Layer>')
  t.equal(layersOf(message.fields), 2)
  t.equal(message.kind === 'unknown' && message.MsgType === 'event' ? nameOf(message) : '', 'hologram')
})

t.test('an unknown MsgType is compared by its field', async t => {
  const message = incoming('<MsgType>hologram</MsgType>')
  t.equal(message.kind === 'unknown' && message.fields['MsgType'] === 'hologram', true)
})

t.test('the public functions tell what a follower has not written', async t => {
  t.equal(
    isUnsupportedPlaceholder(
      incoming('<MsgType>text</MsgType><Content>【收到不支持的消息类型，暂无法显示】</Content>'),
    ),
    true,
  )
})

/** A process that handles the messages in its arguments and ends, as CGI does: `node turn.js OPTIONS CONTENT…` */
import fs from 'node:fs'
import { createApp } from '../../src/dispatch/composer.ts'
import { Context } from '../../src/dispatch/context.ts'
import { createLogger } from '../../src/log.ts'
import { parseMessage } from '../../src/message/parse.ts'
import { openStore } from '../../src/store/open.ts'
import { parseXml } from '../../src/xml/parse.ts'

export interface TurnOptions {
  /** Where everything is kept, for `openStore`. */
  readonly store: string
  readonly openId: string
  /** The first MsgId; those of further messages follow. */
  readonly id: number
  /** How many milliseconds this process's clock is ahead. */
  readonly ahead?: number
  /** A file that gets a line for every order that is made. */
  readonly orders?: string
  /** Kills the process as soon as an order was made. */
  readonly dies?: boolean
}

const [json = '', ...contents] = process.argv.slice(2)
const { store: setting, openId, id, ahead = 0, orders = '', dies = false }: TurnOptions = JSON.parse(json)
const now = () => Date.now() + ahead

const app = createApp({ session: { initial: () => ({ count: 0 }) } })
const order = app.dialogue('order', async ctx => {
  const size = await ctx.ask('Which size?', ['S', 'M', 'L'])
  await ctx.once(() => fs.appendFileSync(orders, `${size}\n`))
  if (dies) process.kill(process.pid, 'SIGKILL')
  return `${size} to ${await ctx.ask('Where to?')}`
})
app.hears('order', order)
app.on('text', async ctx => {
  const { count } = ctx.session
  await new Promise(resolve => setImmediate(resolve))
  ctx.session.count = count + 1
  return `${ctx.session.count}`
})

const store = await openStore(setting, { baseDirectory: '/', now })
const log = createLogger(line => process.stderr.write(`${line}\n`))
const handle = (content: string, index: number) => {
  const message = `<xml><ToUserName>gh_a</ToUserName><FromUserName>${openId}</FromUserName><CreateTime>1893456000</CreateTime><MsgType>text</MsgType><Content>${content}</Content><MsgId>${id + index}</MsgId></xml>`
  return app.run(new Context(parseMessage(parseXml(Buffer.from(message))), log, { store, now }))
}
const answers = await Promise.all(contents.map(handle))
process.stdout.write(JSON.stringify(answers))
await store.close()

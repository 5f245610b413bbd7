import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { ConfigError } from '../../../src/errors.ts'
import { createLogger } from '../../../src/log.ts'
import { parseReply } from '../../../src/reply/parse.ts'
import { rulesHandler } from '../../../src/rules/handler.ts'
import { createRuleSource, type RuleSource } from '../../../src/rules/source.ts'
import { messageXml, PLAIN, plainPost, textXml } from '../../webhook/receiver.ts'
import { createWatched } from '../receiver.ts'
import { promise, type Target } from '../target.ts'

let rulesInForce: RuleSource = async () => []
const ask = createWatched(PLAIN, rulesHandler({ rules: () => rulesInForce(), random: () => 0.5 }))

const SEED = [
  { when: { event: 'subscribe' }, reply: { template: 'welcome' } },
  { name: 'prices', when: { contains: ['价格', 'price'] }, reply: 'See {{0}} {{Content}}' },
  { when: [{ exact: '订单' }, { menu: 'orders' }], reply: 'Send me the number.' },
  { when: { regex: '^weather (\\w+)$' }, reply: 'No forecast for {{1}} yet.' },
  { when: { exact: ['agent'] }, reply: { transfer: true } },
  { when: { event: 'SCAN', key: 'booth-17' }, reply: { image: 'MEDIA_ID' } },
  { when: 'image', reply: { news: { title: 'a', picture: 'https://example.com/a.jpg', url: 'https://example.com/' } } },
  { when: 'message', reply: ['I do not understand yet.', 'Try “price”.'] },
]
const MESSAGES = [
  textXml('weather Xiamen'),
  textXml('价格 {{x}} aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'),
  messageXml('<MsgType>event</MsgType><Event>subscribe</Event><EventKey>qrscene_7</EventKey>'),
  messageXml('<MsgType>image</MsgType><MediaId>m</MediaId><PicUrl>p</PicUrl><MsgId>1</MsgId>'),
]
const file = path.join(os.tmpdir(), `weixin-fuzz-rules-${process.pid}.json`)
process.once('exit', () => fs.rmSync(file, { force: true }))

/** Files of rules: they are in force, and whatever is written to the account is answered; or one line says what is wrong. */
export const rules: Target = {
  name: 'rules',
  seeds: [SEED, SEED.slice(0, 1), SEED.slice(3, 4), SEED.slice(6)].map(value => Buffer.from(JSON.stringify(value))),
  words: [
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    'null',
    '"when":',
    '"reply":',
    '"regex":"',
    '(a+)+',
    '(a|a)*$',
    '(?=',
    '\\\\1',
    '[^]*',
    '.*',
  ]
    .concat([
      '"contains":',
      '"exact":',
      '"event":',
      '"key":',
      '"menu":',
      '"message"',
      '"news":',
      '"text":',
      '"template":"help"',
    ])
    .concat([
      '"template":"../../package"',
      '{{',
      '}}',
      '{{0}}',
      '{{9}}',
      '{{from}}',
      '{{__proto__}}',
      '{{constructor}}',
      '{{#a}}',
    ])
    .concat([
      '"__proto__":',
      '\\u0000',
      '\\ud800',
      '\ufeff',
      '木',
      '😀',
      '"transfer":',
      '"video":{"media":"m","title":"t"}',
      '[[[[',
    ]),
  async check(input) {
    fs.writeFileSync(file, input)
    const options = { rules: file, configFile: file, place: ['rules'], now: Date.now }
    try {
      rulesInForce = await createRuleSource({ ...options, log: createLogger(() => {}) })
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      promise(!/[\n\r]/.test(error.message + error.zh), `one line: ${error.message}`)
      return
    }
    for (const message of MESSAGES) await answer(message)
  },
}

/** A rule whose regular expression takes too long, or whose words come out empty, is an error of the owner’s, and success. */
async function answer(message: string): Promise<void> {
  try {
    const { status, body } = await ask(plainPost(message))
    promise(status === 200, `a message is answered, not ${status}`)
    if (body !== 'success') parseReply(body.toString())
  } catch (error) {
    if (!(error instanceof Error && /SlowRegexError|ReplyError/.test(error.message))) throw error
  }
}

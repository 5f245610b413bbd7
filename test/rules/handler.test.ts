import t from 'tap'
import { compose } from '../../src/dispatch/compose.ts'
import { Context } from '../../src/dispatch/context.ts'
import type { Answer, Handler } from '../../src/dispatch/handler.ts'
import type { Trace } from '../../src/dispatch/trace.ts'
import { createLogger } from '../../src/log.ts'
import type { IncomingMessage } from '../../src/message/types.ts'
import { rulesHandler } from '../../src/rules/handler.ts'
import { parseRules } from '../../src/rules/parse.ts'
import { contextOf, incomingEvent, incomingText } from '../dispatch/incoming.ts'

const rules = parseRules([
  { when: { contains: '价格' }, reply: 'by a rule' },
  { when: { exact: 'too long' }, reply: { image: '{{Content}}{{Content}}' } },
])
const handler = rulesHandler({ rules: async () => rules, random: () => 0 })

/** An account's handlers, in their order. */
const run = (layers: readonly Handler[], message: IncomingMessage): Promise<Answer> =>
  Promise.resolve(compose(layers)(contextOf(message), async () => undefined))

t.test('handlers come first, then the rules, then whatever stands behind them', async t => {
  const hears =
    (word: string, answer: Answer): Handler =>
    ({ message }, next) =>
      message.kind === 'text' && message.Content === word ? answer : next()
  const layers = [hears('价格', 'by a handler'), hears('价格表', undefined), handler, hears('x', 'by the last handler')]
  t.equal(await run(layers, incomingText('价格')), 'by a handler')
  t.equal(await run(layers, incomingText('价格表')), undefined, 'handled without a reply')
  t.match(await run(layers, incomingText('价格？')), { Content: 'by a rule' })
  t.equal(await run(layers, incomingText('x')), 'by the last handler')
  t.equal(await run(layers, incomingEvent('SCAN')), undefined)
})

t.test('a handler that asks the rules first can answer what they do not', async t => {
  const echo: Handler = async (_, next) => (await next()) ?? 'no rule'
  t.match(await run([echo, handler], incomingText('价格')), { Content: 'by a rule' })
  t.equal(await run([echo, handler], incomingText('x')), 'no rule')
})

t.test('the log is told when the rule for everything else has answered, and no other', async t => {
  const answeredBy = async (when: unknown, message = incomingText('hi')) => {
    const trace: Trace = {}
    const context = new Context(
      message,
      createLogger(() => {}),
      { trace },
    )
    const written = parseRules([{ when, reply: 'x' }])
    await rulesHandler({ rules: async () => written, random: () => 0 })(context, async () => undefined)
    return trace.by
  }
  t.equal(await answeredBy('message'), 'fallback')
  t.equal(await answeredBy('text'), 'fallback')
  t.equal(await answeredBy({ exact: 'hi' }), undefined)
  t.equal(await answeredBy({ event: 'CLICK' }, incomingEvent('CLICK')), undefined, 'no fallback of texts')
  t.equal(await answeredBy('image'), undefined, 'nothing was answered')
})

t.test('a regular expression that takes too long for one text is given up, and the next text is answered', async t => {
  const slow = parseRules([
    { when: { exact: 'hi' }, reply: 'hello' },
    { when: { regex: '^(a+)+$' }, reply: 'only a' },
    { when: { regex: '(a.*)*c$' }, reply: 'ends in c' },
  ])
  const answer = (content: string) =>
    run([rulesHandler({ rules: async () => slow, random: () => 0 })], incomingText(content))
  await t.rejects(answer(`${'a'.repeat(40)}b`), {
    name: 'SlowRegexError',
    message:
      /^the regular expressions of the rules took over 250 ms for one text and were given up; avoid a repetition/,
    zh: /超过 250 毫秒/,
  })
  t.match(await answer('aaaa'), { Content: 'only a' })
  t.match(await answer('hi'), { Content: 'hello' })
})

t.test('a regular expression looks at the first 2048 characters of a text', async t => {
  const last = parseRules([{ when: { regex: 'z' }, reply: 'z' }])
  const answer = (content: string) =>
    run([rulesHandler({ rules: async () => last, random: () => 0 })], incomingText(content))
  t.match(await answer(`${'a'.repeat(2047)}z`), { Content: 'z' })
  t.equal(await answer(`${'a'.repeat(2048)}z`), undefined)
})

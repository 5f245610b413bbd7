import fc from 'fast-check'
import t from 'tap'
import { findRule } from '../../src/rules/match.ts'
import { parseRules } from '../../src/rules/parse.ts'
import { RuleError } from '../../src/rules/rule-error.ts'
import { incomingEvent, incomingText } from '../dispatch/incoming.ts'

const RUNS = { seed: 20310704, numRuns: 2000 }

/** Usually a value that is permitted there, now and then any other. */
const usually = (value: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 40, arbitrary: value }, fc.string(), fc.jsonValue({ maxDepth: 2 }))
const one = (...values: string[]) => usually(fc.constantFrom(...values))
const oneOrMore = (value: fc.Arbitrary<unknown>) => fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 3 }))
const under = (key: string, value: fc.Arbitrary<unknown>) => value.map(written => ({ [key]: written }))

const words = one('a', 'help', '帮助', 'a {{from}}', '{{Content}}', '{{0}}', '{{from')
const address = one('https://example.com/', 'https://example.com/{{from}}', 'example.com')
const condition = fc.oneof(
  one('message', 'event', 'text', 'image', 'event:SCAN'),
  ...['exact', 'contains', 'menu'].map(key => under(key, oneOrMore(words))),
  under('regex', oneOrMore(one('.*', '(a)|b', '('))),
  fc.record({ event: oneOrMore(one('SCAN', 'click')), key: words }, { requiredKeys: ['event'] }),
)
const article = fc.record({ title: words, description: words, url: address }, { requiredKeys: ['title'] })
const reply = fc.oneof(
  words,
  ...['text', 'image', 'voice', 'video', 'transfer'].map(key => under(key, words)),
  under('template', one('help', 'welcome', 'x')),
  under('video', fc.record({ media: words, title: words })),
  under('news', oneOrMore(article)),
)
const rule = usually(fc.record({ when: oneOrMore(condition), reply: oneOrMore(reply) }))

function accepted(value: unknown): ReturnType<typeof parseRules> | undefined {
  try {
    return parseRules(value)
  } catch (error) {
    if (error instanceof RuleError) return undefined
    throw error
  }
}

t.test('whatever JSON is given for rules, it is accepted or refused with a RuleError', async t => {
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      accepted(value)
    }),
    RUNS,
  )
  let rules = 0
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 3 }), value => {
      rules += accepted(value)?.length ?? 0
    }),
    RUNS,
  )
  t.ok(rules > 100, `accepted ${rules} rules`)
})

t.test('rules that are accepted can be asked about every message', async t => {
  let found = 0
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 2 }), fc.string(), (value, content) => {
      const rules = accepted(value) ?? []
      const text = incomingText(content.replaceAll(/[^ -~]|]]>/g, ''))
      for (const message of [text, incomingEvent('SCAN', '<EventKey>a</EventKey>')]) {
        if (findRule(rules, message)) found++
      }
    }),
    RUNS,
  )
  t.ok(found > 100, `found ${found} rules`)
})

t.test('values nested very deeply are refused as well', async t => {
  t.throws(() => parseRules([{ when: JSON.parse('['.repeat(9999) + ']'.repeat(9999)), reply: 'x' }]), RuleError)
})

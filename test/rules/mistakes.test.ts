import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { templates } from '#templates'
import { createLogger } from '../../src/log.ts'
import { createRuleSource } from '../../src/rules/source.ts'
import { mistakeIn } from './answering.ts'

const when = 'text'
const reply = 'x'
const news = (article: object) => ({ when, reply: { news: { title: 'a', ...article } } })

const mistakes: readonly (readonly [written: unknown, message: RegExp | string])[] = [
  [{ when, reply }, 'must be a list of rules: [ { "when": …, "reply": … } ]'],
  [undefined, /^must be a list of rules/],
  [['x'], 'rule 1: must be an object: { "name": …, "when": …, "reply": … }'],
  [[{ wen: 1, when, reply }], 'rule 1: "wen" is not known here; permitted: name, when, reply'],
  [[{ when, reply, ['__proto__']: 1 }], /"__proto__" is not known here/],
  [[{ reply }], /^rule 1: has no "when"; .* for every other message write "when": "message"$/],
  [[{ when }], /^rule 1: has no "reply"; /],
  [[{ name: 7, when, reply }], 'rule 1: "name" must be text in quotes'],
  [[{ when: {}, reply }], 'rule 1: "when" has no condition; permitted: exact, contains, regex, menu, event'],
  [[{ when: [], reply }], 'rule 1: "when" is an empty list; permitted: at least one entry'],
  [[{ when: 7, reply }], /^rule 1: "when" must be an object: { "exact": …, /],
  [
    [{ when: '价格', reply }],
    /^rule 1: "when" is "价格", which is no type of message; permitted: message, event, text, /,
  ],
  [[{ when: 'event SCAN', reply }], /is "event SCAN", which is no type of message/],
  [[{ when: 'x'.repeat(41), reply }], /^rule 1: "when" is "x{40}", which is no type of message/],
  [[{ when: { event: 'x'.repeat(41) }, reply }], /^rule 1: "event" is "x{40}", which is no event/],
  [[{ when: 'event:subcribe', reply }], /is "event:subcribe", which is no type of message; .*; for words write/],
  [[{ when: { contians: 'x' }, reply }], /^rule 1: "contians" is not known here; permitted: exact, contains, regex, /],
  [[{ when: { exact: '' }, reply }], 'rule 1: "exact" is empty; permitted: text in quotes'],
  [[{ when: { exact: ' \n' }, reply }], /"exact" is empty/],
  [[{ when: { contains: ['a', ''] }, reply }], /"contains" is empty/],
  [[{ when: { contains: [] }, reply }], /"contains" is an empty list/],
  [[{ when: { exact: 17 }, reply }], /"exact" must be text in quotes/],
  [
    [{ when: { exact: 'a', contains: 'b' }, reply }],
    /has "exact" and "contains"; .*\[{ "exact": … }, { "contains": … }\]$/,
  ],
  [[{ when: { regex: '(' }, reply }], 'rule 1: "regex" is not a regular expression: Unterminated group'],
  [[{ when: { regex: ['a', '\\'] }, reply }], /"regex" is not a regular expression: \\ at end of pattern/],
  [[{ when: { menu: null }, reply }], /"menu" must be text in quotes/],
  [[{ when: { event: 'subcribe' }, reply }], /"event" is "subcribe", which is no event; permitted: subscribe, unsub/],
  [[{ when: { key: 'a' }, reply }], /"key" needs an "event"; .*{ "menu": "KEY" }$/],
  [[{ when: { menu: 'a', key: 'a' }, reply }], /"key" needs an "event"/],
  [[{ when: { event: 'LOCATION', key: 'a' }, reply }], /"key" cannot be: the event LOCATION has no key/],
  [[{ when: { event: 'SCAN', key: '' }, reply }], /"key" is empty/],
  [[{ when, reply: '' }], 'rule 1: "reply" is empty; permitted: text in quotes'],
  [[{ when, reply: '\u0001' }], 'rule 1: "reply" cannot be sent: there is nothing to read in it'],
  [[{ when, reply: null }], /"reply" must be an object: { "text": …, "template": …, /],
  [[{ when, reply: [] }], /"reply" is an empty list/],
  [[{ when, reply: {} }], /"reply" must have one of text, template, image, .*; to choose one at random write a list$/],
  [[{ when, reply: { text: 'a', image: 'b' } }], /"reply" must have one of text/],
  [
    [{ when, reply: { txt: 'a' } }],
    /"txt" is not known here; permitted: text, template, image, voice, video, news, tr/,
  ],
  [[{ when, reply: ['a', ['b']] }], /"reply" must be an object/],
  [
    [{ when, reply: '价'.repeat(683) }],
    /"reply" cannot be sent: the text is over 2047 bytes, .* \(a Chinese .* is 3\)$/,
  ],
  [[{ when, reply: `${'x'.repeat(2047)}{{from}}` }], /over 2047 bytes/],
  [[{ when, reply: '{{scene}}' }], /"reply" has "{{scene}}", which is no variable here; permitted in {{ }}: Content, /],
  [
    [{ when: { exact: 'a' }, reply: '{{1}}' }],
    /"\{\{1\}\}", which is no variable here; permitted in \{\{ \}\}: 0, Content/,
  ],
  [[{ when: { contains: 'a' }, reply: '{{1}}' }], /"\{\{1\}\}", which is no variable here; .*: 0, Content/],
  [[{ when: { menu: 'a' }, reply: '{{0}}' }], /"\{\{0\}\}", which is no variable here/],
  [[{ when: { event: 'PUBLISHJOBFINISH' }, reply: '{{0}}' }], /"\{\{0\}\}", which is no variable here/],
  [
    [{ when: { event: 'PUBLISHJOBFINISH' }, reply: '{{article_url}}' }],
    /"\{\{article_url\}\}", which is no variable here/,
  ],
  [[{ when: { event: 'CLICK' }, reply: '{{0}}' }], /"\{\{0\}\}", which is no variable here/],
  [[{ when, reply: '{{0}}' }], /"\{\{0\}\}", which is no variable here/],
  [[{ when, reply: '{{constructor}}' }], /"{{constructor}}", which is no variable/],
  [[{ when, reply: '{{{from}}}' }], /"{{{from}}", which is no variable/],
  [[{ when, reply: '{{#from}}x{{/from}}' }], /"{{#from}}", which is no variable/],
  [[{ when, reply: 'a {{from' }], /"{{from", which is no variable/],
  [
    [{ when, reply: { template: 'price' } }],
    /"template" is "price", which is not in templates\/content; permitted: help, /,
  ],
  [[{ when, reply: { template: 'constructor' } }], /"template" is "constructor", which is not in/],
  [[{ when, reply: { image: '' } }], /"image" is empty/],
  [[{ when, reply: { image: 'x'.repeat(257) } }], /"image" cannot be sent: reply image: MediaId is 257 bytes; .* 256$/],
  [[{ when, reply: { voice: {} } }], /"voice" must be text in quotes/],
  [[{ when, reply: { video: { title: 'a' } } }], /"media" must be text in quotes/],
  [
    [{ when, reply: { video: { media: 'a', titel: 'b' } } }],
    /"titel" is not known here; permitted: media, title, desc/,
  ],
  [[{ when, reply: { news: { url: 'https://example.com' } } }], /"title" must be text in quotes/],
  [[{ when, reply: { news: [] } }], /"news" is an empty list/],
  [[news({ link: 'x' })], /"link" is not known here; permitted: title, description, picture, url/],
  [[news({ url: 'example.com' })], 'rule 1: "url" is not an address; permitted: http://… or https://…'],
  [[news({ picture: 'MEDIA_ID' })], /"picture" is not an address/],
  [[news({ description: 7 })], /"description" must be text in quotes/],
  [
    [{ when, reply: { news: [{ title: 'a' }, { title: 'b' }] } }],
    /"news" cannot be sent: reply news: 2 articles in ans/,
  ],
  [
    [{ when: { menu: 'a' }, reply: { news: Array(9).fill({ title: 'a' }) } }],
    /"news" cannot be sent: reply news: Articles: 9 articles; WeChat takes at most 8/,
  ],
  [
    [{ when, reply: { transfer: false } }],
    /"transfer" must be true, for any agent, or the name of one: "anna@account"/,
  ],
  [[{ when, reply: { transfer: '' } }], /"transfer" is empty/],
  [[{ when: { event: 'SCAN' }, reply: { transfer: true } }], /"transfer" cannot be sent: .* an event cannot be handed/],
  [[{ when: ['text', 'event'], reply: { transfer: true } }], /an event cannot be handed over/],
]

t.test('every mistake is one line that says which rule, which key and what is permitted', async t => {
  for (const [written, message] of mistakes) {
    const error = mistakeIn(written)
    t.equal(error.name, 'RuleError')
    t.match(error.message, message)
    t.notMatch(error.message, '\n')
    t.match(error.zh, /[\u4e00-\u9fff]/)
  }
})

t.test('a mistake is told in Chinese as well', async t => {
  t.equal(mistakeIn([{ when, reply: '' }]).zh, '第 1 条规则："reply" 是空的；应为引号中的文字')
  t.equal(mistakeIn([{ when, reply: '\u0001' }]).zh, '第 1 条规则："reply" 无法发送：其中没有可见的文字')
  t.equal(mistakeIn([{ when, reply }, { wen: 1 }]).zh, '第 2 条规则："wen" 是未知的键；允许的键：name、when、reply')
})

t.test('a template that mustache cannot read is a mistake of the rule that names it', async t => {
  const content: Record<string, string> = templates.content
  content['probe.txt'] = '{{#open}}'
  t.teardown(() => delete content['probe.txt'])
  const { message, zh } = mistakeIn([{ when, reply: { template: 'probe' } }])
  t.match(message, /^rule 1: "template" cannot be sent: Unclosed section "open"/)
  t.match(zh, /^第 1 条规则："template" 无法发送：Unclosed section "open"/)
})

t.test('a rule that no message can reach is a mistake', async t => {
  const unreached = /^rule 2: is never reached: a rule above answers every message that it is for; move it up$/
  const fallback = { when: 'message', reply }
  const behind = (first: object, second: unknown) => mistakeIn([first, { when: second, reply }]).message
  t.match(behind(fallback, { contains: '价格' }), unreached)
  t.match(behind(fallback, 'image'), unreached)
  t.match(behind(fallback, 'message'), unreached)
  t.match(behind({ when: { event: 'SCAN' }, reply }, { event: 'SCAN', key: 'a' }), unreached)
  t.match(behind({ when: 'event', reply }, [{ event: 'SCAN' }, { menu: 'a' }]), unreached)
  t.throws(() => behind(fallback, { menu: 'a' }), /the rules were accepted/)
  t.throws(() => behind(fallback, ['text', { menu: 'a' }]), /the rules were accepted/)
  t.throws(() => behind({ when: { regex: '.*' }, reply }, 'text'), /the rules were accepted/)
  for (const part of [{ exact: 'a' }, { contains: 'a' }]) {
    t.throws(() => behind({ when: part, reply }, { exact: 'b' }), /the rules were accepted/)
  }
  t.throws(() => behind({ when: { menu: 'a' }, reply }, { menu: 'b' }), /the rules were accepted/)
  t.throws(() => behind({ when: { event: 'SCAN', key: 'a' }, reply }, { event: 'SCAN' }), /the rules were accepted/)
})

const RULES = `[
  { "when": { "exact": "a" }, "reply": "x" },
  {
    "name": "b",
    "when": [
      { "exact": "b" },
      { "contians": "c" }
    ],
    "reply": "x"
  },
  {
    "when": "message"
  }
]
`

t.test('a mistake is found by its line, in the file that the setting names or in the configuration', async t => {
  const directory = t.testdir()
  const configFile = path.join(directory, 'weixin.config.json')
  const log = createLogger(line => t.fail(line))
  const read = async (text: string, setting: string | unknown[]) => {
    fs.writeFileSync(typeof setting === 'string' ? path.join(directory, setting) : configFile, text)
    return createRuleSource({ rules: setting, configFile, place: ['rules'], now: () => 0, log })
  }
  const place = `${path.join(directory, 'rules.json')}:`
  await t.rejects(read(RULES, 'rules.json'), {
    name: 'ConfigError',
    message: `${place}7: rule 2: "contians" is not known here; permitted: exact, contains, regex, menu, event, key`,
    zh: `${place}7：第 2 条规则："contians" 是未知的键；允许的键：exact、contains、regex、menu、event、key`,
  })
  const corrected = RULES.replace('contians', 'contains')
  await t.rejects(read(corrected, 'rules.json'), { message: /^.*rules\.json:11: rule 3: has no "reply"; / })
  await t.rejects(read(`{ "token": "t",\n "rules": ${RULES} }`, []), {
    message: /^.*weixin\.config\.json:8: rule 2: "contians" is not known here/,
  })
  await t.rejects(read('[\n { "when": { "regex": "\\d" } }\n]', 'rules.json'), {
    message: `${place}2: not JSON (InvalidEscapeCharacter); permitted: a list of rules, [ { "when": …, "reply": … } ]`,
  })
  await t.rejects(read('{ "rules": [] }', 'rules.json'), {
    message: `${place}1: must be a list of rules: [ { "when": …, "reply": … } ]`,
  })
  await t.rejects(read('{ "token": "t" }', []), { message: /weixin\.config\.json:1: "rules" must be a list of rules/ })
  await t.rejects(read('[\n{ "when": "text", "reply": { "news": { "title": "a", \n"url": "x" } } }]', 'rules.json'), {
    message: `${place}3: rule 1: "url" is not an address; permitted: http://… or https://…`,
  })
})

t.test('what is missing is where the object is that has not got it', async t => {
  const directory = t.testdir({ 'rules.json': '[\n{ "when": "text",\n"reply": { "news":\n{ "url": "https://a" } } }]' })
  const source = createRuleSource({
    rules: 'rules.json',
    configFile: path.join(directory, 'weixin.config.json'),
    place: ['rules'],
    now: () => 0,
    log: createLogger(line => t.fail(line)),
  })
  await t.rejects(source, { message: /rules\.json:4: rule 1: "title" must be text in quotes$/ })
})

t.test('a file that cannot be read, or is in another encoding, is named', async t => {
  const directory = t.testdir({ 'gbk.json': Buffer.from('5b22bcdbb8f1225d', 'hex') })
  const read = (rules: string) =>
    createRuleSource({
      rules,
      configFile: path.join(directory, 'weixin.config.json'),
      place: ['rules'],
      now: () => 0,
      log: createLogger(line => t.fail(line)),
    })
  await t.rejects(read('nowhere.json'), {
    name: 'ConfigError',
    message: `cannot read ${path.join(directory, 'nowhere.json')}: ENOENT`,
  })
  await t.rejects(read('gbk.json'), {
    message: `${path.join(directory, 'gbk.json')}: not UTF-8; save it as UTF-8 in your editor`,
  })
})

import fs from 'node:fs'
import path from 'node:path'
import t, { type Test } from 'tap'
import { createLogger } from '../../src/log.ts'
import { rulesHandler } from '../../src/rules/handler.ts'
import { createRuleSource } from '../../src/rules/source.ts'
import { contextOf, incomingText } from '../dispatch/incoming.ts'

const always = (words: string) => JSON.stringify([{ when: 'message', reply: words }])

/** A running service with these rules: what it answers, its clock and its log. */
async function running(t: Test, text: string, setting: string | unknown[] | undefined) {
  const directory = t.testdir()
  const file = path.join(directory, typeof setting === 'string' ? setting : 'weixin.config.json')
  fs.writeFileSync(file, text)
  const lines: string[] = []
  let time = 1_893_456_000_000
  const rules = await createRuleSource({
    rules: setting,
    configFile: path.join(directory, 'weixin.config.json'),
    place: ['rules'],
    now: () => time,
    log: createLogger(line => lines.push(line)),
  })
  const handler = rulesHandler({ rules, random: () => 0 })
  return {
    file,
    lines,
    after: async (milliseconds: number) => {
      time += milliseconds
      const reply = await handler(contextOf(incomingText('x')), async () => undefined)
      return (reply as { readonly Content: string } | undefined)?.Content
    },
  }
}

t.test('an edit is picked up by the first message a second after the last look', async t => {
  const { file, lines, after } = await running(t, always('a'), 'rules.json')
  t.equal(await after(0), 'a')
  fs.writeFileSync(file, always('bb'))
  t.equal(await after(999), 'a')
  t.equal(await after(1), 'bb')
  fs.writeFileSync(file, always('ccc'))
  t.equal(await after(999), 'bb')
  t.equal(await after(1), 'ccc')
  t.strictSame(lines.length, 2)
  t.match(lines[0], /^weixin info: read the rules again file=.* rules=1$/)
})

t.test('the file that stays the same is not read again', async t => {
  const { lines, after } = await running(t, always('a'), 'rules.json')
  for (const _ of Array(5)) t.equal(await after(10_000), 'a')
  t.strictSame(lines, [])
})

t.test('a new file under the same name is an edit, whatever its size and its time', async t => {
  const { file, after } = await running(t, always('a'), 'rules.json')
  const TIME = 1_893_456_000
  fs.utimesSync(file, TIME, TIME)
  t.equal(await after(1000), 'a')
  fs.writeFileSync(`${file}.new`, always('b'))
  fs.utimesSync(`${file}.new`, TIME, TIME)
  fs.renameSync(`${file}.new`, file)
  t.equal(await after(1000), 'b')
})

t.test('after a broken edit the last good rules stay in force, and the log says so once', async t => {
  const { file, lines, after } = await running(t, always('a'), 'rules.json')
  const mistakes = [
    ['[\n{ "when": "message" "reply": "b" }]', /:2: not JSON \(CommaExpected\); permitted: a list of rules, /],
    ['[\n\n{ "when": "message", "replay": "b" }]', /:3: rule 1: "replay" is not known here; permitted: name, when, r/],
  ] as const
  for (const [text, message] of mistakes) {
    fs.writeFileSync(file, text)
    for (const _ of Array(3)) t.equal(await after(1000), 'a')
    t.equal(lines.length, 1)
    t.match(lines[0], /^weixin error: .*; the rules of before stay in force$/)
    t.match(lines.pop(), message)
  }
  fs.rmSync(file)
  for (const _ of Array(3)) t.equal(await after(1000), 'a')
  t.equal(lines.length, 1)
  t.match(lines.pop(), /^weixin error: cannot read .*rules\.json: ENOENT; the rules of before stay in force$/)
  fs.writeFileSync(file, always('good again'))
  t.equal(await after(1000), 'good again')
  t.match(lines, [/^weixin info: read the rules again/])
})

t.test('rules in the configuration itself are picked up as well', async t => {
  const { file, lines, after } = await running(t, `{ "token": "t", "rules": ${always('a')} }`, [])
  t.equal(await after(0), 'a')
  fs.writeFileSync(file, `{ "token": "another", "rules": ${always('bb')} }`)
  t.equal(await after(1000), 'bb')
  fs.writeFileSync(file, '{ "token": "t" }')
  t.equal(await after(1000), 'bb')
  t.match(lines.at(-1), /^weixin error: .*weixin\.config\.json:1: "rules" must be a list of rules/)
})

t.test('the first rules of a configuration that has had none count at once as well', async t => {
  const { file, lines, after } = await running(t, '{ "token": "t" }', undefined)
  t.equal(await after(1000), undefined)
  fs.writeFileSync(file, '{ "token": "t", "lint": "on" }')
  t.equal(await after(1000), undefined)
  t.strictSame(lines, [], 'nothing of it was about rules')
  fs.writeFileSync(file, `{ "token": "t", "rules": ${always('a')} }`)
  t.equal(await after(1000), 'a')
  t.match(lines.pop(), /^weixin info: read the rules again file=.* rules=1$/)
  fs.writeFileSync(file, '{\n"token": "t",\n"rules": "rules.json" }')
  t.equal(await after(1000), 'a')
  t.match(lines.pop(), /^weixin error: .*\.json:3: "rules" names a file now, which counts after a restart; /)
  fs.writeFileSync(file, '{ "token": "t" }')
  t.equal(await after(1000), undefined)
  t.match(lines, [/ rules=0$/])
})

t.test('a byte order mark is no mistake', async t => {
  const { after } = await running(t, `\uFEFF${always('a')}`, 'rules.json')
  t.equal(await after(0), 'a')
})

t.test('a clock that is set back does not hold up an edit', async t => {
  const { file, after } = await running(t, always('a'), 'rules.json')
  fs.writeFileSync(file, always('bb'))
  t.equal(await after(-3_600_000), 'bb')
})

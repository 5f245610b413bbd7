import t from 'tap'
import { namesOf, play } from './play.ts'
import { startResponder } from './responder.ts'

const elsewhere = {
  plain: /^(?:mode|cipher|sealed)-/,
  compatible: /^(?:message-openid|mode-downgrade)$/,
  safe: /^(?:message-openid|mode-plain)$/,
}

for (const mode of ['plain', 'compatible', 'safe'] as const) {
  t.test(`a responder of another make that does everything right passes every check of ${mode} mode`, async t => {
    const run = await play(await startResponder(t, mode), { mode })
    t.strictSame(namesOf(run, 'failed'), [])
    for (const name of namesOf(run, 'skipped')) t.match(name, elsewhere[mode])
    for (const name of namesOf(run, 'passed')) t.notMatch(name, elsewhere[mode])
  })
}

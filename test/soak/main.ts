/**
 * `npm run soak -- [--minutes N] [--rate N] [--store redis|files] [--out FILE]`: traffic of all kinds through Apache while everything is
 * done to the deployment that may happen to it; a ledger on the sending side says what became of each message.
 */
import { randomInt } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import t from 'tap'
import { findApache } from '../../src/cli/trial/private-apache.ts'
import { createPlatform } from '../../src/simulator/platform.ts'
import { createRandom } from '../fuzz/random.ts'
import { FAULTS, type SiteName } from './faults.ts'
import { balance } from './ledger.ts'
import { startPatience } from './patience.ts'
import { renderSoak, type Soak } from './report.ts'
import { type Fault, growth, look, type Sample } from './samples.ts'
import { ACCOUNT, setStage } from './stage.ts'
import { startTraffic } from './traffic.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    rate: { type: 'string', default: '20' },
    store: { type: 'string', default: 'redis' },
    out: { type: 'string', default: 'dist/soak.html' },
  },
})
const minutes = Number(values.minutes)
const rate = Number(values.rate)
const store = values.store === 'redis' || values.store === 'files' ? values.store : undefined
/** Milliseconds between two faults: a message has all its deliveries behind it by then. */
const PAUSE = 20_000
/** What the last quarter of the time may have more than the second one. */
const MEGABYTES = 8
const DESCRIPTORS = 6
/** A run of so few minutes ends before a process is warm, and before Apache has all the connections that it keeps. */
const WARM_UP = 10
const WHILE_WARMING_UP = { megabytes: 90, descriptors: 32 }

const apache = findApache()
if (!apache || !store || !(minutes > 0) || !(rate > 0)) {
  process.stderr.write(
    'usage: npm run soak -- [--minutes N] [--rate N] [--store redis|files] [--out FILE]; it needs Apache\n',
  )
  process.exit(2)
}
t.setTimeout(0)
/** Milliseconds. Ctrl-C ends it early, with its page, and with everything that was started. */
let length = minutes * 60_000
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    length = 0
  })
}

t.test(`${minutes} minutes`, async t => {
  const { sites, scene, steady } = await setStage(t, apache, store, `${values.out}.log`)
  const begun = Date.now()
  const since = () => Date.now() - begun
  const processes: Record<string, Sample[]> = { 'the service that nobody kills': [], 'the one that is killed': [] }
  const [ours = [], theirs = []] = Object.values(processes)
  const looking = setInterval(() => {
    for (const [samples, pid] of [
      [ours, steady],
      [theirs, scene.mortal()],
    ] as const) {
      const sample = look(pid, since())
      if (sample) samples.push(sample)
    }
  }, 1000)

  const sent = new Set<string>()
  scene.api.onFollowerMessage((_, message) => {
    if (message.type === 'text') sent.add(message.content)
  })
  const random = createRandom(randomInt(2 ** 31))
  const fronts = await Promise.all(sites.map(({ url }) => startPatience(t, url)))
  const traffics = fronts.map((url, index) =>
    // A process a message, or a process a message at a time, bears less.
    startTraffic(
      createPlatform({ target: { url }, account: ACCOUNT }),
      index === 0 ? rate : rate / 10,
      random,
      index * 1e8,
    ),
  )
  const { faults, stateless } = await torment(t, since)
  const stopping = Promise.all(traffics.map(traffic => traffic.stop()))
  await stopping
  clearInterval(looking)

  const isExcused = (id: SiteName, from: number, to: number) =>
    stateless.some(
      fault => fault.sites.includes(id) && fault.from - 1000 < to - begun && fault.to + 15_000 > from - begun,
    )
  const results = sites.map(({ id, name, runs }, index) => {
    const { entries = [], others = [] } = traffics[index] ?? {}
    const books = balance(entries, runs, scene.killed, sent, ({ startedAt, deliveries }) =>
      isExcused(id, startedAt, Math.max(...deliveries.map(one => one.startedAt + one.milliseconds))),
    )
    const latencies = [...entries.map(({ exchange }) => exchange), ...others].flatMap(({ deliveries }) =>
      deliveries.map(({ startedAt, milliseconds }) => ({ at: startedAt - begun, value: milliseconds })),
    )
    const strangers = others.filter(({ trouble }) => trouble !== undefined)
    const letIn = strangers.filter(({ deliveries }) => deliveries.some(({ verdict }) => verdict?.keptOut === false))
    const failed = others.filter(({ state, trouble }) => trouble === undefined && state === 'failed')
    return { name, balance: books, latencies, letIn: letIn.length, failed: failed.length }
  })
  const megabytes = growth(ours.map(sample => sample.megabytes))
  const largest = Math.max(...ours.map(sample => sample.megabytes))
  const descriptors = growth(ours.map(sample => sample.descriptors))
  const isWarmingUp = minutes < WARM_UP
  const verdict: Soak['verdict'] = [
    ...results.flatMap(({ name, balance: { messages, lost, wrong, twice }, letIn, failed }) => [
      { holds: messages > 0 && lost.length === 0, sentence: `${name}: each of ${messages} messages was answered` },
      { holds: wrong.length === 0, sentence: `${name}: each with its own answer` },
      { holds: twice.length === 0, sentence: `${name}: no handler ran twice that was not killed or without its store` },
      { holds: failed === 0, sentence: `${name}: every access check and every event was taken (${failed} were not)` },
      { holds: letIn === 0, sentence: `${name}: no stranger was let in` },
    ]),
    {
      holds: megabytes < MEGABYTES || (isWarmingUp && largest < WHILE_WARMING_UP.megabytes),
      sentence: `memory: ${largest.toFixed(0)} MB at the most, ${megabytes.toFixed(1)} MB more in the last quarter than in the second`,
    },
    {
      holds: descriptors < (isWarmingUp ? WHILE_WARMING_UP.descriptors : DESCRIPTORS),
      sentence: `descriptors grew by ${descriptors}`,
    },
    { holds: look(steady, 0) !== undefined, sentence: 'the service that nobody kills is the one of the beginning' },
  ]
  fs.writeFileSync(values.out, renderSoak({ milliseconds: since(), sites: results, processes, faults, verdict }))
  for (const { name, balance } of results) t.comment(name, balance)
  t.comment(`the page is ${path.resolve(values.out)}`)
  for (const { holds, sentence } of verdict) t.ok(holds, sentence)

  async function torment(t: Parameters<typeof setStage>[0], since: () => number) {
    const faults: Fault[] = []
    const stateless: (Fault & { readonly sites: readonly SiteName[] })[] = []
    const possible = FAULTS.filter(({ isPossible }) => isPossible?.(scene) ?? true)
    for (const { name } of FAULTS)
      if (!possible.some(plan => plan.name === name)) t.comment(`not possible here: ${name}`)
    const pause = Math.min(PAUSE, length / (possible.length + 2))
    for (let turn = 0; since() < length - 2 * pause; turn++) {
      await new Promise(resolve => setTimeout(resolve, pause))
      const plan = possible[turn % possible.length]
      if (!plan) continue
      const from = since()
      t.comment(`${Math.round(from / 1000)} s: ${plan.name}`)
      await plan.run(scene)
      const fault = { name: plan.name, from, to: since() }
      faults.push(fault)
      if (plan.losesState) stateless.push({ ...fault, sites: plan.losesState })
    }
    await new Promise(resolve => setTimeout(resolve, Math.max(0, length - since())))
    return { faults, stateless }
  }
})

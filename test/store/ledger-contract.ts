import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import type { Ledger } from '../../src/store/ledger.ts'
import { race } from './processes.ts'

/** A ledger under test, and a clock that says how old its claims are. */
export interface LedgerSubject {
  /** The ledger as this process sees it, or another one. */
  readonly ledger: Ledger
  readonly other: Ledger
  /** Lets so many milliseconds pass for the ledger. */
  advance(milliseconds: number): Promise<void>
  /** For `openStore` in other processes. */
  readonly setting?: string
}

const RACER = fileURLToPath(new URL('./ledger-racer.js', import.meta.url))
const KEY = '1893456000-0123456789abcdef'
const KEYS = Array.from({ length: 40 }, (_, i) => `${1893456000 + (i % 4)}-${i}f`)

/** What every ledger promises, whatever it is made of. */
export function ledgerContract(t: Test, open: (t: Test) => Promise<LedgerSubject>): void {
  t.test('of all who claim a key exactly one gets it, and the others see that it is held', async t => {
    const { ledger, other } = await open(t)
    t.equal(await ledger.look(KEY), undefined)
    t.equal(await ledger.claim(KEY, 'a'), true)
    t.equal(await ledger.claim(KEY, 'b'), false)
    t.equal(await other.claim(KEY, 'c'), false)
    t.equal(await other.look(KEY), 'held')
  })

  t.test('keys of one second, and of one id at different times, are different keys', async t => {
    const { ledger } = await open(t)
    t.equal(await ledger.claim('60-aa', 'a'), true)
    t.equal(await ledger.claim('60-ab', 'b'), true)
    t.equal(await ledger.claim('120-aa', 'c'), true)
    await ledger.settle('60-aa', 'a', 'first')
    await ledger.settle('60-ab', 'b', 'second')
    t.strictSame(await ledger.look('60-aa'), { value: 'first' })
    t.strictSame(await ledger.look('60-ab'), { value: 'second' })
    t.equal(await ledger.look('120-aa'), 'held')
  })

  t.test('everybody sees the value that a claim was settled with, and nobody can claim it again', async t => {
    const { ledger, other, advance } = await open(t)
    for (const [i, value] of ['', '{"reply":"中文 😀 \\n"}', 'x'.repeat(100_000), '?', '='].entries()) {
      await ledger.claim(`60-${i}`, `${i}`)
      await ledger.settle(`60-${i}`, `${i}`, value)
      t.strictSame(await ledger.look(`60-${i}`), { value })
      t.strictSame(await other.look(`60-${i}`), { value })
    }
    await advance(60_000)
    t.equal(await other.claim('60-1', 'later'), false)
    t.strictSame(await other.look('60-0'), { value: '' })
  })

  t.test('a claim that is not renewed is lost after 6 s, and exactly one takes it over', async t => {
    const { ledger, other, advance } = await open(t)
    await ledger.claim(KEY, 'a')
    await advance(5000)
    t.equal(await ledger.renew(KEY, 'a'), true)
    await advance(5000)
    t.equal(await other.look(KEY), 'held')
    await advance(2000)
    t.equal(await other.look(KEY), undefined)
    t.equal(await other.claim(KEY, 'b'), true)
    t.equal(await other.claim(KEY, 'c'), false)
    t.equal(await ledger.claim(KEY, 'd'), false)
    t.equal(await ledger.renew(KEY, 'a'), false)
    t.equal(await other.renew(KEY, 'b'), true)
    await other.settle(KEY, 'b', 'value')
    t.strictSame(await ledger.look(KEY), { value: 'value' })
  })

  t.test('a claim can be taken over again and again', async t => {
    const { ledger, other, advance } = await open(t)
    for (const holder of ['a', 'b', 'c', 'd']) {
      t.equal(await (holder < 'c' ? ledger : other).claim(KEY, holder), true)
      await advance(7000)
    }
    t.equal(await ledger.look(KEY), undefined)
  })

  t.test('of two who settle a key the first one counts', async t => {
    const { ledger, other, advance } = await open(t)
    await ledger.claim(KEY, 'stood still')
    await advance(7000)
    await other.claim(KEY, 'took over')
    await ledger.settle(KEY, 'stood still', 'first')
    t.strictSame(await other.look(KEY), { value: 'first' })
    await other.settle(KEY, 'took over', 'second')
    t.strictSame(await other.look(KEY), { value: 'first' })
  })

  t.test('what was settled after its claim was forgotten cannot be claimed again', async t => {
    const { ledger, other } = await open(t)
    await ledger.settle(KEY, 'a', 'value')
    t.equal(await other.claim(KEY, 'b'), false)
    t.strictSame(await other.look(KEY), { value: 'value' })
  })

  t.test('whoever has no claim can neither renew nor settle', async t => {
    const { ledger } = await open(t)
    t.equal(await ledger.renew(KEY, 'a'), false)
    await ledger.claim(KEY, 'a')
    t.equal(await ledger.renew(KEY, 'b'), false)
  })
}

/** What a ledger promises besides when processes share it. */
export function sharedLedgerContract(t: Test, open: (t: Test) => Promise<LedgerSubject>): void {
  t.test('of many processes that claim the same keys at once exactly one gets each', async t => {
    const { setting = '' } = await open(t)
    const winners = await race(t, 8, RACER, [setting, ...KEYS])
    t.strictSame(winners.flat().sort(), KEYS.toSorted())
  })

  t.test('of many processes that find the same claims lost exactly one takes each over', async t => {
    const { ledger, setting = '', advance } = await open(t)
    for (const key of KEYS) await ledger.claim(key, key)
    await advance(7000)
    const winners = await race(t, 8, RACER, [setting, ...KEYS])
    t.strictSame(winners.flat().sort(), KEYS.toSorted())
  })
}

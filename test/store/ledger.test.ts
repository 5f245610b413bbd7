import path from 'node:path'
import t, { type Test } from 'tap'
import { createFileStore } from '../../src/store/file.ts'
import { createStoreLedger } from '../../src/store/ledger.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import type { Store } from '../../src/store/types.ts'
import { type LedgerSubject, ledgerContract, sharedLedgerContract } from './ledger-contract.ts'
import { scratch } from './processes.ts'

function openIn(createStore: (now: () => number) => Store): LedgerSubject {
  let now = Date.now() - 7000
  const store = createStore(() => now)
  return {
    ledger: createStoreLedger(store),
    other: createStoreLedger(store),
    async advance(milliseconds: number) {
      now += milliseconds
    },
  }
}

t.test('in memory', async t => {
  ledgerContract(t, async () => openIn(createMemoryStore))
})

t.test('in files, as on Windows', async t => {
  const open = async (t: Test) => {
    const directory = path.join(scratch(t), 'store')
    const store = (now: () => number) =>
      createFileStore(directory, { now, random: Math.random, uid: process.geteuid?.() })
    return { ...openIn(store), setting: `file:${directory}` }
  }
  ledgerContract(t, open)
  if (process.platform === 'win32') sharedLedgerContract(t, open)
})

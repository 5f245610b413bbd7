import t from 'tap'
import { createStoreLedger } from '../../src/store/ledger.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { ledgerContract } from './ledger-contract.ts'

ledgerContract(t, async () => {
  let now = 1_893_456_000_000
  const store = createMemoryStore(() => now)
  return {
    ledger: createStoreLedger(store),
    other: createStoreLedger(store),
    async advance(milliseconds: number) {
      now += milliseconds
    },
  }
})

import t from 'tap'
import { createFileStore } from '../../src/store/file.ts'
import { contract, sharedContract } from './contract.ts'
import { scratch } from './processes.ts'

const uid = process.geteuid?.()

async function open(t: import('tap').Test) {
  const directory = `${scratch(t)}/store`
  let passed = 0
  const now = () => Date.now() + passed
  const store = createFileStore(directory, { now, random: Math.random, uid })
  const past = createFileStore(directory, { now: () => Date.now() - 10_000, random: Math.random, uid })
  return {
    store,
    setting: `file:${directory}`,
    async advance(milliseconds: number) {
      passed += milliseconds
    },
    addExpired: (key: string) => past.set(key, 'expired', 1000),
  }
}

contract(t, open)
sharedContract(t, open)

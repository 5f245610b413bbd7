/** One of many processes that claim the same keys at once: `node ledger-racer.js SETTING KEY…` */
import { openLedger, openStore } from '../../src/store/open.ts'
import { startSignal } from './processes.ts'

const [setting = '', ...keys] = process.argv.slice(2)
const store = await openStore(setting, { baseDirectory: '/' })
const ledger = openLedger(setting, store, { baseDirectory: '/' })

await store.get('opened')
await startSignal()
for (const key of keys) {
  if (await ledger.claim(key, `${process.pid} ${key}`)) process.stdout.write(`${key}\n`)
}
await store.close()

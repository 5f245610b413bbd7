/** One of many processes that use a store at once: `node racer.js SETTING ACTION KEY…` */
import { openStore } from '../../src/store/open.ts'
import { startSignal } from './processes.ts'

const [setting = '', action = '', ...keys] = process.argv.slice(2)
const store = await openStore(setting, { baseDirectory: '/' })

const actions: Readonly<Record<string, (key: string) => Promise<boolean>>> = {
  add: key => store.add(key, `by ${process.pid}`, 60_000),
  replace: key => store.replace(key, 'before', `by ${process.pid}`, 60_000),
  remove: key => store.remove(key),
  async count(key) {
    const before = (await store.get(key)) ?? ''
    const replaced = await store.replace(key, before, String(Number(before) + 1), 60_000)
    return replaced || actions['count']?.(key) || false
  },
}

await store.get('opened')
await startSignal()
for (const key of keys) {
  if (await actions[action]?.(key)) process.stdout.write(`${key}\n`)
}
await store.close()

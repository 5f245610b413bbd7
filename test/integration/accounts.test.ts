import t from 'tap'
import { deploy, requireApache } from './deployment.ts'
import { startWay, ways } from './ways.ts'
import { get, signed } from './wire.ts'

for (const way of requireApache(t) ? ways : []) {
  t.test(`${way.name}: each account answers on its own path with its own Token, and no other path answers`, async t => {
    const port = await startWay(t, way, deploy(t, { token: 'first', accounts: { shop: { token: 'second' } } }))
    const statusOf = async (path: string, token: string) => {
      const { statusLine } = await get(port, `${path}?${signed(token)}&echostr=1`)
      return statusLine.split(' ')[1]
    }
    t.equal(await statusOf('/', 'first'), '200')
    t.equal(await statusOf('/shop', 'second'), '200')
    t.equal(await statusOf('/', 'second'), '403')
    t.equal(await statusOf('/shop', 'first'), '403')
    t.equal(await statusOf('/shop/x', 'second'), '404')
    t.equal(await statusOf('/club', 'first'), '404')
  })
}

import t from 'tap'
import { deploy, freePort, requireApache, startApache, startResponder, vhostOf } from './deployment.ts'
import { get, signed } from './wire.ts'

const apache = requireApache(t)

t.test('a balancer goes on with one machine when the other is gone', async t => {
  if (!apache) return
  const deployment = deploy(t, { token: 't', store: 'memory:' })
  const members = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`]
  const responders = []
  for (const member of members) responders.push(await startResponder(t, deployment, member))
  const [one = '', other = ''] = members
  const vhost = vhostOf('debian-balancer.conf', deployment)
    .replace('10.0.0.11:9000', one)
    .replace('10.0.0.12:9000', other)
  const { url } = await startApache(t, apache, deployment, vhost)
  const statusOf = async () => {
    const { statusLine } = await get(Number(new URL(url).port), `/?${signed('t')}&echostr=1`)
    return statusLine.split(' ')[1]
  }
  for (let index = 0; index < 10; index++) t.equal(await statusOf(), '200')
  responders[0]?.kill('SIGKILL')
  for (let index = 0; index < 10; index++) t.equal(await statusOf(), '200')
})

import path from 'node:path'
import t from 'tap'
import { parseReply } from '../../src/reply/parse.ts'
import { type Delivery, deliverToScript, deliverToUrl } from '../../src/simulator/deliver.ts'
import { composeMessage } from '../../src/simulator/message.ts'
import { signMessage } from '../../src/simulator/sign.ts'
import { deploy, requireApache, startApache, startResponder, vhostOf } from './deployment.ts'

/** The default handlers answer it with a number from 1 to 999 that nobody can foretell. */
function rollTheDice(msgId: string): Delivery {
  const timestamp = String(Math.floor(Date.now() / 1000))
  const xml = composeMessage({
    kind: 'text',
    values: ['roll 999'],
    toUserName: 'gh_a',
    fromUserName: 'oFan',
    createTime: 1893456000,
    msgId,
  })
  return signMessage({ token: 't', timestamp, nonce: '1' }, xml, 'oFan')
}

const apache = requireApache(t)

t.test('deliveries of one message to CGI processes and to a service at once get one answer', async t => {
  if (!apache) return
  const deployment = deploy(t, { token: 't', store: 'file:var' })
  const socket = path.join(deployment.scratch, 'weixin.sock')
  await startResponder(t, deployment, socket)
  const { url } = await startApache(t, apache, deployment, vhostOf('debian-proxy-fcgi.conf', deployment))
  const script = path.join(deployment.directory, 'cgi-bin', 'weixin')
  for (const msgId of ['1', '2', '3']) {
    const delivery = rollTheDice(msgId)
    const outcomes = await Promise.all([
      deliverToUrl(url, delivery),
      deliverToScript(script, {}, delivery),
      deliverToUrl(url, delivery),
      deliverToScript(script, {}, delivery),
    ])
    t.strictSame(
      outcomes.map(({ status }) => status),
      [200, 200, 200, 200],
    )
    const answers = new Set(outcomes.map(({ body }) => JSON.stringify({ ...parseReply(body), CreateTime: 0 })))
    t.equal(answers.size, 1, [...answers].join(' '))
  }
})

import path from 'node:path'
import t from 'tap'
import { parseReply } from '../../src/reply/parse.ts'
import { deliverToScript } from '../../src/simulator/deliver.ts'
import { composeMessage } from '../../src/simulator/message.ts'
import { signMessage } from '../../src/simulator/sign.ts'
import { noRedis, startRedis } from '../store/redis-server.ts'
import { deploy } from './deployment.ts'

t.test('two machines that share a Redis and no folder give one answer', { skip: noRedis() }, async t => {
  const { port, kill } = await startRedis(t)
  const config = { token: 't', store: `redis://127.0.0.1:${port}` }
  const machines = [deploy(t, config), deploy(t, config)]
  // The default handlers answer it with a number from 1 to 999 that nobody can foretell.
  const deliver = (msgId: string) => {
    const timestamp = String(Math.floor(Date.now() / 1000))
    const [toUserName, fromUserName] = ['gh_a', 'oFan']
    const xml = composeMessage({ kind: 'text', values: ['roll 999'], toUserName, fromUserName, createTime: 1, msgId })
    const delivery = signMessage({ token: 't', timestamp, nonce: '1' }, xml, fromUserName)
    return Promise.all(
      machines.map(({ directory }) => deliverToScript(path.join(directory, 'cgi-bin', 'weixin'), {}, delivery)),
    )
  }
  for (const msgId of ['1', '2', '3']) {
    const [one, other] = await deliver(msgId)
    t.match(one, { status: 200, log: /^weixin info: answered .*\n$/ })
    t.strictSame({ ...parseReply(other?.body ?? ''), CreateTime: 0 }, { ...parseReply(one?.body ?? ''), CreateTime: 0 })
  }

  await kill()
  for (const { status, body, log } of await deliver('4')) {
    t.equal(status, 200, 'without Redis they answer all the same')
    t.match(parseReply(body), { MsgType: 'text' })
    t.match(log, /^weixin error: .*Redis/m)
  }
})

import t from 'tap'
import { silent } from '../sample.ts'
import { phoneFor } from './phone.ts'

t.test('trouble befalls the last message, and only what the follower would see is shown', async t => {
  const { act, listen } = await phoneFor(t)
  const { snapshot, until } = await listen()
  const openid = snapshot.followers[0]?.openid
  t.match(await act('trouble', { openid, trouble: 'garbage' }), {
    status: 400,
    answer: { reason: { en: 'send something first', zh: '请先发送一条消息' } },
  })
  await act('send', { openid, type: 'text', content: 'hi' })
  await until('line', ({ from }) => from === 'account')
  await act('trouble', { openid, trouble: 'wrong-signature' })
  const forged = await until('exchange', ({ trouble, state }) => trouble === 'wrong-signature' && state === 'silent')
  t.equal(forged.deliveries[0]?.verdict?.keptOut, false, 'this responder checks nothing')
  t.equal((await listen()).snapshot.lines.length, 2, 'no line more')
  await act('trouble', { openid, trouble: 'duplicate' })
  const twice = await until('exchange', ({ trouble, state }) => trouble === 'duplicate' && state === 'answered')
  t.equal(twice.deliveries.length, 2)
  t.equal((await act('trouble', { openid, trouble: 'flood' })).status, 400)
})

t.test('a server that never answers ends with the line that followers know', async t => {
  const { act, listen, clock, behind } = await phoneFor(t, { answers: [silent] })
  const { snapshot, until } = await listen()
  await act('send', { openid: snapshot.followers[0]?.openid, type: 'text', content: 'hi' })
  for (const count of [1, 2, 3]) {
    await behind.got(count)
    clock.pass(5000)
    await until('exchange', ({ deliveries }) => deliveries[count - 1]?.verdict !== undefined)
  }
  const { content } = await until('line', ({ from }) => from === 'notice')
  t.match(content, { failed: true, text: { zh: '该公众号提供的服务出现故障，请稍后再试' } })
})

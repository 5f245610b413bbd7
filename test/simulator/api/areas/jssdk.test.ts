import t from 'tap'
import { fakeApi } from '../fake.ts'

t.test('the JS-SDK ticket is the same for two hours', async t => {
  const { asked, time } = await fakeApi(t)
  const ticket = async () => (await asked('/cgi-bin/ticket/getticket', { type: 'jsapi' })).ticket
  const one = await ticket()
  time.now += 7_199_000
  t.equal(await ticket(), one)
  t.match(await asked('/cgi-bin/ticket/getticket', { type: 'other' }), { errcode: 40097 })
})

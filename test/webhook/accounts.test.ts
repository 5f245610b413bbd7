import t from 'tap'
import { ACCOUNT, createReceiver, PLAIN, plainPost, textXml } from './receiver.ts'

t.test('a message that is addressed to another account than this one is forbidden', async t => {
  const { receive, log } = createReceiver({ account: { ...PLAIN, originalId: 'gh_another' } })
  t.match(await receive(plainPost(textXml('hi'))), { status: 403, body: 'forbidden\n' })
  t.match(log, [/^weixin warn: the message is addressed to another account .* status=403 reason=original-id$/])
})

t.test('a message that is addressed to this account is answered', async t => {
  const { receive } = createReceiver({ account: { ...PLAIN, originalId: ACCOUNT } })
  t.match(await receive(plainPost(textXml('hi'))), { status: 200 })
})

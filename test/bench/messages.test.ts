import t from 'tap'
import { benchMessage, FIXED_REPLY, isRightAnswer } from './messages.ts'

const reply = (follower: string) => Buffer.from(`<xml><ToUserName><![CDATA[${follower}]]></ToUserName></xml>`)

t.test('each number is another message from another follower', async t => {
  const [first, second] = [benchMessage('plain', 1, 1_700_000_000), benchMessage('plain', 2, 1_700_000_000)]
  t.match(first.body, '<FromUserName><![CDATA[oBench0000000000000000000001]]></FromUserName>')
  t.match(first.body, '<MsgId>2400000000000001</MsgId>')
  t.match(second.body, '<MsgId>2400000000000002</MsgId>')
  t.not(first.query, second.query)
})

t.test('an answer is right when it goes to whoever wrote', async t => {
  const message = benchMessage('plain', 7, 1_700_000_000)
  t.ok(isRightAnswer('plain', message, reply('oBench0000000000000000000007')))
  t.notOk(isRightAnswer('plain', message, reply('oBench0000000000000000000008')))
  t.notOk(isRightAnswer('plain', message, Buffer.from('success')))
})

t.test('a program that looks at nothing must give the fixed reply', async t => {
  const message = benchMessage('fixed', 7, 1_700_000_000)
  t.ok(isRightAnswer('fixed', message, Buffer.from(FIXED_REPLY)))
  t.notOk(isRightAnswer('fixed', message, reply('oBench0000000000000000000007')))
})

t.test('in safe mode a plain answer is wrong', async t => {
  const message = benchMessage('safe', 7, 1_700_000_000)
  t.throws(() => isRightAnswer('safe', message, reply('oBench0000000000000000000007')))
})

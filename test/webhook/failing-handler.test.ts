import t from 'tap'
import { createReceiver, messageXml, plainPost, type ReceiverOptions, SAFE, sealedPost, textXml } from './receiver.ts'

const SUCCESS = {
  status: 200,
  headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' },
  body: 'success',
}

const boom = () => {
  throw new RangeError('boom')
}

t.test('a handler that throws or rejects is logged once with its stack, and the follower sees no error', async t => {
  const failing: readonly NonNullable<ReceiverOptions['answer']>[] = [boom, async () => boom()]
  for (const answer of failing) {
    const { receive, log } = createReceiver({ answer })
    t.strictSame(await receive(plainPost(textXml('hi'))), SUCCESS)
    t.equal(log.length, 1)
    t.match(log[0], /^weixin error: RangeError: boom\\n +at boom .*failing-handler\.test.* kind=text$/)
  }
})

t.test('whatever is thrown is logged', async t => {
  for (const [thrown, line] of [
    ['a string', 'weixin error: a string kind=text'],
    [undefined, 'weixin error: undefined kind=text'],
    [Object.assign(new Error('no stack'), { stack: undefined }), 'weixin error: no stack kind=text'],
  ]) {
    const { receive, log } = createReceiver({ answer: () => Promise.reject(thrown) })
    t.strictSame(await receive(plainPost(textXml('hi'))), SUCCESS)
    t.strictSame(log, [line])
  }
})

t.test('a handler that never answers is given up at the deadline, and logged once', async t => {
  const { receive, log } = createReceiver({ answer: () => new Promise(() => {}), deadline: 1 })
  t.strictSame(await receive(plainPost(textXml('hi'))), SUCCESS)
  t.strictSame(log, [
    'weixin error: DeadlineError: a handler did not answer within 1 ms and was given up; make it quicker, or raise "handlerLimit" kind=text',
  ])
})

t.test('success is never encrypted, whatever the reason for it', async t => {
  for (const answer of [() => undefined, boom, () => new Promise<undefined>(() => {})]) {
    const { receive } = createReceiver({ account: SAFE, answer, deadline: 1 })
    t.strictSame(await receive(sealedPost(textXml('hi'))), SUCCESS)
  }
})

t.test('a value that is no reply is logged with what is permitted', async t => {
  for (const value of [5, {}, { MsgType: 'txt' }, [], true]) {
    // What the compiler refuses, a program in JavaScript can still return.
    const { receive, log } = createReceiver({ answer: () => value as unknown as string })
    t.strictSame(await receive(plainPost(textXml('hi'))), SUCCESS)
    t.equal(log.length, 1)
    t.match(log[0], /^weixin error: ReplyError: a reply's MsgType is .*; permitted: text, image, .* kind=text$/)
  }
})

t.test('more than one article to a user’s message is logged with the reason; to an event they are sent', async t => {
  const articles = [{ Title: 'one' }, { Title: 'two' }]
  const { receive, log } = createReceiver({ answer: ctx => ctx.news(articles) })
  t.strictSame(await receive(plainPost(textXml('hi'))), SUCCESS)
  t.equal(log.length, 1)
  t.match(log[0], /reply news: 2 articles in answer to a message of type text; WeChat shows one there .* kind=text$/)
  const click = messageXml('<MsgType>event</MsgType><Event>CLICK</Event><EventKey>k</EventKey>')
  t.match(await receive(plainPost(click)), { status: 200, body: /<ArticleCount>2<\/ArticleCount>/ })
  t.equal(log.length, 1)
})

t.test('a message is not handed over to the agents when it is an event', async t => {
  const { receive, log } = createReceiver({ answer: ctx => ctx.transfer() })
  const view = messageXml('<MsgType>event</MsgType><Event>VIEW</Event><EventKey>k</EventKey>')
  t.strictSame(await receive(plainPost(view)), SUCCESS)
  t.match(log, [/an event cannot be handed over, .* kind=event:VIEW$/])
  t.match(await receive(plainPost(textXml('hi'))), { status: 200, body: /transfer_customer_service/ })
})

t.test('after a handler that failed the next message is answered as if nothing had been', async t => {
  let failures = 1
  const { receive } = createReceiver({ answer: () => (failures-- > 0 ? boom() : 'again') })
  t.strictSame(await receive(plainPost(textXml('hi'))), SUCCESS)
  t.match(await receive(plainPost(textXml('hi'))), { status: 200, body: /again/ })
})

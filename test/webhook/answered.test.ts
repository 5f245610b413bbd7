import t from 'tap'
import { createReceiver, FOLLOWER, SAFE, SIGNED, sealedPost, textXml } from './receiver.ts'

const post = (xml: string) => ({ method: 'POST', query: SIGNED, contentType: 'text/xml', body: Buffer.from(xml) })

t.test('every request is one line of the log', async t => {
  const { receive, answered, log } = createReceiver()
  await receive({ query: `${SIGNED}&echostr=7` })
  await receive(post(textXml('hello')))
  await receive(
    post(textXml('').replace('[text]', '[image]').replace('</xml>', '<PicUrl>u</PicUrl><MediaId>m</MediaId></xml>')),
  )
  t.strictSame(answered, [
    'weixin info: answered account=default kind=access-check answer=echostr ms=0',
    'weixin info: answered account=default kind=text follower=6b126b12 answer=text ms=0',
    'weixin info: answered account=default kind=image follower=6b126b12 answer=none ms=0',
  ])
  t.strictSame(log, [])
  await receive({ method: 'PUT' })
  t.equal(answered.length, 3)
  t.match(log, [/^weixin warn: the method is .* account=default ms=0 status=405 reason=method$/])
})

t.test('neither who wrote nor what he wrote is in the log, unless contents are asked for', async t => {
  const silent = createReceiver({ account: SAFE })
  await silent.receive(sealedPost(textXml('my secret')))
  t.equal(silent.answered.length, 1)
  t.notMatch(silent.answered.join(), FOLLOWER)
  t.notMatch(silent.answered.join(), 'secret')
  const telling = createReceiver({ logContents: true })
  await telling.receive(post(textXml('my secret\nweixin error: forged')))
  t.equal(telling.answered.length, 1)
  t.match(telling.answered[0], ' content="my secret\\nweixin error: forged" ')
  t.notMatch(telling.answered.join(), FOLLOWER)
})

t.test('a handler that failed is in the line of its message', async t => {
  const { receive, answered } = createReceiver({
    answer() {
      throw new Error('broken')
    },
  })
  await receive(post(textXml('hello')))
  t.match(answered, [/ by=error answer=none ms=0$/])
})

t.test('contents are cut between characters', async t => {
  const { receive, answered } = createReceiver({ logContents: true })
  await receive(post(textXml(`${'x'.repeat(99)}🌳🌳`)))
  t.match(answered[0], ` content=${'x'.repeat(99)} `)
})

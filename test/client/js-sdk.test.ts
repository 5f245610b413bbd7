import t from 'tap'
import { ArgumentError } from '../../src/client/argument-error.ts'
import { createJsSdk, pageSignature } from '../../src/client/js-sdk.ts'
import { createLogger } from '../../src/log.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { TokenError } from '../../src/token/token-error.ts'
import { APP_ID, APP_SECRET, clientOf, platform, rejection } from './platform.ts'

const TICKET = 'TICKET-example_0123456789-abcDEF'
const PAGE = 'https://fans.example.org/page?id=7&name=%E6%9C%A8'
const answer = (ticket: string) => JSON.stringify({ errcode: 0, errmsg: 'ok', ticket, expires_in: 7200 })
const REFUSED = '{"errcode":45009,"errmsg":"reach max api daily quota limit"}'

async function sdk(t: import('tap').Test, ...scripts: [string, ...string[]]) {
  const { url, received } = await platform(t, ...scripts)
  const time = { now: 1_893_456_000_500 }
  const now = () => time.now
  const store = createMemoryStore(now)
  const create = () =>
    createJsSdk({
      client: clientOf(t, url),
      appId: APP_ID,
      appSecret: APP_SECRET,
      store,
      log: createLogger(() => {}),
      now,
      random: () => 0.5,
      nonce: () => 'h7Kq2',
    })
  return { ...create(), create, received, time }
}

t.test('a page is signed as WeChat checks it', async t => {
  const { signJsSdk, received } = await sdk(t, answer(TICKET))
  t.strictSame(await signJsSdk(PAGE), {
    appId: APP_ID,
    timestamp: 1893456000,
    nonceStr: 'h7Kq2',
    signature: '81b89f02aed63adbebdfbc9b1e6fb7c8af5d07f5',
  })
  t.strictSame(received[0]?.query, { access_token: 'TOKEN-one-0123456789', type: 'jsapi' })
  t.equal(
    pageSignature(
      'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg',
      'Wm3WZYTPz0wzccnW',
      1414587457,
      'http://mp.weixin.qq.com?params=value',
    ),
    '0f9de62fce790f9a083d5c99e95740ceb90c27ed',
    'published sample',
  )
})

t.test('what follows # is not signed', async t => {
  const { signJsSdk } = await sdk(t, answer(TICKET))
  t.equal((await signJsSdk(`${PAGE}#top#x`)).signature, '81b89f02aed63adbebdfbc9b1e6fb7c8af5d07f5')
})

t.test('the ticket is fetched once for all pages and all who share the store', async t => {
  const { signJsSdk, create, received, time } = await sdk(t, answer(TICKET), answer(`${TICKET}-2`))
  await Promise.all(Array.from({ length: 20 }, () => signJsSdk(PAGE)))
  await create().signJsSdk(PAGE)
  time.now += 600_000
  await signJsSdk(PAGE)
  t.equal(received.length, 1)
  time.now += 1_200_001
  const { signature, timestamp } = await signJsSdk(PAGE)
  t.equal(signature, pageSignature(`${TICKET}-2`, 'h7Kq2', timestamp, PAGE))
  t.equal(received.length, 2)
})

t.test('a ticket that cannot be renewed is used to its end', async t => {
  const { signJsSdk, received, time } = await sdk(t, answer(TICKET), REFUSED)
  const { signature } = await signJsSdk(PAGE)
  time.now += 1_700_000
  const later = await signJsSdk(PAGE)
  t.equal(received.length, 2)
  t.not(later.signature, signature, 'another second')
  time.now += 100_001
  const error = await rejection(signJsSdk(PAGE))
  t.ok(error instanceof TokenError)
  t.match(error.message, /GET \/cgi-bin\/ticket\/getticket: 45009/)
})

t.test('without a ticket there is an error with the reason, and no signature', async t => {
  const { signJsSdk } = await sdk(t, '{"errcode":48001,"errmsg":"api unauthorized"}')
  t.match(await rejection(signJsSdk(PAGE)), { code: 48001, lasting: true })
  const broken = await sdk(t, '<html>')
  t.match(await rejection(broken.signJsSdk(PAGE)), { code: 'malformed', lasting: false })
})

t.test('what is no address of a page is refused', async t => {
  const { signJsSdk, received } = await sdk(t, answer(TICKET))
  for (const url of ['', 'fans.example.org/page', '#top', 'file:///x']) {
    t.ok((await rejection(signJsSdk(url))) instanceof ArgumentError)
  }
  t.equal(received.length, 0)
})

t.test('an answer without a ticket is an error, and nothing is kept', async t => {
  const { signJsSdk, time } = await sdk(t, '{"errcode":0}', '{"ticket":"short","expires_in":7200}', answer(TICKET))
  t.match(await rejection(signJsSdk(PAGE)), { code: 'MALFORMED', message: /holds no ticket that can be used/ })
  time.now += 60_000
  t.match(await rejection(signJsSdk(PAGE)), { code: 'MALFORMED' })
  time.now += 60_000
  t.match(await signJsSdk(PAGE), { nonceStr: 'h7Kq2' })
})

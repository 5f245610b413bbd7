import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { decodeAesKey } from '../../src/crypto/cipher.ts'
import { openEnvelope } from '../../src/crypto/envelope.ts'
import { sign } from '../../src/crypto/signature.ts'
import type { Exchange, Mode } from '../../src/simulator/exchange.ts'
import { createPlatform } from '../../src/simulator/platform.ts'
import { parseXml } from '../../src/xml/parse.ts'
import { scratch } from '../gateway/launch.ts'
import { ACCOUNT, type Arrived, FAN, NOW, responder, says, sealed, silent, textReply, virtualClock } from './sample.ts'

const HELLO = { kind: 'text', openid: FAN, values: ['你好'] }

function platformTo(url: string, mode: Mode = 'plain') {
  const clock = virtualClock()
  return { clock, ...{ platform: createPlatform({ target: { url }, account: ACCOUNT, mode, clock }) } }
}

function queryOf({ url }: Arrived) {
  return Object.fromEntries(url.searchParams)
}

t.test('a message is signed, and the reply is what the follower sees', async t => {
  const { url, arrived } = await responder(t, says(textReply('hi')))
  const { platform } = platformTo(`${url}?site=a`)
  const exchange = await platform.push(HELLO).done
  t.match(exchange, {
    kind: 'text',
    openid: FAN,
    mode: 'plain',
    startedAt: NOW,
    state: 'answered',
    reply: { type: 'text', content: 'hi' },
    deliveries: [{ number: 1, response: { status: 200, body: textReply('hi') }, verdict: { taken: true } }],
  })
  const [one] = arrived
  const { signature, timestamp = '', nonce = '', openid, site } = one ? queryOf(one) : {}
  t.match({ timestamp, openid, site }, { timestamp: '1893456000', openid: FAN, site: 'a' })
  t.equal(signature, sign(ACCOUNT.token, timestamp, nonce))
  t.match(parseXml(Buffer.from(one?.body ?? '')).root, {
    ToUserName: ACCOUNT.userName,
    FromUserName: FAN,
    CreateTime: '1893456000',
    Content: '你好',
    MsgId: /^2\d{16}$/,
  })
  const [{ request } = { request: undefined }] = exchange.deliveries
  t.equal(request?.target, `${one?.url.pathname}${one?.url.search}`)
  t.match(request?.headers, { Host: new URL(url).host, 'Content-Type': 'text/xml', 'User-Agent': 'Mozilla/4.0' })
})

t.test('in safe mode the message is sealed, and the sealed reply is opened', async t => {
  const { url, arrived } = await responder(t, says(sealed(textReply('hi'))))
  const { platform } = platformTo(url, 'safe')
  const exchange = await platform.push(HELLO).done
  t.match(exchange, { state: 'answered', reply: { content: 'hi' } })
  t.equal(exchange.deliveries[0]?.response?.decrypted, textReply('hi'))
  t.equal(exchange.deliveries[0]?.response?.body, sealed(textReply('hi')))
  const [one] = arrived
  const { root } = parseXml(Buffer.from(one?.body ?? ''))
  t.strictSame(Object.keys(root), ['ToUserName', 'Encrypt'])
  const { timestamp = '', nonce = '', msg_signature: msgSignature = '' } = one ? queryOf(one) : {}
  const envelope = { encrypt: String(root['Encrypt']), timestamp, nonce, msgSignature }
  const credentials = { tokens: [ACCOUNT.token], aesKeys: [decodeAesKey(ACCOUNT.aesKey)], appId: ACCOUNT.appId }
  t.equal(openEnvelope(envelope, credentials).xml.toString(), exchange.xml)
})

t.test('the mode can be switched, and compatible mode has both halves', async t => {
  const { url, arrived } = await responder(t, says('success'))
  const { platform } = platformTo(url)
  platform.mode = 'compatible'
  t.match(await platform.push(HELLO).done, { mode: 'compatible', state: 'silent' })
  t.match(parseXml(Buffer.from(arrived[0]?.body ?? '')).root, { Content: '你好', Encrypt: /^[\w+/=]+$/ })
})

t.test('a silent responder gets the message three times, at 0, 5 and 10 s, with the same query', async t => {
  const { url, arrived, got } = await responder(t, silent)
  const { platform, clock } = platformTo(url)
  const running = platform.push(HELLO)
  for (let delivery = 1; delivery <= 3; delivery++) {
    await got(delivery)
    clock.pass(5000)
  }
  const exchange = await running.done
  t.equal(exchange.state, 'failed')
  t.strictSame(
    exchange.deliveries.map(({ number, startedAt, milliseconds }) => [number, startedAt - NOW, milliseconds]),
    [
      [1, 0, 5000],
      [2, 5000, 5000],
      [3, 10_000, 5000],
    ],
  )
  for (const { response, verdict } of exchange.deliveries) {
    t.equal(response, undefined)
    t.match(verdict, { taken: false, reason: { en: /no answer within 5 s/, zh: /5 秒内没有回复/ } })
  }
  t.equal(arrived.length, 3)
  t.equal(new Set(arrived.map(one => one.url.search + one.body)).size, 1)
})

t.test('the answer to a later delivery is taken, and ends the exchange', async t => {
  const { url, arrived, got } = await responder(t, silent, says(textReply('late')))
  const { platform, clock } = platformTo(url)
  const running = platform.push(HELLO)
  await got(1)
  clock.pass(5000)
  t.match(await running.done, { state: 'answered', reply: { content: 'late' } })
  t.equal(arrived.length, 2)
})

t.test('a broken connection and a bad status are followed by the next delivery, a bad body is not', async t => {
  const rude = await responder(t, response => void response.destroy(), says('no', 500), says('success'))
  const first = await platformTo(rude.url).platform.push(HELLO).done
  t.equal(first.state, 'silent')
  t.match(
    first.deliveries.map(({ verdict }) => verdict?.reason.en),
    [/ECONNRESET/, /the status is 500/, /^taken/],
  )
  const created = await responder(t, says('success', 201))
  const second = await platformTo(created.url).platform.push(HELLO).done
  t.equal(second.state, 'failed')
  t.equal(second.deliveries.length, 3)
  const json = await responder(t, says('{"ok":true}'))
  const third = await platformTo(json.url).platform.push(HELLO).done
  t.equal(third.state, 'failed')
  t.equal(third.deliveries.length, 1)
})

t.test('nobody there: three deliveries that say so', async t => {
  const { platform } = platformTo('http://127.0.0.1:1/')
  const { state, deliveries } = await platform.push(HELLO).done
  t.equal(state, 'failed')
  t.match(
    deliveries.map(({ verdict }) => verdict?.reason.zh),
    [/没有程序在监听/, /没有程序在监听/, /没有程序在监听/],
  )
})

t.test('listeners are told of every change, each time with a new object, until they end it', async t => {
  const { url } = await responder(t, says('success'))
  const { platform } = platformTo(url)
  const told: Exchange[] = []
  const end = platform.subscribe(exchange => told.push(exchange))
  const done = await platform.push(HELLO).done
  t.strictSame(
    told.map(({ state, deliveries }) => [state, deliveries.length, deliveries[0]?.verdict?.taken]),
    [
      ['running', 0, undefined],
      ['running', 1, undefined],
      ['running', 1, true],
      ['silent', 1, true],
    ],
  )
  t.equal(told.at(-1), done)
  t.strictSame(platform.exchanges, [done])
  end()
  await platform.push(HELLO).done
  t.equal(told.length, 4)
})

t.test('the access check', async t => {
  const echo = await responder(t, (response, { url }) => void response.end(url.searchParams.get('echostr')))
  const { platform } = platformTo(echo.url, 'safe')
  const exchange = await platform.accessCheck().done
  t.match(exchange, { kind: 'access check', openid: '', xml: '', state: 'answered' })
  const [one] = echo.arrived
  t.equal(one?.method, 'GET')
  t.match(one ? queryOf(one) : {}, { echostr: /^2\d{18}$/, timestamp: '1893456000' })
  const mute = await responder(t, says('success'))
  t.match(await platformTo(mute.url).platform.accessCheck().done, { state: 'failed', deliveries: [{}] })
  const chunked = await responder(t, (response, { url }) => {
    response.write(url.searchParams.get('echostr'))
    response.end()
  })
  const failed = await platformTo(chunked.url).platform.accessCheck().done
  t.match(failed.deliveries[0]?.verdict, { taken: false, reason: { en: /chunked/ } })
})

t.test('duplicate: two at once, the same', async t => {
  const { url, arrived } = await responder(t, says(textReply('hi')))
  const exchange = await platformTo(url).platform.push(HELLO, 'duplicate').done
  t.match(exchange, { state: 'answered', trouble: 'duplicate', deliveries: [{ number: 1 }, { number: 2 }] })
  t.equal(new Set(arrived.map(one => one.url.search + one.body)).size, 1)
})

t.test('slow network: the body comes in pieces that take more than half of the five seconds', async t => {
  const { url, arrived } = await responder(t, says('success'))
  const clock = virtualClock()
  const pauses: number[] = []
  const trickling = {
    ...clock,
    async sleep(milliseconds: number, signal?: AbortSignal) {
      if (milliseconds === 5000) return clock.sleep(milliseconds, signal)
      pauses.push(milliseconds)
    },
  }
  const platform = createPlatform({ target: { url }, account: ACCOUNT, clock: trickling })
  t.match(await platform.push(HELLO, 'slow-network').done, { state: 'silent' })
  t.strictSame(pauses, [700, 700, 700, 700])
  t.match(arrived[0]?.body, /^<xml>.*<\/xml>$/s)
})

t.test('what strangers send comes once, and the responder is to keep it out', async t => {
  const { url, arrived } = await responder(t, says('no', 403), says('no', 403), says('no', 400), says(textReply('hi')))
  const { platform } = platformTo(url)
  const kept = { state: 'silent', deliveries: [{ verdict: { taken: false, keptOut: true } }] }
  t.match(await platform.push(HELLO, 'wrong-signature').done, kept)
  t.match(await platform.push(HELLO, 'replay').done, kept)
  t.match(await platform.push(HELLO, 'garbage').done, kept)
  t.match(await platform.push(HELLO, 'garbage').done, { deliveries: [{ verdict: { keptOut: false } }] })
  const [wrong, old, garbage] = arrived
  t.equal(arrived.length, 4)
  const isSigned = (one: Arrived | undefined) => {
    const { signature, timestamp = '', nonce = '' } = one ? queryOf(one) : {}
    return signature === sign(ACCOUNT.token, timestamp, nonce)
  }
  t.strictSame([wrong, old, garbage].map(isSigned), [false, true, true])
  t.equal(old?.url.searchParams.get('timestamp'), '1893452400')
  t.throws(() => parseXml(Buffer.from(garbage?.body ?? '')), { name: 'XmlError' })
})

t.test('an exchange can be replayed: the very same request with its old timestamp', async t => {
  const { url, arrived } = await responder(t, says(textReply('hi')), says(textReply('hi')), says('no', 403))
  const { platform, clock } = platformTo(url, 'safe')
  const { id } = await platform.push(HELLO).done
  clock.pass(60_000)
  platform.mode = 'plain'
  const young = await platform.replay(id).done
  t.match(young, { trouble: 'replay', kind: 'text', mode: 'safe', state: 'silent' })
  t.equal(young.deliveries[0]?.verdict?.keptOut, undefined)
  clock.pass(600_000)
  t.match((await platform.replay(id).done).deliveries[0]?.verdict, { keptOut: true })
  t.equal(new Set(arrived.map(one => one.url.search + one.body)).size, 1)
  t.throws(() => platform.replay('99'), { message: 'there is no exchange 99 any more' })
})

t.test('events with nested and repeated elements, and kinds that do not exist', async t => {
  const { url, arrived } = await responder(t, says('success'))
  const { platform } = platformTo(url)
  const picture = (sum: string) => ({ PicMd5Sum: sum })
  const fields = { SendPicsInfo: { Count: '2', PicList: { item: [picture('a'), picture('b')] } } }
  const { kind } = await platform.push({ kind: 'event:pic_weixin', openid: FAN, values: ['contest'], fields }).done
  t.equal(kind, 'event:pic_weixin')
  t.match(parseXml(Buffer.from(arrived[0]?.body ?? '')).root, {
    Event: 'pic_weixin',
    EventKey: 'contest',
    SendPicsInfo: { Count: '2', PicList: { item: [{ PicMd5Sum: 'a' }, { PicMd5Sum: 'b' }] } },
  })
  t.throws(() => platform.push({ kind: 'hologram', openid: FAN }), { name: 'ComposeError' })
  t.equal(platform.exchanges.length, 1)
})

t.test('a script is run with a piped CGI environment, and its log is kept', async t => {
  const script = path.join(scratch(t), 'script.cjs')
  fs.writeFileSync(
    script,
    String.raw`process.stderr.write(process.env.NAME); process.stdin.resume().on('end', () => process.stdout.write('Status: 200\r\n\r\nsuccess'))`,
  )
  const platform = createPlatform({ target: { script, environment: { NAME: 'a log' } }, account: ACCOUNT })
  const exchange = await platform.push(HELLO).done
  t.match(exchange, { state: 'silent', deliveries: [{ response: { status: 200, log: 'a log' } }] })
  t.match(exchange.deliveries[0]?.request.target, /^\/\?signature=/)
})

t.test('a script that hangs is killed after five seconds, three times', async t => {
  const folder = scratch(t)
  const script = path.join(folder, 'script.cjs')
  fs.writeFileSync(
    script,
    `require('fs').writeFileSync(process.env.FOLDER + '/' + process.pid, ''); setInterval(() => {}, 1000)`,
  )
  const clock = virtualClock()
  const target = { script, environment: { FOLDER: folder } }
  const running = createPlatform({ target, account: ACCOUNT, clock, random: randomBytes }).push(HELLO)
  for (let delivery = 1; delivery <= 3; delivery++) {
    while (fs.readdirSync(folder).length < delivery + 1) await new Promise(resolve => setImmediate(resolve))
    clock.pass(5000)
  }
  t.match(await running.done, { state: 'failed', deliveries: [{ milliseconds: 5000 }, {}, { milliseconds: 5000 }] })
})

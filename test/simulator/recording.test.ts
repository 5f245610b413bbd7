import t from 'tap'
import { createPlatform } from '../../src/simulator/platform.ts'
import { readRecording, writeRecording } from '../../src/simulator/recording.ts'
import { parseXml } from '../../src/xml/parse.ts'
import { ACCOUNT, FAN, responder, says, virtualClock } from './sample.ts'

const TRAP = '<MsgId>1</MsgId> <CreateTime>5</CreateTime>'

t.test('a recording holds no secret, and can be played again as new messages', async t => {
  const { url, arrived } = await responder(t, says('success'))
  const clock = virtualClock()
  const platform = createPlatform({ target: { url }, account: ACCOUNT, clock, mode: 'safe' })
  await platform.accessCheck().done
  await platform.push({ kind: 'text', openid: FAN, values: [TRAP] }).done
  await platform.push({ kind: 'event:CLICK', openid: FAN, values: ['menu'] }).done
  const text = writeRecording(platform.exchanges)
  for (const secret of [ACCOUNT.token, ACCOUNT.aesKey, ACCOUNT.appSecret]) t.notOk(text.includes(secret))

  const messages = readRecording(text)
  t.equal(messages.length, 2)
  clock.pass(86_400_000)
  platform.mode = 'plain'
  for (const message of messages) await platform.push(message).done
  const [first, second] = platform.exchanges.slice(-2)
  t.match(first, { kind: 'text', openid: FAN, mode: 'plain' })
  t.match(second, { kind: 'event:CLICK', openid: FAN })
  const before = parseXml(Buffer.from(platform.exchanges[1]?.xml ?? '')).root
  const after = parseXml(Buffer.from(arrived.at(-2)?.body ?? '')).root
  t.equal(after['Content'], TRAP, 'what the follower wrote is left alone')
  t.equal(after['CreateTime'], '1893542400')
  t.not(after['MsgId'], before['MsgId'])
})

t.test('one message of a log is a recording as well', async t => {
  const xml = `<xml><ToUserName><![CDATA[${ACCOUNT.userName}]]></ToUserName><FromUserName>${FAN}</FromUserName><CreateTime><![CDATA[1]]></CreateTime><MsgType>text</MsgType><Content>hi</Content><MsgId>2</MsgId></xml>`
  const { url, arrived } = await responder(t, says('success'))
  const platform = createPlatform({ target: { url }, account: ACCOUNT, clock: virtualClock() })
  for (const message of readRecording(`\u{feff}${xml}\n`)) await platform.push(message).done
  t.match(parseXml(Buffer.from(arrived[0]?.body ?? '')).root, {
    Content: 'hi',
    CreateTime: '1893456000',
    MsgId: /^2\d{16}$/,
  })
})

t.test('anything else is none', async t => {
  for (const text of ['', 'hello', '{}', '[]', 'null', '{"exchanges":[{}]}', '{"exchanges":"x"}']) {
    t.throws(() => readRecording(text), { name: 'RecordingError', zh: /不是录制文件/ })
  }
})

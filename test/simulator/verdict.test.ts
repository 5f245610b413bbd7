import t from 'tap'
import type { Mode } from '../../src/simulator/exchange.ts'
import { judgeAccessCheck, judgeDefence, judgeReply } from '../../src/simulator/verdict.ts'
import { ACCOUNT, FAN, sealed, textReply } from './sample.ts'

const addresses = { toUserName: ACCOUNT.userName, fromUserName: FAN, account: ACCOUNT }

function judge(body: string, { status = 200, mode = 'plain' as Mode, event = '' } = {}) {
  const expected = { ...addresses, mode, isEvent: event !== '', ...(event && { event }) }
  return judgeReply({ status, headers: {}, body }, expected)
}

t.test('success and an empty body are taken in every mode, and nothing is shown', async t => {
  for (const mode of ['plain', 'compatible', 'safe'] as const) {
    for (const body of ['success', '']) {
      const verdict = judge(body, { mode })
      t.equal(verdict.taken, true)
      t.equal(verdict.reply, undefined)
    }
  }
})

t.test('a reply is taken in the mode that it is for', async t => {
  const xml = textReply('木棉')
  const shown = { type: 'text', content: '木棉' }
  t.match(judge(xml), { taken: true, xml, reply: shown, reason: { en: 'taken: a text', zh: '已接受：文本' } })
  t.match(judge(xml, { mode: 'compatible' }), { taken: true, reply: shown })
  t.match(judge(sealed(xml), { mode: 'compatible' }), { taken: true, xml, reply: shown })
  t.match(judge(sealed(xml), { mode: 'safe' }), { taken: true, xml, reply: shown })
})

t.test('every other response is refused, and the verdict says why in both languages', async t => {
  const refused = (verdict: ReturnType<typeof judge>, en: RegExp, zh: RegExp) => {
    t.equal(verdict.taken, false)
    t.match(verdict.reason, { en, zh })
  }
  const xml = textReply('hi')
  refused(judge('success', { status: 201 }), /the status is 201; only 200/, /状态码为 201/)
  refused(judge('boom', { status: 0 }), /the script gave no answer: "boom"/, /没有给出响应/)
  refused(judge(`\u{feff}${xml}`), /byte order mark/, /BOM/)
  refused(judge('"success"'), /not exactly the seven bytes success/, /恰好七个字节/)
  refused(judge('success\n'), /not exactly the seven bytes success/, /恰好七个字节/)
  refused(judge('{"errcode":0}'), /this is not XML: "\{/, /不是 XML/)
  refused(judge('<html><body>502</body></html>'), /does not begin with <xml>/, /不是以 <xml> 开头/)
  refused(judge('<xml><Content>'), /not well-formed XML/, /格式正确/)
  refused(judge(`<!DOCTYPE xml>${xml}`), /does not begin with <xml>/, /不是以 <xml> 开头/)
  refused(judge(xml, { mode: 'safe' }), /not encrypted, in safe mode/, /安全模式下回复没有加密/)
  refused(judge(sealed(xml)), /encrypted, in plain mode/, /明文模式下回复被加密/)
  const other = (wrong: Partial<typeof ACCOUNT>) => judge(sealed(xml, { ...ACCOUNT, ...wrong }), { mode: 'safe' })
  refused(other({ token: 'wrong' }), /MsgSignature .* is wrong \(-40001\)/, /MsgSignature/)
  refused(other({ appId: 'wxffffffffffffffff' }), /AppID .* is another \(-40005\)/, /AppID/)
  refused(other({ aesKey: 'B'.repeat(43) }), /cannot be decrypted \(-400\d\d\)/, /无法解密/)
  refused(judge('<xml><Encrypt>x</Encrypt></xml>', { mode: 'safe' }), /lacks .* \(-40002\)/, /缺少/)
  refused(judge(textReply('')), /Content is missing/, /缺少 Content/)
})

t.test('a reply to an event that WeChat does not show is taken, and not shown', async t => {
  const xml = textReply('hi')
  t.match(judge(xml, { event: 'CLICK' }), { taken: true, reply: { content: 'hi' } })
  t.match(judge(xml, { event: 'subscribe' }), { taken: true, reply: { content: 'hi' } })
  for (const event of ['unsubscribe', 'VIEW', 'LOCATION']) {
    const verdict = judge(xml, { event })
    t.match(verdict, { taken: true, xml, reason: { en: /shows no reply/, zh: /不会显示/ } })
    t.equal(verdict.reply, undefined)
  }
})

t.test('the access check wants the echostr, the whole echostr and nothing but the echostr', async t => {
  const check = (body: string, status = 200, headers = {}) => judgeAccessCheck({ status, headers, body }, '7071')
  t.match(check('7071'), { taken: true })
  t.match(check('7071', 200, { 'transfer-encoding': 'chunked' }), {
    taken: false,
    reason: { en: /chunked/, zh: /chunked/ },
  })
  t.match(check('7071', 403), { taken: false, reason: { en: /status is 403/ } })
  t.match(check('7071\n'), { taken: false, reason: { en: /white space/, zh: /空白/ } })
  t.match(check('"7071"'), { taken: false, reason: { en: /more than the echostr/ } })
  t.match(check('\u{feff}7071'), { taken: false, reason: { en: /byte order mark/ } })
  t.match(check('hello'), { taken: false, reason: { en: /is not the echostr but "hello"/ } })
})

t.test('a stranger is kept out with 4xx, and with nothing else', async t => {
  const defence = (status: number, age?: number) => judgeDefence({ status, headers: {}, body: '' }, age)
  t.match(defence(403), { taken: false, keptOut: true })
  t.match(defence(400), { keptOut: true })
  t.match(defence(200), { keptOut: false, reason: { en: /not kept out, but answered with 200/, zh: /没有拒绝/ } })
  t.match(defence(500), { keptOut: false })
  t.match(defence(200, 3600), { keptOut: false })
  t.equal(defence(200, 10).keptOut, undefined, 'a young one may be a redelivery')
  t.match(defence(403, 10), { keptOut: true })
})

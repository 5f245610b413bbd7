import t from 'tap'
import { reasonText } from '../../src/traffic/names.ts'
import { reasons } from '../../src/traffic/reasons.ts'

t.test('every reason of a refusal is told in both languages, once', async t => {
  t.equal(new Set(reasons.map(({ reason }) => reason)).size, reasons.length)
  for (const { reason, en, zh } of reasons) {
    t.notMatch(en, /\p{Script=Han}/u, reason)
    t.match(zh, /\p{Script=Han}/u, reason)
  }
})

t.test('codes, pipeline and XML alike have a text, in which the code is not said again', async t => {
  t.match(reasonText('-40001')?.en, /^the signature does not match/)
  t.match(reasonText('replay')?.zh, /timestamp 与本机时间相差过大/)
  t.equal(reasonText('prolog')?.zh.startsWith('请求正文不是以 <xml> 开头'), true)
  t.equal(reasonText('somethingNew'), undefined)
})

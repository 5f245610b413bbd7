import fc from 'fast-check'
import t from 'tap'
import { exactJson, readJson, writeJson } from '../../src/client/json.ts'
import { clientOf, OK, platform } from './platform.ts'

t.test('integers beyond 2^53 are read exactly, as strings', async t => {
  t.strictSame(readJson('{"msg_id":9007199254740993,"small":9007199254740991,"n":-9007199254740993}'), {
    msg_id: '9007199254740993',
    small: 9007199254740991,
    n: '-9007199254740993',
  })
  t.strictSame(readJson('[12345678901234567890,1.5,1e300,-0.25,12345678901234567.5]'), [
    '12345678901234567890',
    1.5,
    1e300,
    -0.25,
    12345678901234568,
  ])
  t.strictSame(readJson('{"text":"9007199254740993, \\"9007199254740993\\": 9007199254740993"}'), {
    text: '9007199254740993, "9007199254740993": 9007199254740993',
  })
})

t.test('control characters and stray backslashes inside strings are read as themselves', async t => {
  t.strictSame(readJson('{"nickname":"a\u0001b\u001dc\nd\te"}'), { nickname: 'a\u0001b\u001dc\nd\te' })
  t.strictSame(readJson('{"nickname":"\\o/ \\x41 \\"ok\\" \\u6728"}'), { nickname: '\\o/ \\x41 "ok" 木' })
  t.strictSame(readJson('{"nickname":"\\\u0002"}'), { nickname: '\\\u0002' })
  t.strictSame(readJson('{\n\t"a" : [ true , null ]\r\n}'), { a: [true, null] })
})

t.test('what is not JSON is an error, and takes no longer for being hostile', async t => {
  for (const text of [
    '',
    '{',
    '{"a":',
    '"',
    '"\\',
    'nothing',
    '{"a":1}x',
    '"'.repeat(100_001),
    '\\"'.repeat(500_000),
  ]) {
    t.throws(() => readJson(text), SyntaxError)
  }
})

t.test('whatever JSON.stringify writes is read as JSON.parse reads it', async t => {
  const property = fc.property(fc.jsonValue({ noUnicodeString: false }), value => {
    t.strictSame(readJson(JSON.stringify(value)), readJson(JSON.stringify(value, undefined, 2)))
    const text = JSON.stringify(value)
    if (!/\d{16}/.test(text)) t.strictSame(readJson(text), JSON.parse(text))
  })
  fc.assert(property, { seed: 20261122, numRuns: 300 })
})

t.test('JSON goes out as raw UTF-8 without one escaped character', async t => {
  t.equal(writeJson({ name: '木棉 😀 \u2028 é' }), '{"name":"木棉 😀 \u2028 é"}')
  t.equal(writeJson({ name: 'a\nb\t"c"\\' }), '{"name":"a\\nb\\t\\"c\\"\\\\"}')
  t.equal(writeJson({ name: 'x\u0000y\u001fz\ud83d!' }), '{"name":"xyz!"}')
  const property = fc.property(fc.string({ unit: 'binary' }), text => {
    t.notMatch(writeJson({ [text]: text }).replaceAll('\\\\', ''), /\\u/)
  })
  fc.assert(property, { seed: 20261122, numRuns: 300 })
})

t.test('a bigint goes out as a bare number, and what is undefined not at all', async t => {
  t.equal(
    writeJson({ id: 9007199254740993n, none: undefined, list: [1n, undefined] }),
    '{"id":9007199254740993,"list":[1,null]}',
  )
})

t.test('ids are strings of digits in what comes and bare numbers in what goes, small or large', async t => {
  const { url, received } = await platform(
    t,
    '{"errcode":0,"msg_id":9007199254740993,"msg_status":"SENDING"}',
    '{"msg_id":7}',
    OK,
  )
  const client = clientOf(t, url)
  const { msg_id } = await client.mass.get({ msg_id: '9007199254740995' })
  t.equal(msg_id, '9007199254740993')
  t.equal(received[0]?.body.toString(), '{"msg_id":9007199254740995}')
  t.equal((await client.mass.get({ msg_id: '7' })).msg_id, '7')
  await client.comment.open({ msg_data_id: '18446744073709551615', index: 0 })
  t.equal(received[2]?.body.toString(), '{"msg_data_id":18446744073709551615,"index":0}')
})

t.test('ids inside lists and variants are strings as well', async t => {
  const { url } = await platform(
    t,
    '{"menu":{"button":[],"menuid":208396938},"conditionalmenu":[{"button":[],"matchrule":{},"menuid":9007199254740993}]}',
  )
  const { menu, conditionalmenu } = await clientOf(t, url).menu.get()
  t.equal(menu.menuid, '208396938')
  t.equal(conditionalmenu?.[0]?.menuid, '9007199254740993')
})

t.test('an answer in broken UTF-8, with control characters and a BOM, is still read', async t => {
  const { url } = await platform(t, response => {
    const nickname = Buffer.from([0x61, 0xff, 0xfe, 0x1d, 0x62])
    response.end(Buffer.concat([Buffer.from('\ufeff{"openid":"o1","nickname":"'), nickname, Buffer.from('"}')]))
  })
  const answer = await clientOf(t, url).request<{ nickname: string }>('/cgi-bin/user/info?openid=o1')
  t.equal(answer.nickname, 'a\ufffd\ufffd\u001db')
})

t.test('JSON that is sent on keeps every integer as it was written', async t => {
  const text = '{"msg_id":9007199254740993,"list":[-18446744073709551616,7,1.5],"text":"9007199254740993 \\"1\\""}'
  t.equal(writeJson(exactJson(text)), text)
  t.throws(() => exactJson('{"a":}'), SyntaxError)
})

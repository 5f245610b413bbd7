import fc from 'fast-check'
import t from 'tap'
import { news, text, transferBizAiIvr, transferCustomerService } from '../../src/reply/build.ts'
import { checkReply } from '../../src/reply/check.ts'
import type { ReplyError } from '../../src/reply/reply-error.ts'

function neverReported(finding: ReplyError): never {
  throw finding
}

/** What is sent of a text, and what was reported about it. */
function sent(content: string): { text: string; reports: string[] } {
  const reports: string[] = []
  const reply = checkReply(text(content), 'text', finding => reports.push(finding.message))
  return { text: reply.MsgType === 'text' ? reply.Content : '', reports }
}

t.test('a string is a text, and nothing is no reply', async t => {
  t.strictSame(checkReply('hi', 'text', neverReported), { MsgType: 'text', Content: 'hi' })
  for (const nothing of [
    undefined,
    null,
    '',
    '  ',
    { MsgType: 'text', Content: '' },
    { MsgType: 'news', Articles: [] },
  ]) {
    t.strictSame(checkReply(nothing, 'text', neverReported), { MsgType: 'none' })
  }
})

t.test('a value that is no reply is refused with the permitted ones', async t => {
  for (const value of [5, true, [], {}, { MsgType: 'txt' }, { MsgType: 'constructor' }, { MsgType: 5 }, () => 'x']) {
    t.throws(() => checkReply(value, 'text', neverReported), {
      name: 'ReplyError',
      message:
        /; permitted: text, image, voice, video, music, news, transfer_customer_service, transfer_biz_ai_ivr, none; build/,
    })
  }
  for (const [value, type] of [
    [5, 'number'],
    [true, 'boolean'],
    [['hi'], 'array'],
    [{}, 'object'],
    [() => 'x', 'function'],
  ] as const) {
    t.throws(() => checkReply(value, 'text', neverReported), {
      message: new RegExp(`^a reply's MsgType is missing from a value of type ${type}; permitted: text, `),
      zh: new RegExp(`^回复的 MsgType 为空（返回值的类型是 ${type}）；`),
    })
  }
  t.throws(() => checkReply({ MsgType: 'txt' }, 'text', neverReported), { message: /^a reply's MsgType is "txt"; / })
  t.throws(() => checkReply({ MsgType: 'text', content: 'x' }, 'text', neverReported), {
    message: 'reply text: unknown field "content"; permitted: Content',
  })
  const inherited = Object.create({ Content: 'x' }, { MsgType: { value: 'text' } })
  t.throws(() => checkReply(inherited, 'text', neverReported), { name: 'ReplyError' }, 'an inherited field')
  const polluting = JSON.parse('{"MsgType":"text","Content":"x","__proto__":{"a":1}}')
  t.throws(() => checkReply(polluting, 'text', neverReported), { message: /unknown field "__proto__"/ })
})

t.test('more than one article answers an event only', async t => {
  const two = news([{ Title: 'one' }, { Title: 'two' }])
  t.equal(checkReply(two, 'event', neverReported), two)
  t.throws(() => checkReply(two, 'text', neverReported), {
    name: 'ReplyError',
    message:
      /^reply news: 2 articles in answer to a message of type text; WeChat shows one there \(since October 2018\)/,
    zh: /对 text 消息回复了 2 条图文/,
  })
  t.throws(() => checkReply(two, 'image', neverReported), { name: 'ReplyError' })
  const one = news([{ Title: 'one' }])
  t.equal(checkReply(one, 'text', neverReported), one)
})

t.test('only a message of the user can be handed over', async t => {
  for (const transfer of [transferCustomerService(), transferBizAiIvr()]) {
    t.equal(checkReply(transfer, 'text', neverReported), transfer)
    t.throws(() => checkReply(transfer, 'event', neverReported), {
      name: 'ReplyError',
      message: /an event cannot be handed over/,
    })
  }
})

t.test('2047 bytes are sent whole, and more are cut and reported', async t => {
  const whole = 'a'.repeat(2047)
  t.strictSame(sent(whole), { text: whole, reports: [] })
  t.strictSame(sent(`${whole}b`), {
    text: `${'a'.repeat(2044)}…`,
    reports: [
      'reply text: Content is 2048 bytes; WeChat takes at most 2047, so it was cut; send the rest in another message',
    ],
  })
  t.equal(sent('木'.repeat(683)).text, `${'木'.repeat(681)}…`, '2043 bytes and the ellipsis')
  t.throws(() => checkReply(`${whole}b`, 'text', neverReported), { name: 'ReplyError' }, 'strict')
})

t.test('characters that are left out do not count', async t => {
  const fits = `${'\x01'.repeat(2044)}hello`
  t.strictSame(sent(fits), { text: fits, reports: [] }, 'for lintReply to find')
  const { text: cut, reports } = sent(`${'\x01\ud800'.repeat(2000)}${'a'.repeat(2048)}`)
  t.equal(cut, `${'a'.repeat(2044)}…`)
  t.match(reports, [/^reply text: Content is 2048 bytes; /])
})

t.test('a cut never goes through a grapheme', async t => {
  const graphemes = {
    'an emoji of two surrogates': '🌳',
    'a family of four people': '👨‍👩‍👧‍👦',
    'a flag': '🇨🇳',
    'a skin tone': '👍🏽',
    'a keycap': '1️⃣',
    'a letter with two accents': 'e\u0301\u0323',
    'a syllable of three Hangul letters': '\u1112\u1161\u11ab',
    'CR and LF': '\r\n',
  }
  for (const [name, grapheme] of Object.entries(graphemes)) {
    // One byte too many, wherever inside the grapheme the limit falls.
    for (let room = 1; room <= Buffer.byteLength(grapheme); room++) {
      const before = 'a'.repeat(2044 - Buffer.byteLength(grapheme) + room)
      const cut = sent(`${before}${grapheme}zzzz`).text
      t.equal(cut, room === Buffer.byteLength(grapheme) ? `${before}…` : cut)
      t.ok(cut === `${before}…` || cut === `${before}${grapheme}…`, `${name}, ${room} bytes over`)
    }
  }
  t.equal(sent(`e${'\u0301'.repeat(1100)}`).text, '…', 'one grapheme larger than a message')
})

t.test('a cut never goes through a link', async t => {
  const link = '<a href="https://a.example.org/x">label</a>'
  for (let inside = 1; inside < link.length; inside++) {
    const before = 'b'.repeat(2044 - inside)
    t.equal(sent(`${before}${link} and more`).text, `${before}…`, `after ${link.slice(0, inside)}`)
  }
  const before = 'b'.repeat(2044 - link.length)
  t.equal(sent(`${before}${link} and more`).text, `${before}${link}…`, 'a link that is whole stays')
  const early = `${link} and ${'b'.repeat(3000)}`
  t.equal(sent(early).text, `${early.slice(0, 2044)}…`, 'a link further up does not matter')
  t.equal(sent(`${early}</a>`).text, `${early.slice(0, 2044)}…`, 'nor does it take a closing tag of nobody')
  const capitals = `${'b'.repeat(2030)}<A\nHREF="https://a.example.org/">label</A >more`
  t.equal(sent(capitals).text, `${'b'.repeat(2030)}…`, 'capitals and white space')
  const accent = `${'b'.repeat(2000)}<a href="https://a.example.org/">labella</a>`
  t.equal(sent(`${accent}\u0301${'b'.repeat(99)}`).text, `${'b'.repeat(2000)}…`, 'an accent on the closing tag')
})

t.test('an <a without </a> is text like any other, but for a cut inside the tag', async t => {
  const unclosed = `用法：先写 <a href="https://example.org"> 再写文字。${'说明'.repeat(600)}`
  const { text: cut } = sent(unclosed)
  t.ok(unclosed.startsWith(cut.slice(0, -1)))
  t.ok(Buffer.byteLength(cut) > 2041, `${Buffer.byteLength(cut)} bytes`)
  const comparison = `if x <a then ${'y'.repeat(3000)}`
  t.equal(sent(comparison).text, `${comparison.slice(0, 2044)}…`)
  t.equal(sent(`${comparison} > z </a>`).text, `${comparison.slice(0, 2044)}…`, 'and without an address it is no link')
  const tag = '<a href="https://a.example.org/x">'
  for (let inside = 1; inside < tag.length; inside++) {
    const before = 'b'.repeat(2044 - inside)
    t.equal(sent(`${before}${tag} and more`).text, `${before}…`, `after ${tag.slice(0, inside)}`)
  }
  const behind = `${tag} ${'b'.repeat(3000)} ${tag}label</a>`
  t.equal(sent(behind).text, `${behind.slice(0, 2044)}…`, 'a link behind the cut closes only itself')
})

t.test('a link over the limit is cut inside its label and stays a link', async t => {
  const link = (label: string) => `<a href="https://a.example.org/x">${label}</a>`
  t.equal(sent(`see ${link('b'.repeat(2048))}`).text, `see ${link(`${'b'.repeat(2002)}…`)}`)
  t.equal(Buffer.byteLength(sent(link('b'.repeat(2048))).text), 2047)
  t.equal(sent(`see ${link('👨‍👩‍👧‍👦'.repeat(90))}`).text, `see ${link(`${'👨‍👩‍👧‍👦'.repeat(80)}…`)}`)
  const fits = link('b'.repeat(2047 - link('').length))
  t.equal(sent(`see ${fits}`).text, 'see …', 'one that fits by itself is left for another message')
  const late = 'b'.repeat(2030)
  t.equal(sent(`${late}${link('b'.repeat(2048))}`).text, `${late}…`, 'when the cut falls into the tag')
  const address = `see <a href="https://a.example.org/${'x'.repeat(2048)}">label</a>`
  t.equal(sent(address).text, 'see …', 'an address over the limit')
})

t.test('any text is cut to a beginning of itself within the limit', async t => {
  const piece = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
    fc.constantFrom('<a href="https://a.example.org/">', '</a>', '<a', '👨‍👩‍👧‍👦', '\u0301', '\u0600', '🇨🇳'),
  )
  const content = fc.array(piece, { minLength: 400, maxLength: 900, size: 'max' }).map(pieces => pieces.join(''))
  const whole =
    /<a href="https:\/\/a\.example\.org\/">(?:(?!<a href)[\s\S])*?<\/a>|<a href="https:\/\/a\.example\.org\/">/g
  const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  let cuts = 0
  fc.assert(
    fc.property(content, string => {
      const { text: cut, reports } = sent(string)
      if (reports.length === 0) return cut === string && Buffer.byteLength(string) <= 2047
      cuts++
      const inLabel = cut.endsWith('…</a>')
      const kept = cut.slice(0, inLabel ? -'…</a>'.length : -1)
      const boundaries = new Set(Array.from(segmenter.segment(string), ({ index }) => index))
      return (
        (inLabel || cut.endsWith('…')) &&
        Buffer.byteLength(cut) <= 2047 &&
        string.startsWith(kept) &&
        boundaries.has(kept.length) &&
        [...string.matchAll(whole)]
          .filter(({ 0: link, index }) => index < kept.length && index + link.length > kept.length)
          .every(([link]) => inLabel && Buffer.byteLength(link) > 2047)
      )
    }),
    // Shrinking a text of thousands of pieces would take minutes.
    { seed: 20260101, numRuns: 200, endOnFailure: true },
  )
  t.ok(cuts > 100, `${cuts} of 200 were cut`)
})

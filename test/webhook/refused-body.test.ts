import t from 'tap'
import type { GatewayRequest } from '../../src/gateway/request.ts'
import { createReceiver, messageXml, plainPost, SIGNED, textXml } from './receiver.ts'

const TEXT = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' }

t.test('methods other than GET and POST are answered with 405 and the two that are permitted', async t => {
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE', 'CONNECT', 'get', 'post', '']) {
    const { receive, log } = createReceiver()
    t.strictSame(await receive({ ...plainPost(textXml('hi')), method }), {
      status: 405,
      headers: { ...TEXT, Allow: 'GET, POST' },
      body: 'method not allowed\n',
    })
    t.match(log, [/^weixin warn: the method is neither GET nor POST; .* status=405 reason=method$/], method)
  }
})

t.test('a body that the gateway could not take whole is answered by what was wrong with it', async t => {
  const faults = {
    'too-large': [413, 'content too large\n'],
    incomplete: [400, 'bad request\n'],
    timeout: [408, 'request timeout\n'],
    'head-too-large': [431, 'request header fields too large\n'],
  } as const
  for (const [bodyFault, [status, body]] of Object.entries(faults)) {
    const { receive, log, handled } = createReceiver()
    const request = { method: 'POST', query: SIGNED, bodyFault } as Partial<GatewayRequest>
    t.strictSame(await receive(request), { status, headers: TEXT, body })
    t.match(log, [new RegExp(` status=${status} reason=${bodyFault}$`)])
    t.strictSame(handled, [])
  }
})

t.test('JSON is answered with 415, and the log says where to choose XML', async t => {
  for (const body of ['{"ToUserName":"a"}', ' \r\n\t{}', '[]', '\ufeff{}', '\ufeff [1]']) {
    const { receive, log } = createReceiver()
    t.strictSame(await receive({ ...plainPost(body), contentType: 'application/json' }), {
      status: 415,
      headers: TEXT,
      body: 'unsupported media type\n',
    })
    t.match(log, [/choose XML as the data format in the console account=default ms=0 status=415 reason=json$/])
  }
})

t.test('a body with a Content-Encoding is answered with 415', async t => {
  for (const contentEncoding of ['gzip', 'deflate', 'br', 'gzip, identity']) {
    const { receive, log } = createReceiver()
    t.match(await receive({ ...plainPost(textXml('hi')), contentEncoding }), { status: 415, headers: TEXT })
    t.match(log, [/ status=415 reason=encoding$/])
  }
  const { receive } = createReceiver()
  t.match(await receive({ ...plainPost(textXml('hi')), contentEncoding: 'identity' }), { status: 200 })
})

t.test('a wrong Content-Type does not matter where the body is XML', async t => {
  for (const contentType of ['', 'application/x-www-form-urlencoded', 'application/json', 'text/xml; charset=gbk']) {
    const { receive } = createReceiver()
    t.match(await receive({ ...plainPost(textXml('hi')), contentType }), { status: 200, body: /echo:hi/ }, contentType)
  }
})

t.test('an event without a name reaches the handlers', async t => {
  const { receive, handled } = createReceiver()
  t.match(await receive(plainPost(messageXml('<MsgType>event</MsgType>'))), { status: 200, body: /echo:/ })
  t.match(handled, [{ kind: 'unknown', Event: '' }])
})

const VALID = messageXml('<MsgType>text</MsgType><Content>hi</Content>')
const inside = (xml: string) => VALID.replace('<Content>', `${xml}<Content>`)
const ENTITIES = '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'

/** Bodies that are no message; with each the reason in the log. */
const BODIES: Readonly<Record<string, readonly [body: string | Buffer, reason: string]>> = {
  empty: ['', 'prolog'],
  'blanks only': [' \r\n', 'prolog'],
  'a DOCTYPE': [`<!DOCTYPE xml>${VALID}`, 'prolog'],
  'two DOCTYPEs': [`<!DOCTYPE xml><!DOCTYPE xml>${VALID}`, 'prolog'],
  'an internal entity': [`<!DOCTYPE xml [<!ENTITY e "hi">]>${VALID.replace('hi', '&e;')}`, 'prolog'],
  'an external entity': [`<!DOCTYPE xml [<!ENTITY e SYSTEM "file:///etc/passwd">]>${VALID}`, 'prolog'],
  'a parameter entity': [`<!DOCTYPE xml [<!ENTITY % e SYSTEM "http://127.0.0.1:9/">%e;]>${VALID}`, 'prolog'],
  'an entity bomb': [`<!DOCTYPE xml [${ENTITIES}]>${VALID.replace('hi', '&c;')}`, 'prolog'],
  'a quadratic blow-up': [`<!DOCTYPE xml [<!ENTITY a "${'a'.repeat(30000)}">]>${'&a;'.repeat(9000)}`, 'prolog'],
  'a DOCTYPE inside the root': [inside('<!DOCTYPE xml [<!ENTITY e "hi">]>'), 'declaration'],
  'an entity declaration inside the root': [inside('<!ENTITY e "hi">'), 'declaration'],
  xinclude: [
    inside('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'),
    'attributes',
  ],
  'attributes of the root': [VALID.replace('<xml>', '<xml a="b">'), 'prolog'],
  'attributes of an element': [VALID.replace('<Content>', '<Content a="b">'), 'attributes'],
  'another root': [VALID.replaceAll('xml>', 'lmx>'), 'prolog'],
  'two roots': [VALID + VALID, 'malformed'],
  'text behind': [`${VALID}text`, 'malformed'],
  'text in front': [`text${VALID}`, 'prolog'],
  unclosed: [VALID.slice(0, -6), 'malformed'],
  'cut off': [VALID.slice(0, 120), 'malformed'],
  'closed twice': [`${VALID}</xml>`, 'malformed'],
  'closed in the wrong order': ['<xml><a><b></a></b></xml>', 'malformed'],
  'UTF-16': [Buffer.from(`\ufeff${VALID}`, 'utf16le'), 'not-utf8'],
  'UTF-16 without a mark': [Buffer.from(VALID, 'utf16le'), 'prolog'],
  GBK: [Buffer.from(VALID.replace('hi', '\xc4\xbe\xc3\xde'), 'latin1'), 'not-utf8'],
  'half of a surrogate pair': [Buffer.from(VALID.replace('hi', '\xed\xa0\x80'), 'latin1'), 'not-utf8'],
  'half a character': [Buffer.from(VALID.replace('hi', '\xe6\x9c'), 'latin1'), 'not-utf8'],
  'overlong UTF-8': [Buffer.from(VALID.replace('hi', '\xc0\xbc'), 'latin1'), 'not-utf8'],
  'an element __proto__': [inside('<__proto__><polluted>1</polluted></__proto__>'), 'malformed'],
  'an element constructor': [inside('<constructor>1</constructor>'), 'malformed'],
  'an element toString': [inside('<toString>1</toString>'), 'malformed'],
  'nine levels': [inside(`${'<a>'.repeat(8)}${'</a>'.repeat(8)}`), 'too-deep'],
  'many elements': [inside('<a/>'.repeat(5000)), 'too-many'],
  'no elements': ['<xml></xml>', 'message'],
  'an empty root': ['<xml />', 'prolog'],
  'no FromUserName': [VALID.replaceAll('FromUserName', 'From'), 'message'],
  'no ToUserName': [VALID.replaceAll('ToUserName', 'To'), 'message'],
  'no MsgType': [VALID.replaceAll('MsgType', 'Type'), 'message'],
  'an empty MsgType': [VALID.replace('>text<', '><'), 'message'],
  'FromUserName twice': [inside('<FromUserName>other</FromUserName>'), 'message'],
  'MsgType twice': [inside('<MsgType>image</MsgType>'), 'message'],
  'Content twice': [inside('<Content>ho</Content>'), 'message'],
  'markup in Content': [VALID.replace('hi', '<b>hi</b>'), 'message'],
  'neither XML nor JSON': ['signature=1&nonce=2', 'prolog'],
}

t.test('a body that is no message is a bad request', async t => {
  for (const [name, [body, reason]] of Object.entries(BODIES)) {
    const { receive, log, handled } = createReceiver()
    t.strictSame(await receive(plainPost(body)), { status: 400, headers: TEXT, body: 'bad request\n' }, name)
    t.match(log, [new RegExp(`^weixin warn: .* status=400 reason=${reason}$`)], `${name}: ${reason}`)
    t.equal(log.length, 1)
    t.strictSame(handled, [], `${name}: no handler runs`)
  }
  t.equal(({} as Record<string, unknown>)['polluted'], undefined)
})

t.test('a byte order mark, a declaration, CRLF and blanks between elements are none of these', async t => {
  const good = {
    'a byte order mark': `\ufeff${VALID}`,
    'a declaration': `<?xml version="1.0" encoding="UTF-8"?>\r\n${VALID}`,
    CRLF: VALID.replaceAll('><', '>\r\n  <'),
    'a line end behind': `${VALID}\r\n`,
    comments: inside('<!-- <!DOCTYPE xml> -->'),
    'eight levels': inside(`${'<a>'.repeat(7)}${'</a>'.repeat(7)}`),
    'no CreateTime': VALID.replaceAll('CreateTime', 'Time'),
    'a CreateTime that is no number': VALID.replace('1893455999', '1e9'),
    'a comment behind the declaration': `<?xml version="1.0"?>\n<!-- by hand -->\n${VALID}`,
    'blanks inside MsgType': VALID.replace('>text<', '><![CDATA[ text ]]><'),
    'an unknown element': inside('<Hologram>1</Hologram>'),
  }
  for (const [name, body] of Object.entries(good)) {
    const { receive } = createReceiver()
    t.match(await receive(plainPost(body)), { status: 200, body: /<Content><!\[CDATA\[echo:hi\]\]>/ }, name)
  }
})

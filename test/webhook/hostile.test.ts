import t from 'tap'
import type { GatewayRequest } from '../../src/gateway/request.ts'
import { parseReply } from '../../src/reply/parse.ts'
import { ENCODING_AES_KEY, KEY, TOKEN } from '../crypto/vectors.ts'
import {
  ACCOUNT,
  COMPATIBLE,
  createReceiver,
  elementsOf,
  FOLLOWER,
  messageXml,
  openReply,
  plainPost,
  type ReceiverOptions,
  SAFE,
  SIGNED,
  sealedPost,
  textXml,
} from './receiver.ts'

/** What must come of a request: status, body or what the reply says, in which mode, and how often the handler ran. */
interface Expected {
  readonly status: number
  readonly body?: string
  readonly reply?: Partial<Record<'Content' | 'ToUserName' | 'FromUserName' | 'CreateTime', string>>
  readonly encrypted?: boolean
  readonly runs: number
}

interface Case {
  readonly request: Partial<GatewayRequest>
  readonly options?: ReceiverOptions
  readonly expected: Expected
}

const FORBIDDEN: Expected = { status: 403, body: 'forbidden\n', runs: 0 }
const BAD: Expected = { status: 400, body: 'bad request\n', runs: 0 }
const SUCCESS: Expected = { status: 200, body: 'success', runs: 1 }
const says = (Content: string): Expected => ({ status: 200, reply: { Content }, runs: 1 })

const unsigned = { ...plainPost(textXml('hi')), query: '' }
const junk = SIGNED.replace(/signature=\w+/, 'signature=junk')
const bomb = `<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "${'&a;'.repeat(100)}"><!ENTITY c "${'&b;'.repeat(1000)}">]>`
const entity = '<!DOCTYPE xml [<!ENTITY e "hi">]>'
const blanks = `<xml><ToUserName> <![CDATA[${ACCOUNT}]]> </ToUserName> <FromUserName> <![CDATA[${FOLLOWER}]]> </FromUserName>
  <CreateTime> 1893455999 </CreateTime> <MsgType> <![CDATA[event]]> </MsgType> <Event> <![CDATA[user_get_card]]> </Event></xml>`

/** What other programs for WeChat were tried with. Token, AppID and EncodingAESKey are configured throughout. */
const CASES: Readonly<Record<string, Case>> = {
  'GET, a good signature': {
    request: { query: `${SIGNED}&echostr=5838479218127813673` },
    expected: { status: 200, body: '5838479218127813673', runs: 0 },
  },
  'GET, a bad signature': {
    request: { query: `${SIGNED.replace('37042', '00000')}&echostr=123` },
    expected: FORBIDDEN,
  },
  'GET, no signature at all': { request: { query: 'echostr=%3Cscript%3E1%3C/script%3E' }, expected: FORBIDDEN },
  'a plain message, a good signature': { request: plainPost(textXml('hi')), expected: says('echo:hi') },
  'a plain message, no signature': { request: unsigned, expected: FORBIDDEN },
  'encrypt_type=aes, a junk signature, a plain body': {
    request: { ...plainPost(textXml('hi')), query: `${junk}&encrypt_type=aes&msg_signature=junk` },
    expected: FORBIDDEN,
  },
  'encrypt_type=aes, a good signature, a plain body': {
    request: { ...plainPost(textXml('hi')), query: `${SIGNED}&encrypt_type=aes&msg_signature=junk` },
    expected: FORBIDDEN,
  },
  'an encrypted message': { request: sealedPost(textXml('hi')), expected: { ...says('echo:hi'), encrypted: true } },
  'a bad msg_signature': { request: sealedPost(textXml('hi'), { msgSignature: '0'.repeat(40) }), expected: FORBIDDEN },
  'a foreign AppID inside': {
    request: sealedPost(textXml('hi'), { appId: 'wxffffffffffffffff' }),
    expected: FORBIDDEN,
  },
  'a right msg_signature over garbage': {
    request: sealedPost('', { encrypt: Buffer.from('garbage, and no whole block').toString('base64') }),
    expected: FORBIDDEN,
  },
  'a plain message, rightly signed, in safe mode': {
    request: plainPost(textXml('down')),
    options: { account: SAFE },
    expected: FORBIDDEN,
  },
  'another plain half beside Encrypt': {
    request: sealedPost(textXml('inside'), { beside: elementsOf(textXml('outside')) }),
    expected: { ...says('echo:inside'), encrypted: true },
  },
  'an end mark of CDATA in the reply': {
    request: plainPost(textXml('a]]]]><![CDATA[>b')),
    expected: says('echo:a]]>b'),
  },
  'a control character': { request: plainPost(textXml('a\x1db')), expected: says('echo:ab') },
  'an emoji': { request: plainPost(textXml('\u{1f600}')), expected: says('echo:😀') },
  'blanks round the content': { request: plainPost(textXml('  pad  ')), expected: says('echo:  pad  ') },
  'an entity bomb': { request: plainPost(bomb + textXml('&c;')), expected: BAD },
  'an internal entity': { request: plainPost(entity + textXml('&e;')), expected: BAD },
  'an empty body': { request: plainPost(''), expected: BAD },
  'no XML': { request: plainPost('hello'), expected: BAD },
  'a handler that returns nothing': {
    request: plainPost(textXml('hi')),
    options: { answer: () => '' },
    expected: SUCCESS,
  },
  'a handler that throws': {
    request: plainPost(textXml('hi')),
    options: { answer: () => Promise.reject(new Error('boom')) },
    expected: SUCCESS,
  },
  'CreateTime of the reply': {
    request: plainPost(textXml('hi')),
    options: { now: 1893456003 },
    expected: { status: 200, reply: { CreateTime: '1893456003' }, runs: 1 },
  },
  'an event with blanks round CDATA': {
    request: plainPost(blanks),
    expected: {
      status: 200,
      reply: { Content: 'echo:user_get_card', ToUserName: FOLLOWER, FromUserName: ACCOUNT },
      runs: 1,
    },
  },
  'a timestamp ten years old': {
    request: plainPost(textXml('old')),
    options: { now: 2208988800 },
    expected: FORBIDDEN,
  },
}

t.test('each of the hostile requests has its right answer', async t => {
  for (const [name, { request, options, expected }] of Object.entries(CASES)) {
    const { receive, handled } = createReceiver({ account: COMPATIBLE, ...options })
    const answer = await receive(request)
    t.equal(answer.status, expected.status, name)
    if (expected.body !== undefined) t.equal(answer.body, expected.body, name)
    if (expected.reply) t.match(expected.encrypted ? openReply(answer) : parseReply(answer.body), expected.reply, name)
    if (expected.reply) t.equal(answer.headers['Content-Type'], 'text/xml; charset=utf-8', name)
    t.equal(handled.length, expected.runs, `${name}: the handler ran ${expected.runs} times`)
  }
})

t.test('after all of them the same webhook still answers', async t => {
  const { receive } = createReceiver({ account: COMPATIBLE })
  for (const { request } of Object.values(CASES)) await receive(request)
  t.match(await receive(plainPost(textXml('still there'))), { status: 200, body: /echo:still there/ })
})

const SECRETS = [
  TOKEN,
  ENCODING_AES_KEY,
  KEY.toString(),
  KEY.toString('hex'),
  KEY.toString('base64'),
  FOLLOWER,
  ACCOUNT,
]

t.test('neither the log nor a refusal holds a secret, an OpenID or what a follower wrote', async t => {
  const words = 'the follower’s own words'
  const more: readonly Partial<GatewayRequest>[] = [
    { method: 'PUT', query: `${SIGNED}&token=${TOKEN}` },
    plainPost(textXml(words).replace('</xml>', '')),
    plainPost(messageXml(`<MsgType>text</MsgType><Content>${words}<b/></Content>`)),
    plainPost(messageXml(`<MsgType>${words}</MsgType>`)),
    plainPost(textXml(words).replace('<Content>', `<Content a="${words}">`)),
    plainPost(`{"FromUserName":"${FOLLOWER}","Content":"${words}"}`),
    plainPost(Buffer.from(`${textXml(words)}\xff`, 'latin1')),
    plainPost(textXml(words).replaceAll('CreateTime', FOLLOWER)),
    sealedPost(textXml(words), { beside: `<ToUserName>${words}</ToUserName>` }),
    sealedPost(`<xml>${words}`),
    { ...plainPost(textXml(words)), query: `${SIGNED}&nonce=${FOLLOWER}` },
    { ...plainPost(textXml(words)), contentEncoding: words },
    { query: `${SIGNED}&echostr=${'e'.repeat(257)}${FOLLOWER}` },
  ]
  let refused = 0
  for (const account of [COMPATIBLE, SAFE]) {
    const { receive, log } = createReceiver({ account })
    for (const request of [...Object.values(CASES).map(({ request }) => request), ...more]) {
      const { status, body } = await receive(request)
      if (status === 200) continue
      refused++
      t.notOk(discloses([body], words), body)
    }
    t.notOk(discloses(log, words))
  }
  t.ok(refused > 40, `${refused} were refused`)
})

function discloses(lines: readonly string[], words: string): string | undefined {
  return lines.find(line => [...SECRETS, words].some(secret => line.includes(secret)))
}

import { createCipheriv } from 'node:crypto'
import t from 'tap'
import type { Account } from '../../src/account.ts'
import { readEnvelope } from '../../src/crypto/envelope.ts'
import { sign } from '../../src/crypto/signature.ts'
import { CREDENTIALS, FULL_BLOCK, fixed, KEY, MESSAGE, PUBLISHED, REPLY, TOKEN } from '../crypto/vectors.ts'
import {
  COMPATIBLE,
  createReceiver,
  elementsOf,
  FOLLOWER,
  messageXml,
  openReply,
  PLAIN,
  plainPost,
  SAFE,
  SIGNED,
  sealedPost,
  textXml,
} from './receiver.ts'

const XML = { 'Content-Type': 'text/xml; charset=utf-8' }
const TEXT = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' }
const FORBIDDEN = { status: 403, headers: TEXT, body: 'forbidden\n' }

const AES = `${SIGNED}&openid=${FOLLOWER}&encrypt_type=aes&msg_signature=`
const ENVELOPE = `<xml><ToUserName><![CDATA[gh_a0b1c2d3e4f5]]></ToUserName><Encrypt><![CDATA[${MESSAGE.encrypt}]]></Encrypt></xml>`

t.test('a message that OpenSSL encrypted gets the reply that OpenSSL encrypts, byte for byte', async t => {
  const answer = () => 'ok'
  const { receive, log, handled } = createReceiver({
    account: SAFE,
    answer,
    now: 1893456002,
    random: fixed(REPLY.random),
  })
  t.strictSame(await receive({ ...plainPost(ENVELOPE), query: AES + MESSAGE.msgSignature }), {
    status: 200,
    headers: XML,
    body: `<xml><Encrypt><![CDATA[${REPLY.encrypt}]]></Encrypt><MsgSignature><![CDATA[b3a1a85e48ed490d8496cba21304174f761ac71d]]></MsgSignature><TimeStamp>1893456002</TimeStamp><Nonce><![CDATA[772019364]]></Nonce></xml>`,
  })
  t.strictSame(log, [])
  t.match(handled, [{ kind: 'text', Content: '木棉 🌳', MsgId: '24876543210987654', raw: MESSAGE.xml }])
})

t.test('Encrypt may be broken over lines', async t => {
  const { receive } = createReceiver({ account: SAFE })
  const lines = MESSAGE.encrypt.replace(/.{76}/g, '$&\r\n')
  const body = ENVELOPE.replace(MESSAGE.encrypt, ` ${lines}\n`)
  const answer = await receive({ ...plainPost(body), query: AES + MESSAGE.msgSignature })
  t.match(openReply(answer), { Content: 'echo:木棉 🌳' })
})

t.test('a reply is sealed with our clock in seconds and the nonce of the request', async t => {
  const { receive } = createReceiver({ account: SAFE, now: 1893456007 })
  const answer = await receive(sealedPost(textXml('hi'), { timestamp: '1893456001', nonce: 'n55' }))
  t.match(readEnvelope(answer.body), { timestamp: '1893456007', nonce: 'n55' })
  t.match(openReply(answer), {
    MsgType: 'text',
    Content: 'echo:hi',
    ToUserName: 'oQ7xExampleFan0001',
    FromUserName: 'gh_a0b1c2d3e4f5',
    CreateTime: '1893456007',
  })
})

t.test('two replies to the same message are sealed with different random bytes', async t => {
  const { receive } = createReceiver({ account: SAFE })
  const request = sealedPost(textXml('hi'))
  t.not((await receive(request)).body, (await receive(request)).body)
})

const HIDDEN = textXml('hidden')
const SHOWN = textXml('shown')
const plain = (xml: string) => plainPost(xml)
const aesPlain = (xml: string) => ({ ...plainPost(xml), query: AES + '0'.repeat(40) })
const onlyEncrypt = () => sealedPost(HIDDEN)
const both = () => sealedPost(HIDDEN, { beside: elementsOf(SHOWN) })

/** Each row: how the account is configured, what comes, which half is read, and how the reply goes out. */
const DECISIONS: readonly (readonly [
  name: string,
  account: Account,
  request: ReturnType<typeof plainPost>,
  content: 'hidden' | 'shown',
  reply: 'plain' | 'encrypted',
])[] = [
  ['plain elements, no key', PLAIN, plain(SHOWN), 'shown', 'plain'],
  ['plain elements, a key, compatible', COMPATIBLE, plain(SHOWN), 'shown', 'plain'],
  ['plain elements, a key, plain', { ...COMPATIBLE, mode: 'plain' }, plain(SHOWN), 'shown', 'plain'],
  ['only Encrypt, compatible', COMPATIBLE, onlyEncrypt(), 'hidden', 'encrypted'],
  ['only Encrypt, safe', SAFE, onlyEncrypt(), 'hidden', 'encrypted'],
  ['only Encrypt, a key, plain', { ...COMPATIBLE, mode: 'plain' }, onlyEncrypt(), 'hidden', 'encrypted'],
  ['both halves, compatible', COMPATIBLE, both(), 'hidden', 'encrypted'],
  ['both halves, safe', SAFE, both(), 'hidden', 'encrypted'],
  ['both halves, no key', PLAIN, both(), 'shown', 'plain'],
]

t.test('the encrypted half is read wherever there is a key, and the reply goes out as the message came', async t => {
  for (const [name, account, request, content, mode] of DECISIONS) {
    const { receive, log, handled } = createReceiver({ account })
    const answer = await receive(request)
    t.strictSame([answer.status, answer.headers], [200, XML], name)
    t.match(handled, [{ Content: content }], `${name}: the ${content} half`)
    t.equal(handled.length, 1, `${name}: once`)
    if (mode === 'encrypted') t.match(openReply(answer), { Content: `echo:${content}` }, `${name}: encrypted`)
    else t.ok(answer.body.includes(`<![CDATA[echo:${content}]]>`), `${name}: plain`)
    t.strictSame(log, [])
  }
})

t.test('an encrypted message without a key in the configuration is a loud 500', async t => {
  const { receive, log, handled } = createReceiver({ account: PLAIN })
  t.strictSame(await receive(sealedPost(HIDDEN)), { status: 500, headers: TEXT, body: 'internal error\n' })
  t.strictSame(log, [
    'weixin error: an encrypted message, and no "aesKey" in the configuration; enter the EncodingAESKey and the AppID account=default ms=0 status=500 reason=no-key',
  ])
  t.strictSame(handled, [])
})

t.test('safe mode refuses what is not encrypted, however well it is signed', async t => {
  for (const request of [
    plain(SHOWN),
    { ...plain(SHOWN), query: `${SIGNED}&encrypt_type=raw` },
    { ...plain(SHOWN), query: `${SIGNED}&encrypt_type=AES` },
    { ...both(), query: SIGNED },
    { ...onlyEncrypt(), query: SIGNED },
  ]) {
    const { receive, log, handled } = createReceiver({ account: SAFE })
    t.strictSame(await receive(request), FORBIDDEN)
    t.match(log, [
      /^weixin warn: a message that is not encrypted while "mode" is safe; .* status=403 reason=downgrade$/,
    ])
    t.strictSame(handled, [])
  }
  const { receive, log } = createReceiver({ account: SAFE })
  t.strictSame(await receive(aesPlain(SHOWN)), FORBIDDEN, 'encrypt_type=aes and nothing encrypted')
  t.match(log, [/ reason=-40002$/])
})

t.test('while they are being changed, the Token and the key of before are accepted and used for the reply', async t => {
  const oldKey = Buffer.alloc(32, 'o')
  const credentials = { ...CREDENTIALS, tokens: [TOKEN, 'birch'], aesKeys: [CREDENTIALS.aesKeys[0] ?? oldKey, oldKey] }
  const account: Account = { ...SAFE, tokens: credentials.tokens, credentials }
  for (const token of [TOKEN, 'birch']) {
    for (const key of credentials.aesKeys) {
      const { receive, log } = createReceiver({ account })
      const answer = await receive(sealedPost(HIDDEN, { token, key }))
      t.match(openReply(answer, { ...CREDENTIALS, tokens: [token], aesKeys: [key] }), { Content: 'echo:hidden' })
      t.strictSame(log, [])
    }
  }
  const { receive } = createReceiver({ account })
  t.strictSame(await receive(sealedPost(HIDDEN, { token: 'pine' })), FORBIDDEN, 'no other Token')
  t.strictSame(await receive(sealedPost(HIDDEN, { key: Buffer.alloc(32, 'p') })), FORBIDDEN, 'no other key')
})

/** Nothing but padding, encrypted with the right key: whoever made it knows the key, and is not WeChat. */
function onlyPadding(): string {
  const cipher = createCipheriv('aes-256-cbc', KEY, KEY.subarray(0, 16)).setAutoPadding(false)
  return cipher.update(Buffer.alloc(32, 32)).toString('base64')
}

const OTHER_KEY = Buffer.alloc(32, 'z')
const signature = '37042fb7a52e1804cfc711349e6b839fef326386'
const { query: sealedQuery = '' } = onlyEncrypt()

/** Messages that are not from WeChat, or not for us; with each the code in the log. */
const FAILURES: Readonly<Record<string, readonly [request: ReturnType<typeof plainPost>, reason: string]>> = {
  'a wrong msg_signature': [sealedPost(HIDDEN, { msgSignature: '0'.repeat(40) }), '-40001'],
  'the plain signature for msg_signature': [sealedPost(HIDDEN, { msgSignature: signature }), '-40001'],
  'no msg_signature': [{ ...onlyEncrypt(), query: sealedQuery.replace(/&msg_signature=.*/, '') }, '-40001'],
  'an empty msg_signature': [sealedPost(HIDDEN, { msgSignature: '' }), '-40001'],
  'a short msg_signature': [sealedPost(HIDDEN, { msgSignature: 'abc' }), '-40001'],
  'a msg_signature that is not hexadecimal': [sealedPost(HIDDEN, { msgSignature: 'g'.repeat(40) }), '-40001'],
  'msg_signature twice': [{ ...onlyEncrypt(), query: `${sealedQuery}&msg_signature=0` }, 'query'],
  'encrypt_type twice': [{ ...onlyEncrypt(), query: `${sealedQuery}&encrypt_type=raw` }, 'query'],
  'no signature': [{ ...onlyEncrypt(), query: sealedQuery.replace(/^signature=\w+&/, '') }, 'query'],
  'a wrong signature': [{ ...onlyEncrypt(), query: sealedQuery.replace(/^signature=./, 'signature=f') }, '-40001'],
  'an Encrypt of another message': [{ ...sealedPost(SHOWN), query: AES + MESSAGE.msgSignature }, '-40001'],
  'no Encrypt': [sealedPost(HIDDEN, { beside: '<Encrypt>a</Encrypt>' }), '-40002'],
  'another key': [sealedPost(HIDDEN, { key: OTHER_KEY }), '-40007'],
  'garbage of whole blocks': [sealedPost('', { encrypt: Buffer.alloc(64, 7).toString('base64') }), '-40007'],
  'garbage of half a block': [sealedPost('', { encrypt: 'YWJjZGVmZ2g=' }), '-40007'],
  'an empty Encrypt': [sealedPost('', { encrypt: '' }), '-40007'],
  'no room for a message': [sealedPost('', { encrypt: onlyPadding() }), '-40008'],
  'no base64': [sealedPost('', { encrypt: '!!YWJj*' }), '-40010'],
  'the alphabet of URLs': [sealedPost('', { encrypt: '-_-_'.repeat(16) }), '-40010'],
  'another AppID': [sealedPost(HIDDEN, { appId: 'wxffffffffffffffff' }), '-40005'],
  'no AppID': [sealedPost(HIDDEN, { appId: '' }), '-40005'],
  'another ToUserName outside': [sealedPost(HIDDEN, { beside: '<ToUserName>gh_other</ToUserName>' }), 'to-user-name'],
  'ToUserName twice outside': [
    sealedPost(HIDDEN, { beside: '<ToUserName>gh_a0b1c2d3e4f5</ToUserName>'.repeat(2) }),
    'to-user-name',
  ],
  'a message of yesterday': [sealedPost(HIDDEN, { timestamp: '1893369600' }), 'replay'],
}

t.test('every failure of crypto gets the same 403, and the log says which it was', async t => {
  for (const [name, [request, reason]] of Object.entries(FAILURES)) {
    for (const account of [SAFE, COMPATIBLE]) {
      const { receive, log, handled } = createReceiver({ account })
      t.strictSame(await receive(request), FORBIDDEN, name)
      t.match(log, [new RegExp(` status=403 reason=${reason}$`)], `${name}: ${reason}`)
      t.equal(log.length, 1)
      t.strictSame(handled, [], `${name}: no handler runs`)
    }
  }
})

t.test('ToUserName outside may be missing', async t => {
  const { receive } = createReceiver({ account: SAFE })
  t.match(openReply(await receive(sealedPost(HIDDEN, { beside: '' }))), { Content: 'echo:hidden' })
})

t.test('a rightly sealed message that is none is a bad request', async t => {
  const refused = {
    'no XML': ['hello', 'prolog'],
    nothing: ['', 'prolog'],
    'a DOCTYPE': [`<!DOCTYPE xml>${HIDDEN}`, 'prolog'],
    'no FromUserName': ['<xml><ToUserName>gh_a0b1c2d3e4f5</ToUserName></xml>', 'message'],
    'JSON, as a mini program may choose': [PUBLISHED.xml, 'prolog'],
    'two elements of one name': [messageXml('<MsgType>text</MsgType>'.repeat(2)), 'message'],
  } as const
  for (const [name, [xml, reason]] of Object.entries(refused)) {
    const { receive, log } = createReceiver({ account: SAFE })
    t.match(await receive(sealedPost(xml)), { status: 400, body: 'bad request\n' }, name)
    t.match(log, [new RegExp(` status=400 reason=${reason}$`)])
  }
  const { receive } = createReceiver({ account: SAFE, now: Number(FULL_BLOCK.timestamp) })
  const query = `signature=${sign(TOKEN, FULL_BLOCK.timestamp, '55')}&timestamp=${FULL_BLOCK.timestamp}&nonce=55`
  const request = { ...plainPost(`<xml><Encrypt>${FULL_BLOCK.encrypt}</Encrypt></xml>`) }
  t.match(
    await receive({ ...request, query: `${query}&encrypt_type=aes&msg_signature=${FULL_BLOCK.msgSignature}` }),
    { status: 400 },
    'a whole block of padding is taken off, and what is inside has no names',
  )
})

import { createCipheriv, randomBytes } from 'node:crypto'
import { CryptoError } from '../../../src/crypto/crypto-error.ts'
import { sealEnvelope } from '../../../src/crypto/envelope.ts'
import { sign } from '../../../src/crypto/signature.ts'
import type { Defect } from './defect.ts'
import { ACCOUNT, type Answer, plain, Refused, type Steps, sealWith } from './responder.ts'

/** Changes what is sent when a message has been answered. */
const sending =
  (change: (answer: Answer, xml: string) => Answer) =>
  ({ send }: Steps) => ({
    send: (xml: string, opened: Parameters<Steps['send']>[1]) => change(send(xml, opened), xml),
  })
const addressing =
  (change: (xml: string) => string) =>
  ({ address }: Steps) => ({
    address: (...words: Parameters<Steps['address']>) => change(address(...words)),
  })
const sealing = (using: (right: ReturnType<typeof sealWith>) => Partial<ReturnType<typeof sealWith>>) => () => ({
  seal: (xml: string) => sealEnvelope(xml, { ...sealWith(), ...using(sealWith()) }),
})
const ARTICLE = '<item><Title>t</Title><Url>https://example.com/</Url></item>'

/** Pads as AES does, not as WeChat does. */
function sealedBy16(xml: string): string {
  const { token, key, appId, timestamp, nonce } = sealWith()
  const head = Buffer.alloc(4)
  head.writeUInt32BE(Buffer.byteLength(xml))
  // An odd number of AES blocks whatever the length.
  const body = Buffer.concat([randomBytes(16), head, Buffer.from(xml), Buffer.from(appId)])
  const spaces = Buffer.alloc((32 - ((body.length + 1) % 32) + 16) % 32, ' ')
  head.writeUInt32BE(Buffer.byteLength(xml) + spaces.length)
  const plainText = Buffer.concat([body.subarray(0, 16), head, Buffer.from(xml), spaces, Buffer.from(appId)])
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16))
  const encrypt = Buffer.concat([cipher.update(plainText), cipher.final()]).toString('base64')
  const msgSignature = sign(token, timestamp, nonce, encrypt)
  return (
    `<xml><Encrypt>${encrypt}</Encrypt><MsgSignature>${msgSignature}</MsgSignature>` +
    `<TimeStamp>${timestamp}</TimeStamp><Nonce>${nonce}</Nonce></xml>`
  )
}

/** Responders whose replies WeChat would not take, or would take for something else. */
export const brokenReplies: readonly Defect[] = [
  {
    name: 'leaves To and From as they were',
    fails: ['reply-addressed', 'redelivery-followers'],
    change: ({ address }) => ({
      address: (message, inside) =>
        address(
          { ...message, FromUserName: message['ToUserName'] ?? '', ToUserName: message['FromUserName'] ?? '' },
          inside,
        ),
    }),
  },
  {
    name: 'writes milliseconds',
    fails: ['reply-time'],
    change: addressing(xml => xml.replace(/(\d{10})(?=<\/CreateTime>)/, '$1000')),
  },
  {
    name: 'writes a type that does not exist',
    fails: ['reply-complete'],
    change: addressing(xml => xml.replace('<MsgType>text<', '<MsgType>Text<')),
  },
  {
    name: 'answers at any length',
    fails: ['reply-length'],
    change: ({ reply }) => ({
      reply: message =>
        String(message['Content']).startsWith('汉汉')
          ? `<MsgType>text</MsgType><Content>${String(message['Content'])}</Content>`
          : reply(message),
    }),
  },
  {
    name: 'answers with two articles',
    fails: ['reply-articles'],
    change: ({ reply }) => ({
      reply: message =>
        message['Content'] === '你好'
          ? `<MsgType>news</MsgType><ArticleCount>2</ArticleCount><Articles>${ARTICLE}${ARTICLE}</Articles>`
          : reply(message),
    }),
  },
  {
    name: 'begins with a byte order mark',
    fails: ['reply-exact'],
    change: sending(answer => ({ ...answer, body: `\ufeff${answer.body}` })),
  },
  {
    name: 'ends success with a line',
    fails: ['reply-exact'],
    change: () => ({ success: () => plain(200, 'success\n') }),
  },
  {
    name: 'sends replies as text/html',
    fails: ['reply-type'],
    change: sending(answer => ({ ...answer, headers: { 'Content-Type': 'text/html' } })),
  },
  {
    name: 'says that it compresses',
    fails: ['reply-uncompressed'],
    change: sending(answer => ({ ...answer, headers: { ...answer.headers, 'Content-Encoding': 'gzip' } })),
  },
  {
    name: 'chunks its replies',
    fails: ['reply-length-header'],
    change: sending(answer => ({ ...answer, headers: { ...answer.headers, 'Transfer-Encoding': 'chunked' } })),
  },
  {
    name: 'writes CDATA without a care',
    fails: ['text-cdata'],
    change: ({ reply }) => ({
      reply(message) {
        const text = String(message['Content'])
        return text.includes(']]>') ? `<MsgType>text</MsgType><Content><![CDATA[${text}]]></Content>` : reply(message)
      },
    }),
  },
  { name: 'answers safe mode in plain', fails: ['mode-safe'], change: () => ({ seal: xml => xml }) },
  {
    name: 'knows no compatible mode',
    fails: ['mode-compatible', 'mode-encrypted-half'],
    mode: 'safe',
    change: ({ open }) => ({
      open(query, body) {
        if (body.includes('<Encrypt>') && body.includes('<MsgType>')) throw new Refused(403)
        return open(query, body)
      },
    }),
  },
  {
    name: 'encrypts every reply',
    fails: ['mode-plain'],
    change: ({ send }) => ({ send: (xml, opened) => send(xml, { ...opened, encrypted: true }) }),
  },
  {
    name: 'believes plain messages in safe mode',
    fails: ['mode-downgrade'],
    mode: 'safe',
    change: ({ open, parse }) => ({
      open: (query, body) =>
        query.has('encrypt_type') ? open(query, body) : { message: parse(body), encrypted: false },
    }),
  },
  {
    name: 'believes the plain half',
    fails: ['mode-encrypted-half'],
    change: ({ open, parse }) => ({
      open(query, body) {
        const opened = open(query, body)
        const outer = parse(body)
        return outer['FromUserName'] ? { ...opened, message: outer } : opened
      },
    }),
  },
  {
    name: 'cannot read long paddings',
    fails: ['cipher-padding'],
    change: ({ open }) => ({
      open(query, body) {
        const { message, encrypted } = open(query, body)
        if (/^a{32,}$/.test(String(message['Content'])) && String(message['Content']).length % 2) throw new Refused(500)
        return { message, encrypted }
      },
    }),
  },
  {
    name: 'minds a line end in base64',
    fails: ['cipher-blanks'],
    change: ({ open }) => ({
      open(query, body) {
        if (/CDATA\[\n/.test(body.toString())) throw new Refused(403)
        return open(query, body)
      },
    }),
  },
  {
    name: 'encrypts success',
    fails: [
      'event-follow',
      'event-menu',
      'event-location',
      'event-job',
      'event-account',
      'event-unknown',
      'text-empty',
      'cipher-success',
      'redelivery-second',
    ],
    change: ({ success, seal }) => ({
      success: opened =>
        opened.encrypted
          ? { ...plain(200, seal('success')), headers: { 'Content-Type': 'text/xml' } }
          : success(opened),
    }),
  },
  {
    name: 'signs replies with another Token',
    fails: ['cipher-signature'],
    change: sealing(() => ({ token: 'anotherToken' })),
  },
  {
    name: 'encrypts replies for another AppID',
    fails: ['cipher-app-id'],
    change: sealing(() => ({ appId: 'wxffffffffffffffff' })),
  },
  { name: 'pads replies to 16 bytes', fails: ['cipher-reply-padding'], change: () => ({ seal: sealedBy16 }) },
  {
    name: 'has no random bytes',
    fails: ['cipher-random'],
    change: sealing(() => ({ random: size => Buffer.alloc(size) })),
  },
  {
    name: 'believes plain elements under encrypt_type=aes',
    fails: ['sealed-plaintext'],
    change: ({ open, parse }) => ({
      open: (query, body) =>
        body.includes('<Encrypt>') ? open(query, body) : { message: parse(body), encrypted: false },
    }),
  },
  {
    name: 'does not ask for msg_signature',
    fails: ['sealed-unsigned'],
    change: ({ open }) => ({
      open: (query, body) => (query.get('msg_signature') ? open(query, body) : open(withSignature(query, body), body)),
    }),
  },
  {
    name: 'accepts signature for msg_signature',
    fails: ['sealed-signature'],
    change: ({ open }) => ({
      open: (query, body) =>
        query.get('msg_signature') === query.get('signature')
          ? open(withSignature(query, body), body)
          : open(query, body),
    }),
  },
  {
    name: 'does not look at msg_signature',
    fails: ['sealed-unsigned', 'sealed-signature', 'sealed-tampered'],
    change: ({ open, parse }) => ({
      parse: document => parse(Buffer.from(document.toString())),
      open: (query, body) => open(withSignature(query, body), body),
    }),
  },
  {
    name: 'does not look at the AppID',
    fails: ['sealed-app-id', 'sealed-alike'],
    change: ({ open }) => ({
      open(query, body) {
        try {
          return open(query, body)
        } catch (error) {
          const { cause } = error as Error
          // Nothing of the message is left; that somebody is answered is what counts.
          if (cause instanceof CryptoError && cause.code === -40005) return { message: STRANGER, encrypted: true }
          throw error
        }
      },
    }),
  },
  {
    name: 'dies of a broken envelope',
    fails: ['sealed-broken'],
    change: ({ finish }) => ({
      finish: (answer, request) =>
        request.body.toString() === '<xml><Encrypt>AAAA</Encrypt></xml>' ? undefined : finish(answer, request),
    }),
  },
  {
    name: 'tells a wrong AppID from a wrong key',
    fails: ['sealed-alike'],
    change({ refuse }) {
      let turn = 400
      return {
        refuse: (status, request) =>
          refuse(request.query.includes('msg_signature') && status === 403 ? (++turn % 50) + 400 : status, request),
      }
    },
  },
  {
    name: 'takes a redelivery for a replay',
    fails: ['redelivery-taken', 'redelivery-same', 'redelivery-together'],
    change({ readQuery }) {
      const seen = new Set<string>()
      return {
        readQuery(query) {
          if (seen.has(query) && !query.includes('echostr')) throw new Refused(403)
          seen.add(query)
          return readQuery(query)
        },
      }
    },
  },
  {
    name: 'answers a redelivery with success',
    fails: ['redelivery-same'],
    change({ send, success }) {
      const seen = new Set<string>()
      return {
        send(xml, opened) {
          const id = String(opened.message['MsgId'])
          const known = seen.has(id) && opened.message['MsgType'] === 'text'
          seen.add(id)
          return known ? success(opened) : send(xml, opened)
        },
      }
    },
  },
  {
    name: 'counts deliveries of one message',
    fails: ['redelivery-same', 'redelivery-together'],
    change({ address }) {
      let count = 0
      return {
        address: (message, inside) =>
          address(message, inside).replace('<Content><![CDATA[你好]]>', () => `<Content><![CDATA[${++count}]]>`),
      }
    },
  },
  {
    name: 'knows messages by MsgId alone',
    fails: ['redelivery-followers'],
    change({ address }) {
      const first = new Map<string, string>()
      return {
        address(message, inside) {
          const id = String(message['MsgId'] ?? Math.random())
          const xml = first.get(id) ?? address(message, inside)
          first.set(id, xml)
          return xml
        },
      }
    },
  },
  {
    name: 'knows messages by their second',
    fails: ['redelivery-second'],
    change: () => ({ identity: message => JSON.stringify([message['FromUserName'], message['CreateTime']]) }),
  },
  {
    name: 'fails when many write at one time',
    fails: ['timing-together'],
    only: ['timing'],
    change({ receive }) {
      let running = 0
      return {
        async receive(request) {
          if (running > 5) throw new Refused(503)
          running++
          await new Promise(resolve => setTimeout(resolve, 20))
          running--
          return receive(request)
        },
      }
    },
  },
  {
    name: 'does not answer at all',
    fails: ['timing-together', 'timing-deadline', 'timing-usual'],
    only: ['timing'],
    patience: 100,
    change: () => ({ finish: (answer, { method }) => (method === 'GET' ? answer : new Promise(() => {})) }),
  },
  {
    name: 'takes its time',
    fails: ['timing-usual'],
    only: ['timing'],
    patience: 1000,
    change: ({ finish }) => ({
      finish: (answer, request) => new Promise(resolve => setTimeout(() => resolve(finish(answer, request)), 220)),
    }),
  },
  {
    name: 'answers messages with status 201',
    fails: ['message-text', 'message-media', 'message-place-link', 'message-unknown', 'message-shape', 'event-follow'],
    change: sending(answer => ({ ...answer, status: 201 })),
    only: ['message', 'event'],
  },
  { name: 'answers nothing to anybody', fails: [], change: () => ({ reply: () => undefined }) },
  {
    name: 'answers everything with an error page',
    fails: [
      'message-text',
      'message-media',
      'message-place-link',
      'message-unknown',
      'message-shape',
      'reply-exact',
      'xml-prototype',
      'xml-bom',
      'timing-together',
      'timing-deadline',
      'timing-usual',
    ],
    change: () => ({
      receive: () => {
        throw new Refused(500)
      },
    }),
    only: ['message', 'reply', 'xml', 'timing'],
  },
]

const STRANGER = { FromUserName: 'oX', ToUserName: ACCOUNT.toUserName, MsgType: 'text', Content: 'x' }

type Query = ReadonlyMap<string, string>

function signatureOf(query: Query, body: Buffer): string {
  const [, encrypt = ''] = /<Encrypt>(?:<!\[CDATA\[)?([^<\]]*)/.exec(body.toString()) ?? []
  return sign(ACCOUNT.token, query.get('timestamp') ?? '', query.get('nonce') ?? '', encrypt.replace(/\s/g, ''))
}

function withSignature(query: Query, body: Buffer): Query {
  return new Map([...query, ['msg_signature', signatureOf(query, body)]])
}

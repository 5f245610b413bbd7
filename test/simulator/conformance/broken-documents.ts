import type { Defect } from './defect.ts'
import { Refused, type Steps } from './responder.ts'

/** Reads a document after something was done to its text. */
const reading =
  (change: (xml: string) => string) =>
  ({ parse }: Steps) => ({
    parse: (document: Buffer) => parse(Buffer.from(change(document.toString()))),
  })
const refusing =
  (what: RegExp, status = 500) =>
  ({ parse }: Steps) => ({
    parse(document: Buffer) {
      if (what.test(document.toString())) throw new Refused(status)
      return parse(document)
    },
  })
const withoutDoctype = (xml: string) => xml.replace(/^<!DOCTYPE[^[>]*(?:\[.*?\])?>/s, '')

/** Responders that read messages wrongly. */
export const brokenDocuments: readonly Defect[] = [
  {
    name: 'fails on texts',
    fails: ['message-text', 'message-shape'],
    change: refusing(/<MsgType><!\[CDATA\[text\]\]>/),
    only: ['message-', 'event-'],
  },
  { name: 'fails on pictures', fails: ['message-media'], change: refusing(/<PicUrl>/) },
  { name: 'fails on places', fails: ['message-place-link'], change: refusing(/<Location_X>24.479834/) },
  { name: 'fails on types that it does not know', fails: ['message-unknown'], change: refusing(/hologram\]/) },
  { name: 'reads elements in one order only', fails: ['message-shape'], change: refusing(/^<xml>\s*<Bare/) },
  {
    name: 'insists on openid',
    fails: ['message-openid'],
    mode: 'plain',
    change: ({ readQuery }) => ({
      readQuery(query) {
        const values = readQuery(query)
        if (!values.has('echostr') && !values.has('openid')) throw new Refused(403)
        return values
      },
    }),
  },
  { name: 'fails when somebody leaves', fails: ['event-follow'], change: refusing(/\[unsubscribe\]/) },
  { name: 'fails on a picture from the menu', fails: ['event-menu'], change: refusing(/<SendPicsInfo>/) },
  { name: 'fails on reported locations', fails: ['event-location'], change: refusing(/<Precision>/) },
  { name: 'fails on results of jobs', fails: ['event-job'], change: refusing(/<MsgID>/) },
  { name: 'fails on agents', fails: ['event-account'], change: refusing(/<KfAccount>/) },
  { name: 'fails on events that it does not know', fails: ['event-unknown'], change: refusing(/<Scene>/) },
  { name: 'passes over a DOCTYPE', fails: ['xml-doctype'], change: reading(withoutDoctype) },
  {
    name: 'fills entities in',
    fails: ['xml-entity'],
    change: reading(xml => {
      const [, value = ''] = /<!ENTITY e "([^"]*)">/.exec(xml) ?? []
      return value ? withoutDoctype(xml).replaceAll('&e;', value) : xml
    }),
  },
  {
    name: 'fills entities in, and entities in them',
    fails: ['xml-bomb'],
    change: ({ finish }) => ({
      async finish(answer, request) {
        return request.body.includes('&l9;') ? { ...answer, body: 'ha'.repeat(1_000_000) } : finish(answer, request)
      },
    }),
    mode: 'plain',
  },
  {
    name: 'overflows its stack',
    fails: ['xml-deep'],
    mode: 'plain',
    change: ({ finish }) => ({
      finish: (answer, request) => (request.body.includes('<a><a><a>') ? undefined : finish(answer, request)),
    }),
  },
  {
    name: 'repairs what is cut off',
    fails: ['xml-broken'],
    change: reading(xml => xml.replace(/<\/Cont$/, '</Content></xml>')),
  },
  {
    name: 'accepts any root',
    fails: ['xml-root'],
    change: reading(xml => xml.replace(/^<html>/, '<xml>').replace(/<\/html>$/, '</xml>')),
  },
  {
    name: 'joins what is repeated',
    fails: ['xml-repeated'],
    change: ({ parse }) => ({
      parse(document) {
        const { FromUserName: from, ...root } = parse(document)
        return { ...root, ...(from !== undefined && { FromUserName: [from].flat().join(',') }) }
      },
    }),
  },
  {
    name: 'answers undefined',
    fails: ['xml-sender'],
    change: ({ parse }) => ({
      parse(document) {
        const root = parse(document)
        return root['MsgType'] ? { FromUserName: 'undefined', ...root } : root
      },
    }),
  },
  {
    name: 'has its prototype polluted',
    fails: ['xml-prototype'],
    change({ parse }) {
      let polluted = false
      return {
        parse(document) {
          if (polluted && !document.includes('<__proto__>')) {
            polluted = false
            throw new Refused(500)
          }
          polluted ||= document.includes('<__proto__>')
          return parse(document)
        },
      }
    },
  },
  { name: 'fails on a byte order mark', fails: ['xml-bom'], change: refusing(/^\ufeff/) },
  {
    name: 'copies bytes that are not UTF-8',
    fails: ['xml-encoding'],
    mode: 'plain',
    change: ({ finish }) => ({
      finish: (answer, request) =>
        finish(request.body.includes(0xfe) ? { ...answer, body: Buffer.from([0x3c, 0xfe]) } : answer, request),
    }),
  },
  {
    name: 'reads JSON as well',
    fails: ['xml-json'],
    change: ({ parse }) => ({
      parse(document) {
        if (!document.toString().startsWith('{"To')) return parse(document)
        return Object.assign(Object.create(null), JSON.parse(document.toString()))
      },
    }),
  },
  {
    name: 'copies the sender unescaped',
    fails: ['xml-injection'],
    change: ({ address }) => ({
      address: (message, inside) =>
        address({ ...message, FromUserName: 'F' }, inside).replace('F', () => String(message['FromUserName'])),
    }),
  },
  {
    name: 'keeps three bytes of a character',
    fails: ['text-unicode'],
    change: reading(xml => xml.replace(/[\u{10000}-\u{10ffff}]/gu, '?')),
  },
  {
    name: 'trims texts',
    fails: ['text-blanks'],
    change: reading(xml => xml.replace(/<Content><!\[CDATA\[\s+/, '<Content><![CDATA[')),
  },
  { name: 'reads CDATA only', fails: ['text-escaped'], change: refusing(/<Content>a &lt;/) },
  { name: 'fails on control characters', fails: ['text-control'], change: refusing(/(?![\t\r\n])\p{Cc}/u) },
  { name: 'fails on long texts', fails: ['text-long'], change: refusing(/(?:汉字🌳){500}/u) },
  { name: 'fills templates in', fails: ['text-markup'], change: reading(xml => xml.replaceAll('{{x}}', '')) },
  {
    name: 'answers an empty text with an empty one',
    fails: ['text-empty'],
    change: ({ reply }) => ({
      reply: message =>
        message['Content'] === '' ? '<MsgType>text</MsgType><Content><![CDATA[]]></Content>' : reply(message),
    }),
  },
]

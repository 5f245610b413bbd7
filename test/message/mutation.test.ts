import fs from 'node:fs'
import t from 'tap'
import { MessageError } from '../../src/message/message-error.ts'
import { parseMessage } from '../../src/message/parse.ts'
import { parseXml } from '../../src/xml/parse.ts'
import { XmlError } from '../../src/xml/xml-error.ts'

const fixtures = new URL('../../../test/fixtures/messages/', import.meta.url)

const PIECES = [
  '<',
  '>',
  '/',
  '&',
  ';',
  '"',
  "'",
  '=',
  ' ',
  '\0',
  '\u001d',
  '\ufeff',
  '\ufffe',
  '<a>',
  '</a>',
  '<a/>',
  '<a b="1">',
  '<![CDATA[',
  ']]>',
  '<!--',
  '-->',
  '<?',
  '?>',
  '<!DOCTYPE x [<!ENTITY a "b">]>',
  '&a;',
  '&#0;',
  '&#x110000;',
  '<xml>',
  '</xml>',
  '<item>',
  '</item>',
  '<__proto__>',
  '</__proto__>',
  '<constructor/>',
  '<toString/>',
  '<MsgId>1</MsgId>',
] as const

/** Whole numbers from 0 up to `below`, the same ones in every run. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function mutate(document: Buffer, random: (below: number) => number): Buffer {
  const at = random(document.length)
  const end = at + random(20)
  const piece = Buffer.from(PIECES[random(PIECES.length)] ?? '')
  switch (random(5)) {
    case 0:
      return Buffer.concat([document.subarray(0, at), piece, document.subarray(at)])
    case 1:
      return Buffer.concat([document.subarray(0, at), document.subarray(end)])
    case 2:
      return Buffer.concat([document.subarray(0, end), document.subarray(at)])
    case 3:
      return document.subarray(0, at)
    default:
      return Buffer.concat([document.subarray(0, at), Buffer.from([random(256)]), document.subarray(at + 1)])
  }
}

t.test('10 000 damaged documents are messages or refused, never anything else', async t => {
  const random = seeded(20310101)
  const documents = fs.readdirSync(fixtures).map(name => fs.readFileSync(new URL(name, fixtures)))
  let accepted = 0
  let refused = 0
  for (let round = 0; round < 10_000; round++) {
    let document: Buffer = documents[random(documents.length)] ?? Buffer.alloc(0)
    for (let times = random(2); times >= 0; times--) document = mutate(document, random)
    try {
      const message = parseMessage(parseXml(document))
      if (typeof message.kind !== 'string' || message.FromUserName === '') t.fail(`no message: ${document}`)
      accepted++
    } catch (error) {
      if (!(error instanceof XmlError || error instanceof MessageError)) t.fail(`${error}: ${document}`)
      refused++
    }
  }
  t.ok(accepted > 1000, `${accepted} are still messages`)
  t.ok(refused > 1000, `${refused} are refused`)
  t.strictSame(Object.keys(Object.prototype), [])
})

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Check } from '../check.ts'
import { Finding } from '../finding.ts'
import { one, quote } from '../judge.ts'
import type { Player } from '../player.ts'

/** Documents with a DOCTYPE, which WeChat never sends, and with what one can do to a parser that reads it. */
export const doctypeChecks: readonly Check[] = [
  {
    name: 'xml-doctype',
    severity: 'should',
    hostile: true,
    title: { en: 'a DOCTYPE is refused', zh: '拒绝带有 DOCTYPE 的 XML' },
    why: {
      en: 'WeChat never sends one; since 2018 it asks every SDK to refuse it (CVE-2018-13439)',
      zh: '微信从不发送 DOCTYPE；2018 年起要求各 SDK 一律拒绝（CVE-2018-13439）',
    },
    async run(player) {
      const answers = await player.smuggle(withDoctype(player, 'xml', '你好'))
      for (const answer of answers) player.expectNoReply(answer)
    },
  },
  {
    name: 'xml-entity',
    severity: 'must',
    hostile: true,
    title: { en: 'entities of the sender are not filled in', zh: '不展开请求方定义的实体' },
    why: {
      en: 'with an entity a sender reads files of the server into its own reply',
      zh: '利用实体，请求方能把服务器上的文件读进回复里',
    },
    async run(player) {
      const documents = ['"EXPANDED"', 'SYSTEM "data:,EXPANDED"'].map(value =>
        withDoctype(player, `xml [<!ENTITY e ${value}>]`, '&e;').replaceAll(/<!\[CDATA\[(&e;)\]\]>/g, '$1'),
      )
      for (const document of documents) {
        for (const answer of await player.smuggle(document)) {
          const text = one(player.findReply(answer)?.root['Content']) || answer.body.toString()
          if (text.includes('EXPANDED')) throw new Finding({ en: quote(text), zh: quote(text) })
        }
      }
    },
  },
  {
    name: 'xml-external',
    severity: 'must',
    hostile: true,
    title: { en: 'nothing is fetched on behalf of a document', zh: '不会按请求内容去访问其他地址' },
    why: {
      en: 'otherwise anybody may look round in your network through the server (XXE, SSRF)',
      zh: '否则任何人都能借这台服务器探测内网（XXE、SSRF）',
    },
    run: lureOut,
  },
  {
    name: 'xml-bomb',
    severity: 'must',
    hostile: true,
    title: { en: 'entities inside entities cost nothing', zh: '层层嵌套的实体不会耗尽资源' },
    why: {
      en: 'a kilobyte of “billion laughs” fills the memory of a parser that fills it in',
      zh: '1 KB 的“十亿笑”就能耗尽会展开实体的解析器的内存',
    },
    async run(player) {
      for (const { body } of await player.smuggle(bomb(player))) {
        if (body.length > FILLED_IN)
          throw new Finding({ en: `${body.length} bytes come back`, zh: `返回了 ${body.length} 字节` })
      }
    },
  },
]

/** More bytes than an answer has in which nothing was filled in. */
const FILLED_IN = 8192

function withDoctype(player: Player, doctype: string, content: string): string {
  return `<!DOCTYPE ${doctype}>${player.compose('text', [content]).xml}`
}

function bomb(player: Player): string {
  const levels = Array.from({ length: 9 }, (_, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`)
  const document = withDoctype(player, `xml [<!ENTITY l0 "${'ha'.repeat(50)}">${levels.join('')}]`, 'PLACE')
  return document.replace('<![CDATA[PLACE]]>', '&l9;')
}

/** A listener of our own is named in the document: whoever comes there was lured. */
async function lureOut(player: Player): Promise<void> {
  let visits = 0
  const decoy = createServer((_, response) => {
    visits++
    response.end('x')
  })
  await new Promise<void>(resolve => decoy.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(decoy.address() as AddressInfo).port}/x.dtd`
  const doctypes = [
    `xml SYSTEM "${url}"`,
    `xml [<!ENTITY e SYSTEM "${url}">]`,
    `xml [<!ENTITY % p SYSTEM "${url}"> %p;]`,
  ]
  try {
    for (const doctype of doctypes) {
      await player.smuggle(withDoctype(player, doctype, 'PLACE').replace('<![CDATA[PLACE]]>', '&e;'))
    }
  } finally {
    decoy.closeAllConnections()
    decoy.close()
  }
  if (visits > 0) throw new Finding({ en: `it fetched ${url}`, zh: `它访问了 ${url}` })
}

import { randomInt } from 'node:crypto'
import type { Check } from '../check.ts'
import { Finding } from '../finding.ts'
import { one, quote } from '../judge.ts'
import type { Player } from '../player.ts'

const LOST = {
  en: 'what a follower writes must neither break the reply nor change on its way',
  zh: '用户写的内容既不能破坏回复，也不能在途中被改动',
}

/** What followers write. Where texts come back as replies, they must come back as they were. */
export const textChecks: readonly Check[] = [
  {
    name: 'text-unicode',
    severity: 'must',
    title: { en: 'Chinese, emoji and rare characters pass unharmed', zh: '汉字、表情和生僻字不受损' },
    why: {
      en: 'emoji and rare names have four bytes each; three-byte storage and byte-wise reading break them',
      zh: '表情和生僻字占四个字节，按三字节存储或按字节截断都会损坏',
    },
    run: player => passUnharmed(player, ['木棉 🌳', '👩‍👩‍👧‍👦🇨🇳', '𠮷野家 龘 ㊗️', 'Ünïcödé \u202eabc']),
  },
  {
    name: 'text-cdata',
    severity: 'must',
    title: { en: 'a text with ]]> passes unharmed', zh: '含有 ]]> 的文本不受损' },
    why: {
      en: 'in a reply it ends the CDATA section early: a follower could write XML into your answer',
      zh: '在回复中它会提前结束 CDATA，用户就能往你的回复里写入 XML',
    },
    run: player => passUnharmed(player, ['a ]]> b', ']]>', ']]]]>><![CDATA[', '</Content><MsgType>image</MsgType>']),
  },
  {
    name: 'text-markup',
    severity: 'must',
    title: { en: 'markup, references and templates are only text', zh: '标签、实体和模板记号只是文本' },
    why: LOST,
    run: player =>
      passUnharmed(player, [
        '<!DOCTYPE x [<!ENTITY a "b">]>',
        '&amp; &lt;b&gt; &#65;',
        '{{x}} {{{y}}} <%= z %> %s',
        '<b>&',
      ]),
  },
  {
    name: 'text-blanks',
    severity: 'should',
    title: { en: 'blanks and line ends are kept', zh: '空格和换行保持不变' },
    why: LOST,
    run: player =>
      passUnharmed(player, ['  two  blanks  ', 'first\nsecond\n\nfourth', '\u3000全角\u3000'], text => text),
  },
  {
    name: 'text-escaped',
    severity: 'must',
    title: { en: 'a text outside CDATA is read as well', zh: '不用 CDATA 的文本同样能读取' },
    why: {
      en: 'CDATA is one way to write text in XML, and other programs of the platform use the other',
      zh: 'CDATA 只是 XML 表示文本的一种方式，平台的其他程序会用另一种',
    },
    async run(player) {
      const { xml, from } = player.compose('text', ['PLACE'])
      const reply = await player.ask({ xml: xml.replace('<![CDATA[PLACE]]>', 'a &lt; b &amp;&#x6728;'), from })
      if (!(await player.echoes())) return
      const content = one(reply?.root['Content'])
      if (content !== 'a < b &木') throw changed('a < b &木', content)
    },
  },
  {
    name: 'text-control',
    severity: 'must',
    title: { en: 'control characters break neither request nor reply', zh: '控制字符不会使请求或回复出错' },
    why: {
      en: 'some clients send U+0001 and its like; strict parsers fail, and that follower gets nothing but errors',
      zh: '有些客户端会发送 U+0001 之类的字符；严格的解析器会失败，该用户永远只看到故障',
    },
    async run(player) {
      const { xml, from } = player.compose('text', ['PLACE'])
      await player.ask({ xml: xml.replace('PLACE', 'bell\u0007 and \u0001 one'), from })
    },
  },
  {
    name: 'text-long',
    severity: 'must',
    title: { en: 'the longest texts are taken', zh: '最长的文本也被正常接收' },
    why: { en: 'clients let followers write some thousand characters', zh: '客户端允许用户输入几千字' },
    async run(player) {
      await player.ask(player.compose('text', ['汉字🌳'.repeat(700)]))
    },
  },
  {
    name: 'text-empty',
    severity: 'must',
    title: {
      en: 'an empty text is taken, and not answered with an empty one',
      zh: '空文本被正常接收，且不会回复空文本',
    },
    why: {
      en: 'unsupported stickers arrive as empty texts; an empty reply shows the error line',
      zh: '不支持的表情会以空文本到达；回复空文本会显示故障提示',
    },
    async run(player) {
      for (const text of ['', '   ']) {
        const reply = await player.ask(player.compose('text', [text]))
        if (reply?.root['MsgType'] === 'text' && one(reply.root['Content']).trim() === '') {
          throw new Finding({ en: 'it answers with an empty text', zh: '它回复了空文本' })
        }
      }
    },
  },
]

// A mark at both ends, so that a responder that trims, as many do, is not blamed for anything else.
const framed = (text: string) => `${randomInt(2 ** 31)} ${text} .`

async function passUnharmed(player: Player, texts: readonly string[], frame = framed): Promise<void> {
  const echoes = await player.echoes()
  for (const text of texts) {
    const sent = frame(text)
    const reply = await player.ask(player.compose('text', [sent]))
    const content = one(reply?.root['Content'])
    if (echoes && content !== sent) throw changed(sent, content)
  }
}

function changed(sent: string, content: string): Finding {
  return new Finding({
    en: `${quote(sent)} comes back as ${quote(content) || 'nothing'}`,
    zh: `${quote(sent)} 返回时变成${quote(content) || '空'}`,
  })
}

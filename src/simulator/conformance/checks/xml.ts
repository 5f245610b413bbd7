import type { Check } from '../check.ts'
import { Finding } from '../finding.ts'
import { one, quote, unexpected } from '../judge.ts'
import type { Player } from '../player.ts'

const NO_MESSAGE = {
  en: 'whoever answers what is no message answers somebody who is not WeChat',
  zh: '微信不会发送这样的内容，应答它就是在应答别人',
}

/** Documents that are no message, and some that only look like none. */
export const xmlChecks: readonly Check[] = [
  {
    name: 'xml-deep',
    severity: 'must',
    hostile: true,
    title: { en: 'deep nesting and many elements cost nothing', zh: '嵌套过深或元素过多不会耗尽资源' },
    why: {
      en: 'a recursive parser overflows its stack, and the process ends with everybody’s messages',
      zh: '递归解析器会栈溢出，进程退出，所有人的消息都丢失',
    },
    async run(player) {
      const depth = 5000
      await player.smuggle(player.compose('text', [], {}, '<a>'.repeat(depth) + '</a>'.repeat(depth)).xml)
      await player.smuggle(player.compose('text', [], {}, '<a/>'.repeat(depth)).xml)
    },
  },
  {
    name: 'xml-broken',
    severity: 'should',
    hostile: true,
    title: { en: 'what is not well-formed gets no reply', zh: '格式不正确的 XML 得不到回复' },
    why: { en: 'half a message may mean anything', zh: '不完整的消息可能是任何意思' },
    async run(player) {
      const { xml } = player.compose('text')
      const documents = [xml.slice(0, -10), xml.slice(0, xml.length / 2), `${xml}${xml}`, '<xml>', '', 'hello']
      await getNoReply(player, documents)
    },
  },
  {
    name: 'xml-root',
    severity: 'should',
    hostile: true,
    title: { en: 'another root element gets no reply', zh: '根元素不是 xml 时得不到回复' },
    why: NO_MESSAGE,
    run: player =>
      getNoReply(player, [
        player
          .compose('text')
          .xml.replace(/^<xml>/, '<html>')
          .replace(/<\/xml>$/, '</html>'),
      ]),
  },
  {
    name: 'xml-repeated',
    severity: 'must',
    hostile: true,
    title: { en: 'a repeated sender is not two in one', zh: '发送者重复时不会被拼成一个' },
    why: {
      en: 'two values joined are the address of nobody, and checks may see one while replies use the other',
      zh: '拼在一起的地址不属于任何人；校验与回复还可能各取一个',
    },
    async run(player) {
      const { xml, from } = player.compose('text', [], {}, '<FromUserName>oSecond</FromUserName>')
      for (const answer of await player.smuggle(xml)) {
        const reply = player.findReply(answer)
        const to = reply?.root['ToUserName']
        if (reply && to !== from && to !== 'oSecond') throw addressed(one(to))
      }
    },
  },
  {
    name: 'xml-sender',
    severity: 'must',
    hostile: true,
    title: { en: 'a message from nobody gets no reply', zh: '没有发送者的消息得不到回复' },
    why: { en: 'such a reply goes to “undefined” or to nobody', zh: '这样的回复会发给 undefined 或空地址' },
    async run(player) {
      const { xml } = player.compose('text')
      await getNoReply(player, [xml.replace(/<FromUserName>.*?<\/FromUserName>/s, '')])
    },
  },
  {
    name: 'xml-prototype',
    severity: 'must',
    hostile: true,
    title: { en: 'names such as __proto__ mean nothing', zh: '__proto__ 之类的元素名没有特殊含义' },
    why: {
      en: 'in some languages they change every object of the program, and with it the next follower’s message',
      zh: '在某些语言里它们会改变程序中的所有对象，殃及之后所有用户的消息',
    },
    async run(player) {
      const inside = '<__proto__><MsgType>image</MsgType><polluted>1</polluted></__proto__><constructor>x</constructor>'
      await player.smuggle(player.compose('text', [], {}, inside).xml)
      await player.ask(player.compose('text'))
    },
  },
  {
    name: 'xml-bom',
    severity: 'should',
    title: {
      en: 'a byte order mark and an XML declaration in front are passed over',
      zh: '允许开头有 BOM 和 XML 声明',
    },
    why: {
      en: 'proxies and testing tools put them there; neither changes the message',
      zh: '代理和测试工具会加上它们，而消息并没有变',
    },
    async run(player) {
      for (const front of ['\uFEFF', '<?xml version="1.0" encoding="UTF-8"?>\n']) {
        const { xml } = player.compose('text')
        const [answer] = await player.smuggle(front + xml)
        if (answer && answer.status !== 200) throw unexpected(answer)
      }
    },
  },
  {
    name: 'xml-encoding',
    severity: 'must',
    hostile: true,
    title: { en: 'what is not UTF-8 does not come back', zh: '非 UTF-8 的内容不会原样返回' },
    why: {
      en: 'one broken byte in a reply makes WeChat refuse the whole of it',
      zh: '回复里只要有一个坏字节，微信就会拒绝整条回复',
    },
    async run(player) {
      const { xml } = player.compose('text', ['PLACE'])
      const [front = '', back = ''] = xml.split('PLACE')
      const broken = Buffer.concat([Buffer.from(front), Buffer.from('ffc080eda080fe', 'hex'), Buffer.from(back)])
      for (const document of [broken, Buffer.from(xml, 'utf16le')]) {
        for (const { body } of await player.smuggle(document)) {
          if (!isUtf8(body)) throw new Finding({ en: 'its answer is not UTF-8', zh: '返回的内容不是 UTF-8 编码' })
        }
      }
    },
  },
  {
    name: 'xml-json',
    severity: 'should',
    hostile: true,
    title: { en: 'JSON in place of XML gets no reply', zh: '以 JSON 代替 XML 时得不到回复' },
    why: NO_MESSAGE,
    async run(player) {
      const { from } = player.compose('text')
      const fields = { ToUserName: player.account.toUserName, FromUserName: from, MsgType: 'text', Content: 'x' }
      await getNoReply(player, [JSON.stringify(fields), '[]', '{"a":'])
    },
  },
  {
    name: 'xml-injection',
    severity: 'must',
    hostile: true,
    title: {
      en: 'a sender with ]]> in his name writes nothing into the reply',
      zh: '发送者名称含有 ]]> 时无法改写回复',
    },
    why: {
      en: 'the sender’s name is copied into the reply, and is as little to be trusted as his words',
      zh: '发送者名称会写进回复，和内容一样不可信',
    },
    async run(player) {
      const { xml } = player.compose('text', [], { FromUserName: 'oX]]></ToUserName><MsgType>news</MsgType><a>' })
      for (const answer of await player.smuggle(xml)) {
        const raw = answer.body.toString()
        const reply = player.findReply(answer)
        const broken = raw.trimStart().startsWith('<xml>') && !reply
        if (broken || Array.isArray(reply?.root['MsgType']) || reply?.root['a']) {
          throw new Finding({ en: quote(answer.body), zh: quote(answer.body) })
        }
      }
    },
  },
]

async function getNoReply(player: Player, documents: readonly string[]): Promise<void> {
  for (const document of documents) {
    for (const answer of await player.smuggle(document)) player.expectNoReply(answer)
  }
}

function isUtf8(body: Buffer): boolean {
  return Buffer.from(body.toString()).equals(body)
}

function addressed(to: string): Finding {
  return new Finding({ en: `its reply goes to ${quote(to) || 'nobody'}`, zh: `回复发给了${quote(to) || '空地址'}` })
}

import type { Check } from '../check.ts'
import { Finding, findingAbout } from '../finding.ts'
import { unexpected } from '../judge.ts'

const KIB = 1024

/** What travels round the message: methods, headers, sizes. */
export const httpChecks: readonly Check[] = [
  {
    name: 'http-methods',
    severity: 'should',
    hostile: true,
    title: { en: 'PUT, DELETE and PATCH are refused', zh: '拒绝 PUT、DELETE、PATCH 请求' },
    why: {
      en: 'WeChat uses GET and POST; every other method comes from somebody else',
      zh: '微信只用 GET 和 POST；其他方法都来自别人',
    },
    async run(player) {
      for (const method of ['PUT', 'DELETE', 'PATCH']) {
        const answer = await player.send(method, player.sign(), player.compose('text').xml)
        player.expectNoReply(answer)
        if (answer.status < 400 || (answer.status >= 500 && answer.status !== 501)) throw unexpected(answer)
      }
    },
  },
  {
    name: 'http-head',
    severity: 'should',
    hostile: true,
    title: { en: 'HEAD does no harm', zh: 'HEAD 请求不会出错' },
    why: {
      en: 'monitors ask with it; it must neither fail nor stay open',
      zh: '监控程序会用它；既不能报错，也不能一直不结束',
    },
    async run(player) {
      const answer = await player.send('HEAD', { ...player.sign(), echostr: '1' }, '')
      if (answer.status >= 500 && answer.status !== 501) throw unexpected(answer)
    },
  },
  {
    name: 'http-headers',
    severity: 'should',
    title: { en: 'other headers do not matter', zh: '请求头不影响接收' },
    why: {
      en: 'WeChat promises none of them; one day Content-Type has a charset or User-Agent another name',
      zh: '微信对请求头没有承诺；说不定哪天 Content-Type 会带上 charset，或 User-Agent 换了名字',
    },
    async run(player) {
      for (const type of ['text/xml; charset=utf-8', 'application/xml', 'text/plain']) {
        const { xml, from } = player.compose('text')
        const plain = { query: { ...player.sign(), openid: from }, body: xml }
        const { query, body } = player.account.mode === 'plain' ? plain : player.seal(xml)
        const answer = await player.post(query, body, {
          'Content-Type': type,
          'User-Agent': 'conformance',
          Accept: 'a/b',
        })
        if (answer.status !== 200) throw findingAbout({ en: type, zh: type }, unexpected(answer))
      }
    },
  },
  {
    name: 'limit-message',
    severity: 'must',
    title: { en: 'a message of 16 KiB is taken', zh: '16 KiB 的消息被正常接收' },
    why: {
      en: 'events with lists and long texts grow to some kilobytes, in compatible mode three times that',
      zh: '带列表的事件和长文本会有好几 KB，兼容模式下再乘以三',
    },
    async run(player) {
      await player.ask(
        player.compose('link', ['题', '描'.repeat((4 * KIB) / 3), `https://example.com/?${'q'.repeat(4 * KIB)}`]),
      )
      await player.ask(player.compose('text', ['长'.repeat((8 * KIB) / 3)], {}, `<More>${'m'.repeat(7 * KIB)}</More>`))
    },
  },
  {
    name: 'limit-huge',
    severity: 'should',
    hostile: true,
    title: { en: 'a body of two megabytes is refused, or read in time', zh: '2 MB 的正文会被拒绝，或能及时处理' },
    why: {
      en: 'who reads without a limit gives his memory to whoever asks for it',
      zh: '不设上限地读取，等于把内存交给任何人',
    },
    async run(player) {
      const huge = `<xml>${'<a>x</a>'.repeat(256 * KIB)}</xml>`
      const answer = await player.post(player.sign(), huge).catch(error => {
        // To close the connection is the shortest refusal there is.
        if (error instanceof Finding && 'silence' in error && error.silence === 'closed') return undefined
        throw error
      })
      if (answer && answer.status >= 500) throw unexpected(answer)
    },
  },
]

import { sign } from '../../../crypto/signature.ts'
import type { Check } from '../check.ts'
import { accessCheck, bare, ECHOSTR, expectEcho, expectNoEcho } from '../echo.ts'
import { Finding } from '../finding.ts'
import { unexpected } from '../judge.ts'

/** The access check that the console makes when URL and Token are saved ("Server access check"). */
export const accessChecks: readonly Check[] = [
  {
    name: 'access-echo',
    severity: 'must',
    title: { en: 'the access check gets its echostr back', zh: '接入校验原样返回 echostr' },
    why: {
      en: 'otherwise the console refuses to save URL and Token',
      zh: '否则后台提示“token 验证失败”，配置无法保存',
    },
    async run(player) {
      const answer = await accessCheck(player)
      if (answer.status !== 200 || bare(answer) !== ECHOSTR) throw unexpected(answer)
    },
  },
  {
    name: 'access-exact',
    severity: 'must',
    title: { en: 'nothing stands before or behind the echostr', zh: 'echostr 前后没有多余的字节' },
    why: {
      en: 'a byte order mark, a line end or JSON quotes make the check fail, and nobody sees them',
      zh: 'BOM、换行或 JSON 引号都会使校验失败，而且肉眼看不出来',
    },
    async run(player) {
      const answer = await accessCheck(player)
      if (bare(answer) === ECHOSTR && answer.body.toString() !== ECHOSTR) {
        const bytes = answer.body.toString('hex').replace(Buffer.from(ECHOSTR).toString('hex'), '…')
        throw new Finding({ en: `bytes round the echostr: ${bytes}`, zh: `echostr 前后的字节：${bytes}` })
      }
    },
  },
  {
    name: 'access-length',
    severity: 'must',
    title: {
      en: 'the echostr comes with Content-Length, not chunked',
      zh: 'echostr 带有 Content-Length，不用分块传输',
    },
    why: {
      en: 'WeChat is reported to fail the check when the answer is chunked',
      zh: '有报告称应答使用 chunked 时接入校验会失败',
    },
    async run(player) {
      const { headers, body } = await accessCheck(player)
      const length = headers['content-length']
      if (headers['transfer-encoding'] === undefined && length === String(body.length)) return
      const said = length ?? headers['transfer-encoding'] ?? '-'
      throw new Finding({
        en: `${body.length} bytes, Content-Length or Transfer-Encoding: ${said}`,
        zh: `正文 ${body.length} 字节，Content-Length 或 Transfer-Encoding 为：${said}`,
      })
    },
  },
  {
    name: 'access-number',
    severity: 'must',
    title: { en: 'the echostr is text, never a number', zh: 'echostr 按文本处理，而不是数字' },
    why: {
      en: 'its 19 digits are more than a floating-point number holds, so the last ones would change',
      zh: '19 位数字超出浮点数精度，末尾几位会变',
    },
    async run(player) {
      for (const echostr of ['9223372036854775807', '0012345678901234567']) {
        const answer = await player.get({ ...player.sign(), echostr })
        if (/^\W*[\d.e+]+\W*$/i.test(answer.body.toString()) && bare(answer) !== echostr) throw unexpected(answer)
      }
    },
  },
  {
    name: 'access-sort',
    severity: 'must',
    title: { en: 'what is signed is sorted and joined as text', zh: '参与签名的三项按文本排序和拼接' },
    why: {
      en: 'sorted as numbers, or with leading zeros lost, some requests are refused at random',
      zh: '按数字排序或丢掉前导零，会随机地拒绝一部分请求',
    },
    async run(player) {
      for (const nonce of ['9', '007', '100000000000']) {
        await expectEcho(player, player.sign({ nonce }), { en: `nonce ${nonce}`, zh: `nonce 为 ${nonce}` })
      }
    },
  },
  {
    name: 'access-order',
    severity: 'must',
    title: { en: 'parameters come in any order, with others among them', zh: '参数顺序任意，并允许有其他参数' },
    why: {
      en: 'WeChat promises no order, and appends its parameters to those of the URL itself',
      zh: '微信不保证参数顺序，并且会附加在网址自带的参数之后',
    },
    async run(player) {
      const { signature, timestamp, nonce } = player.sign()
      const query = { from: 'conformance', nonce, echostr: ECHOSTR, signature, empty: '', timestamp }
      await expectEcho(player, query, { en: 'another order', zh: '换一种顺序' })
    },
  },
  {
    name: 'access-again',
    severity: 'must',
    title: { en: 'the same access check is answered again', zh: '同一接入校验请求重复到达时同样应答' },
    why: {
      en: 'whoever refuses a nonce that was there before refuses redeliveries as well',
      zh: '拒绝用过的 nonce，也就会拒绝微信的重试',
    },
    async run(player) {
      const query = player.sign()
      await expectEcho(player, query, { en: 'the first time', zh: '第一次' })
      await expectEcho(player, query, { en: 'the second time', zh: '第二次' })
    },
  },
  {
    name: 'access-forged',
    severity: 'must',
    title: { en: 'a wrong signature gets no echo', zh: '签名错误时不返回 echostr' },
    why: {
      en: 'anybody could claim the server for an account of his own, or have it say what he likes',
      zh: '否则任何人都能把这台服务器接入自己的账号，或让它输出任意内容',
    },
    async run(player) {
      const right = player.sign()
      for (const signature of [player.sign({ token: 'anotherToken' }).signature, '0'.repeat(40), 'x', '']) {
        await expectNoEcho(player, { ...right, signature })
      }
    },
  },
  {
    name: 'access-missing',
    severity: 'must',
    title: {
      en: 'without signature, timestamp or nonce there is no echo',
      zh: '缺少签名、时间戳或随机数时不返回 echostr',
    },
    why: { en: 'a check that can be left out is none', zh: '可以省略的校验等于没有校验' },
    async run(player) {
      const right = Object.entries(player.sign())
      for (const [missing] of right) {
        await expectNoEcho(player, Object.fromEntries(right.filter(([name]) => name !== missing)))
      }
    },
  },
  {
    name: 'access-repeated',
    severity: 'should',
    title: { en: 'a repeated parameter gets no echo', zh: '参数重复时不返回 echostr' },
    why: {
      en: 'proxies and programs disagree on which one counts, and attackers know it',
      zh: '代理和程序对取哪一个看法不一，容易被攻击者利用',
    },
    async run(player) {
      const { signature, timestamp, nonce } = player.sign()
      const rest = `timestamp=${timestamp}&nonce=${nonce}`
      await expectNoEcho(player, `signature=${signature}&signature=${'0'.repeat(40)}&${rest}`)
      await expectNoEcho(player, `signature=${'0'.repeat(40)}&signature=${signature}&${rest}`)
    },
  },
  {
    name: 'access-empty-token',
    severity: 'must',
    title: { en: 'a signature made with the empty Token is wrong', zh: '用空 Token 生成的签名无效' },
    why: {
      en: 'a responder that lost its configuration would believe everybody',
      zh: '否则配置丢失后，服务器会相信任何人',
    },
    async run(player) {
      const { timestamp, nonce } = player.sign()
      await expectNoEcho(player, { signature: sign('', timestamp, nonce), timestamp, nonce })
    },
  },
  {
    name: 'access-markup',
    severity: 'should',
    title: { en: 'an echostr with markup is not served as a web page', zh: '含有标签的 echostr 不会当作网页输出' },
    why: {
      en: 'a link with a stolen signature would run a script in the name of the site',
      zh: '否则拿到签名的人可以用一个链接在该域名下执行脚本',
    },
    async run(player) {
      const { headers, body } = await player.get({ ...player.sign(), echostr: '<script>alert(1)</script>' })
      const type = headers['content-type'] ?? ''
      const harmless = /^text\/plain/i.test(type) || headers['x-content-type-options'] === 'nosniff'
      if (body.includes('<script>') && (!harmless || /html/i.test(type))) {
        throw new Finding({
          en: `it is served as ${type || 'nothing in particular'}`,
          zh: `输出类型为 ${type || '未指定'}`,
        })
      }
    },
  },
  {
    name: 'access-stranger',
    severity: 'should',
    hostile: true,
    title: { en: 'a browser and broken queries do no harm', zh: '浏览器直接访问或残缺的参数不会出错' },
    why: {
      en: 'every public address gets such requests all day; an error 500 each time hides real ones',
      zh: '公网地址每天都会收到这类请求；每次都报 500 会掩盖真正的错误',
    },
    async run(player) {
      const { signature } = player.sign()
      for (const query of ['', '%zz=%', 'a'.repeat(4000), `signature=${signature}&timestamp=%00&nonce[]=1`, '&&=&']) {
        const answer = await player.get(query)
        if (answer.status >= 500) throw unexpected(answer)
      }
    },
  },
]

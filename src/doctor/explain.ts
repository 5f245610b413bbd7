import { explain as explainErrcode } from '../client/error-codes.ts'
import type { Bilingual } from '../errors.ts'
import { symptoms } from './symptoms.ts'

/** What a code or a message means, and what to do. */
export interface Explanation {
  readonly what: Bilingual
  readonly todo: Bilingual
}

const STATUSES: Readonly<Record<number, readonly [en: string, zh: string, todo: string, cure: string]>> = {
  301: [
    'a redirect; WeChat does not follow it',
    '重定向；微信不会跟随',
    'enter in the console the URL that it leads to, or take the responder out of it (certbot --no-redirect)',
    '请在后台填写重定向后的网址，或让本站不参与重定向（certbot --no-redirect）',
  ],
  400: [
    'the body is not such XML as WeChat sends, or not as long as it says',
    '请求正文不是微信的 XML，或长度不符',
    'look for a proxy that changes bodies',
    '请检查改写正文的代理',
  ],
  401: ['a login is asked for', '要求登录', 'AuthType None for the virtual host', '请在虚拟主机中设置 AuthType None'],
  403: [
    'the signature does not match, or Apache refuses (Require)',
    '签名不符，或被 Apache 拒绝（Require）',
    'weixin doctor tells which; a page opened in a browser has no signature, and gets 403 rightly',
    '可用 weixin doctor 区分；浏览器直接打开没有签名，返回 403 是正常的',
  ],
  404: [
    'another virtual host answers, or no account has this path',
    '由其他虚拟主机应答，或没有账号使用该路径',
    'apache2ctl -S; "path" in the configuration',
    '请检查 apache2ctl -S 和配置中的 "path"',
  ],
  405: [
    'a method other than GET and POST',
    '请求方法不是 GET 或 POST',
    'WeChat uses no other: nothing is to be done',
    '微信只使用这两种，无需处理',
  ],
  408: [
    'the body did not arrive in time',
    '请求正文未及时到达',
    'look at the network and at proxies',
    '请检查网络和代理',
  ],
  413: [
    'the body is over 64 KiB, or over LimitRequestBody',
    '正文超过 64 KiB，或超过 LimitRequestBody',
    'LimitRequestBody 1048576',
    '请设置 LimitRequestBody 1048576',
  ],
  414: [
    'the URL is longer than Apache takes',
    'URL 超过 Apache 允许的长度',
    'LimitRequestLine 8190 (a query of WeChat with all its parameters has some 400 bytes)',
    '请设置 LimitRequestLine 8190（微信的请求参数约 400 字节）',
  ],
  415: [
    'the body is JSON or compressed',
    '正文是 JSON 或被压缩',
    'choose XML in the console',
    '请在后台把数据格式设为 XML',
  ],
  431: [
    'the headers are over 64 KiB',
    '请求头超过 64 KiB',
    'WeChat sends a few hundred bytes: nothing is to be done',
    '微信的请求头只有几百字节，无需处理',
  ],
  500: [
    'the script failed, or could not be run',
    '脚本出错或无法运行',
    "Apache's error log says why: weixin doctor --log FILE",
    '原因见 Apache 错误日志：weixin doctor --log 文件',
  ],
  502: [
    'a proxy got no right answer from the service',
    '代理没有得到正确的应答',
    'look at the log of the service',
    '请查看服务日志',
  ],
  503: [
    'Apache does not get through to the service',
    'Apache 无法连接服务',
    'systemctl status weixin.socket weixin',
    '请执行 systemctl status weixin.socket weixin',
  ],
  504: [
    'the service did not answer in time',
    '服务未及时应答',
    'see what it waits for; timeout= of ProxyPass',
    '请检查它在等待什么，以及 ProxyPass 的 timeout=',
  ],
}
const SAME_STATUS: Readonly<Record<number, number>> = { 302: 301, 303: 301, 307: 301, 308: 301, 407: 401 }

/**
 * Explains an errcode of WeChat's, an HTTP status, a reason of our log (`-40001`, `replay`), or words that Apache, Node, WeChat's
 * console or a phone has shown.
 *
 * @returns nothing when nothing is known of it
 */
export function explain(words: string): readonly Explanation[] {
  const text = words.trim()
  const found = symptoms.filter(({ pattern }) => pattern.test(text)).slice(0, 1)
  if (!/^-?\d+$/.test(text)) return found
  const number = Number(text)
  const status = STATUSES[SAME_STATUS[number] ?? number]
  if (status) {
    const [en, zh, todo, cure] = status
    return [{ what: { en: `HTTP ${number}: ${en}`, zh: `HTTP ${number}：${zh}` }, todo: { en: todo, zh: cure } }]
  }
  if (found.length > 0) return found
  const { meaning, remedy } = explainErrcode(number)
  return [{ what: { en: `${number}: ${meaning.en}`, zh: `${number}：${meaning.zh}` }, todo: remedy }]
}

import { portHolders } from '../../apache/port.ts'
import { type Check, failure, ok, skipped, warning } from '../check.ts'

/** Apache listens on the port of our virtual host, nobody else does, and WeChat can reach it. */
export const port: Check = {
  name: 'port',
  title: { en: 'port', zh: '端口' },
  needs: ['vhost'],
  look(patient) {
    const apache = patient.apache()
    const block = patient.block()
    if (!apache || !block) return skipped({ en: 'there is no virtual host to look at', zh: '没有可供检查的虚拟主机' })
    const { port: number } = block
    const holders = portHolders(patient.machine, number)
    const stranger = holders.find(({ program }) => program && !/apache|httpd/i.test(program))
    if (stranger) {
      const who = `${stranger.program} (${stranger.pid})`
      return failure(
        { en: `port ${number} is held by ${who}, not by Apache`, zh: `端口 ${number} 被 ${who} 占用，而不是 Apache` },
        {
          en: `stop ${stranger.program}, or let it pass the requests on to Apache and use --url`,
          zh: `请停掉 ${stranger.program}；如由它转发给 Apache，请用 --url 指定网址`,
        },
      )
    }
    if (!apache.listens.some(listen => listen.port === number)) {
      return failure(
        {
          en: `the virtual host is for port ${number}, and no “Listen ${number}” says that Apache has it`,
          zh: `虚拟主机使用端口 ${number}，但配置中没有 “Listen ${number}”`,
        },
        { en: `add “Listen ${number}”, and restart Apache`, zh: `请加入 “Listen ${number}” 并重启 Apache` },
      )
    }
    if (holders.length === 0 && (patient.machine.platform === 'win32' || patient.machine.status('/proc/net/tcp'))) {
      return failure(
        {
          en: `nobody listens on port ${number}: Apache does not run, or was not restarted after “Listen ${number}”`,
          zh: `端口 ${number} 无人监听：Apache 没有运行，或加入 “Listen ${number}” 后没有重启`,
        },
        {
          en: 'restart Apache; its error log says why it does not start',
          zh: '请重启 Apache；无法启动的原因见错误日志',
        },
      )
    }
    const who = holders.find(({ program }) => program)
    const held = who ? `${who.program} (${who.pid})` : 'Apache'
    if (number === 80 || number === 443) return ok({ en: `${number}, ${held}`, zh: `${number}，${held}` })
    return warning(
      {
        en: `${number} (${held}); WeChat calls port 80 and 443 only`,
        zh: `${number}（${held}）；微信只访问 80 和 443 端口`,
      },
      {
        en: 'right for a trial; for WeChat use 80 or 443, or a proxy in front',
        zh: '仅供试用；正式使用请改为 80 或 443，或在前面加代理',
      },
    )
  },
}

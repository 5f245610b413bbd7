import { hindranceFor } from '../as-user.ts'
import type { Backend } from '../block.ts'
import { type Check, type Finding, failure, ok, skipped, warning } from '../check.ts'
import type { Patient } from '../patient.ts'
import { unitTrouble } from '../unit.ts'

/** Where Apache passes requests on, the service listens, and Apache's user may connect. */
export const service: Check = {
  name: 'service',
  title: { en: 'service behind Apache', zh: 'Apache 后面的服务' },
  needs: ['vhost', 'config', 'build'],
  async look(patient) {
    const backends = patient.block()?.backends ?? []
    const way = patient.block()?.way
    if (way === undefined) return skipped({ en: 'there is no virtual host to look at', zh: '没有可供检查的虚拟主机' })
    if (way === 'cgi' || way === 'fcgid') {
      return skipped({ en: 'Apache runs the script itself', zh: '由 Apache 自己运行脚本' })
    }
    const findings: Finding[] = []
    for (const backend of backends) findings.push(await judge(backend, patient))
    return [...findings, ...notEnabled(patient)]
  },
}

async function judge(backend: Backend, patient: Patient): Promise<Finding> {
  const { machine, connect } = patient
  const where = typeof backend === 'string' ? backend : `${backend.host}:${backend.port}`
  const name = patient.block()?.service ?? 'weixin'
  const start =
    machine.platform === 'win32' ? `weixin serve --listen ${where}` : `systemctl start ${name}.socket ${name}`
  if (typeof backend === 'string' && machine.status(backend)?.kind !== 'socket') {
    return failure(
      {
        en: `${where} is not there: the service does not run, and Apache answers 503`,
        zh: `${where} 不存在：服务没有运行，Apache 会返回 503`,
      },
      {
        en: `${start}; weixin service --install sets it up`,
        zh: `请执行 ${start}；weixin service --install 可安装该服务`,
      },
    )
  }
  if (typeof backend === 'string' && isHidden(backend, patient)) return hidden(backend)
  const user = patient.apacheUser()
  if (typeof backend === 'string' && user && hindranceFor(patient, user, backend, 'write')) {
    return failure(
      {
        en: `Apache's user ${user.name} may not connect to ${where}; Apache answers 503`,
        zh: `Apache 的用户 ${user.name} 无权连接 ${where}，Apache 会返回 503`,
      },
      {
        en: `chgrp ${user.name} ${where}; chmod 660 ${where} (SocketGroup=, SocketMode= of ${name}.socket)`,
        zh: `请执行 chgrp ${user.name} ${where}; chmod 660 ${where}（即 ${name}.socket 中的 SocketGroup=、SocketMode=）`,
      },
    )
  }
  const trouble = unitTrouble(patient)
  if (trouble) return trouble
  const code = await connect(backend)
  if (code === undefined) return ok({ en: `it listens on ${where}`, zh: `正在监听 ${where}` })
  return failure(
    {
      en: `nobody answers at ${where} (${code}): the service does not run, and Apache answers 503`,
      zh: `${where} 没有应答（${code}）：服务没有运行，Apache 会返回 503`,
    },
    { en: `${start}; its log: journalctl -u ${name}`, zh: `请执行 ${start}；日志：journalctl -u ${name}` },
  )
}

/** With PrivateTmp= Apache has folders for temporary files of its own, and sees nothing of those that all others share. */
function isHidden(socket: string, patient: Patient): boolean {
  const name = patient.apache()?.layout === 'debian' ? 'apache2' : 'httpd'
  if (!/^\/(var\/)?tmp\//.test(socket) || !patient.machine.status('/run/systemd/system')) return false
  return /=(yes|true)/.test(patient.machine.run('systemctl', ['show', name, '--property=PrivateTmp']).stdout)
}

function hidden(socket: string): Finding {
  return failure(
    {
      en: `Apache does not see ${socket}: PrivateTmp= gives it a folder of its own in the place of that`,
      zh: `Apache 看不到 ${socket}：PrivateTmp= 让它使用单独的临时目录`,
    },
    {
      en: 'put the socket under /run: weixin vhost and weixin service do',
      zh: '请把套接字放到 /run 下：weixin vhost 和 weixin service 就是这样设置的',
    },
  )
}

/** What was started by hand is not there after the next boot. */
function notEnabled(patient: Patient): Finding[] {
  const { machine } = patient
  if (!machine.status('/run/systemd/system') || patient.block()?.way === 'balancer') return []
  const unit = `${patient.block()?.service ?? 'weixin'}.socket`
  const { stdout } = machine.run('systemctl', ['is-enabled', unit])
  if (stdout.trim() !== 'disabled') return []
  return [
    warning(
      {
        en: `${unit} is not enabled: after the next boot it does not listen`,
        zh: `${unit} 未设为开机启动：重启机器后不会监听`,
      },
      { en: `systemctl enable ${unit}`, zh: `请执行 systemctl enable ${unit}` },
    ),
  ]
}

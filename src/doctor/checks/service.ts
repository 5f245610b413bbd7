import { hindranceFor } from '../as-user.ts'
import type { Backend } from '../block.ts'
import { type Check, type Finding, failure, ok, skipped } from '../check.ts'
import type { Patient } from '../patient.ts'

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
    return findings
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

import { configPath } from '../../config/load.ts'
import { hindranceFor } from '../as-user.ts'
import { type Check, type Finding, ok, skipped } from '../check.ts'
import { nameOf } from '../patient.ts'
import { notedNode } from './node.ts'

/** What the web server's user has to read and run, tried as that user where that is possible. */
export const access: Check = {
  name: 'access',
  title: { en: "files, for the web server's user", zh: 'Web 服务器用户的文件权限' },
  needs: ['build', 'config'],
  look(patient) {
    const { machine, directory, environment } = patient
    const user = patient.runner()
    if (!user) return skipped(whyNobody(machine.platform === 'win32'))
    const { join } = machine.path
    const file = configPath(environment, directory)
    const node = notedNode(patient)
    const asked = [
      [join(directory, 'cgi-bin', 'weixin'), 'read'],
      [join(directory, 'dist', 'responder.cjs'), 'read'],
      ...(machine.status(file) ? [[file, 'read'] as const] : []),
      ...(node && machine.status(node) ? [[node, 'run'] as const] : []),
    ] as const
    const found = asked
      .map(([path, needs]): Finding | undefined => hindranceFor(patient, user, path, needs, file))
      .find(finding => finding !== undefined)
    const name = nameOf(machine, user)
    return found ?? ok({ en: `${name} may read and run what it has to`, zh: `用户 ${name} 可以读取和执行所需的文件` })
  },
}

function whyNobody(windows: boolean) {
  return windows
    ? { en: 'Windows has no modes; the next checks try it', zh: 'Windows 没有文件模式位，由后面的检查实际验证' }
    : { en: 'who runs the script or the service is not known here', zh: '无法得知脚本或服务由哪个用户运行' }
}

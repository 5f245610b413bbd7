import { type Finding, failure } from './check.ts'
import { explainLog } from './log-lines.ts'
import type { Patient } from './patient.ts'

const INSTALL = {
  en: 'weixin service --install writes the unit anew',
  zh: '请运行 weixin service --install 重新生成单元',
}

/** What systemd says by its own exit codes ("Process Exit Codes", systemd.exec(5)). */
const STATUSES: Readonly<Record<string, readonly [en: string, zh: string]>> = {
  200: ['its folder is not there', '工作目录不存在'],
  203: ['the program of ExecStart= is not there, or may not be run', 'ExecStart= 的程序不存在或无法执行'],
  216: ['its group is not there', '所属的组不存在'],
  217: ['the user of User= is not there', 'User= 的用户不存在'],
  226: [
    'a folder of ReadWritePaths= is not there, or this container forbids what Private…= and Protect…= need',
    'ReadWritePaths= 中的目录不存在，或容器不允许 Private…=、Protect…= 所需的操作',
  ],
}

/**
 * Why the service behind our virtual host ends again and again, although systemd holds its socket open; undefined when it
 * does not, or no systemd runs it.
 */
export function unitTrouble(patient: Patient): Finding | undefined {
  const { machine } = patient
  const unit = `${patient.block()?.service ?? 'weixin'}.service`
  if (!machine.status('/run/systemd/system')) return undefined
  const { stdout } = machine.run('systemctl', ['show', unit, '--property=ActiveState,SubState,ExecMainStatus'])
  const {
    ActiveState,
    SubState,
    ExecMainStatus = '',
  } = Object.fromEntries(stdout.split('\n').map(line => line.split('=') as [string, string?]))
  if (ActiveState !== 'failed' && SubState !== 'auto-restart') return undefined
  const known = STATUSES[ExecMainStatus]
  if (known) {
    const [en, zh] = known
    return failure(
      { en: `${unit} does not start (${ExecMainStatus}): ${en}`, zh: `${unit} 无法启动（${ExecMainStatus}）：${zh}` },
      INSTALL,
    )
  }
  const { stdout: said } = machine.run('journalctl', ['-u', unit, '-n', '20', '-o', 'cat', '--no-pager', '--quiet'])
  const [entry] = explainLog(said).filter(({ symptom }) => symptom.weight === 'failure')
  return failure(
    {
      en: `${unit} ends again and again (${ExecMainStatus}): ${patient.quote(entry?.example ?? said, 300)}`,
      zh: `${unit} 反复退出（${ExecMainStatus}）：${patient.quote(entry?.example ?? said, 300)}`,
    },
    entry?.symptom.todo ?? { en: `journalctl -u ${unit}`, zh: `请查看 journalctl -u ${unit}` },
  )
}

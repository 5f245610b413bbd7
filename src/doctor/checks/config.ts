import { configPath } from '../../config/load.ts'
import { settings } from '../../config/settings.ts'
import type { Mode } from '../../config/types.ts'
import { WeixinError } from '../../errors.ts'
import { type Check, type Finding, failure, ok, warning } from '../check.ts'
import type { Patient } from '../patient.ts'

const MODES: Readonly<Record<Mode, string>> = { plain: '明文模式', compatible: '兼容模式', safe: '安全模式' }

/** The configuration as the responder reads it: file, JSON, keys, their values, and whether the mode fits them. */
export const config: Check = {
  name: 'config',
  title: { en: 'configuration', zh: '配置' },
  async look(patient) {
    const file = configPath(patient.environment, patient.directory)
    try {
      const { mode, appId, appSecret, accounts } = await patient.config()
      const parts = [appId && 'AppID', appSecret && 'AppSecret', ...Object.keys(accounts)].filter(Boolean)
      return [
        ok({
          en: `${file}: ${[mode, ...parts].join(', ')}`,
          zh: `${file}：${[MODES[mode], ...parts].join('、')}`,
        }),
        ...modeFindings(file, patient),
        ...shellFindings(patient),
      ]
    } catch (error) {
      if (!(error instanceof WeixinError)) throw error
      const { status, userId } = patient.machine
      if ((error.cause as NodeJS.ErrnoException | undefined)?.code === 'EACCES' && userId !== 0) {
        return failure(
          { en: `${file} may not be read by you`, zh: `当前用户无权读取 ${file}` },
          { en: 'run the doctor with sudo', zh: '请用 sudo 运行本命令' },
        )
      }
      const missing = status(file) === undefined
      return failure(
        { en: error.message, zh: error.zh },
        missing
          ? { en: 'weixin init asks for everything and writes it', zh: '请运行 weixin init，按提示生成配置' }
          : { en: `correct it in ${file}`, zh: `请修改 ${file}` },
      )
    }
  },
}

function modeFindings(file: string, { machine }: Patient): Finding[] {
  const status = machine.status(file)
  if (!status || machine.platform === 'win32' || (status.mode & 0o004) === 0) return []
  return [
    warning(
      {
        en: `every user of this machine may read ${file}, secrets and all`,
        zh: `本机所有用户都能读取 ${file} 中的密钥`,
      },
      { en: `chmod o-rwx ${file}`, zh: `请执行 chmod o-rwx ${file}` },
    ),
  ]
}

/** Apache's children do not have the variables of this shell. */
function shellFindings({ environment }: Patient): Finding[] {
  const names = Object.values(settings).map(setting => setting.environment)
  const set = [...names, 'WEIXIN_CONFIG'].filter(name => environment[name] !== undefined)
  if (set.length === 0) return []
  return [
    warning(
      {
        en: `this shell overrides the file: ${set.join(', ')}; Apache does not know that`,
        zh: `当前命令行的环境变量覆盖了配置文件：${set.join('、')}；Apache 并不知道`,
      },
      {
        en: 'unset them, or give Apache the same (SetEnv; Environment= of the service)',
        zh: '请取消这些变量，或让 Apache 使用同样的值（SetEnv；服务中的 Environment=）',
      },
    ),
  ]
}

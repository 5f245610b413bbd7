import { control } from '../../apache/apache.ts'
import type { Bilingual } from '../../errors.ts'
import { type Check, failure, ok, skipped, warning } from '../check.ts'
import { explainLog } from '../log-lines.ts'

/** An Apache is installed, its configuration is one, and it runs. */
export const apache: Check = {
  name: 'apache',
  title: { en: 'Apache', zh: 'Apache' },
  look(patient) {
    const found = patient.apache()
    if (!found) {
      return patient.wanted.url
        ? skipped({
            en: 'there is none on this machine; it is asked by its URL',
            zh: '本机没有 Apache；改为通过网址检查',
          })
        : failure(
            {
              en: 'there is no Apache on this machine, or not where it usually is',
              zh: '本机没有 Apache，或不在常见位置',
            },
            {
              en: 'install it; or --apache DIR; or --url URL when it is elsewhere',
              zh: '请安装；或用 --apache 指定目录；在其他机器上时用 --url 指定网址',
            },
          )
    }
    const { label, version = '', root, mpm = '?', running, configuration, binary } = found
    const [missing] = configuration.missing
    if (missing) {
      return failure(
        {
          en: `${missing}, which the configuration includes, is missing or may not be read`,
          zh: `配置中 Include 的 ${missing} 不存在或无法读取`,
        },
        { en: 'take the Include away, or run the doctor with sudo', zh: '请删除该 Include，或用 sudo 运行本命令' },
      )
    }
    const tested = binary || found.layout === 'debian' ? control(patient.machine, found, '-t') : undefined
    // Who is not root may not read the keys of certificates, and Apache complains about that.
    const isOurFault = patient.machine.userId !== 0 && /Permission denied/i.test(tested?.stderr ?? '')
    if (tested?.code === 1 && !isOurFault) {
      const said = tested.stderr.split('\n').filter(line => !/AH00558|could not reliably/.test(line))
      return failure(
        {
          en: `Apache refuses its configuration: ${patient.quote(said.join(' '), 300)}`,
          zh: `Apache 拒绝这份配置：${patient.quote(said.join(' '), 300)}`,
        },
        explainLog(said.join(' '))[0]?.symptom.todo ?? {
          en: 'correct that line; until then it goes on with the old one, and does not start again',
          zh: '请修改该行；在此之前 Apache 沿用旧配置，重启会失败',
        },
      )
    }
    if (running === false) {
      return warning(
        { en: `no process of ${label} (${root}) is known`, zh: `没有找到 ${label}（${root}）的进程` },
        START,
      )
    }
    const name = `${label} ${version}`.trim()
    return ok({ en: `${name}, ${root}, MPM ${mpm}`, zh: `${name}，${root}，MPM ${mpm}` })
  },
}

const START: Bilingual = {
  en: 'systemctl start apache2 (httpd), or its menu',
  zh: '请启动：systemctl start apache2（httpd），或使用其菜单',
}

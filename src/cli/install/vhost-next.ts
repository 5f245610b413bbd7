import type { Machine } from '../../apache/machine.ts'
import type { Site } from '../../apache/site.ts'
import { configPath } from '../../config/load.ts'
import { ConfigError, UsageError } from '../../errors.ts'
import type { Terminal } from '../terminal/command.ts'
import { invocation } from '../terminal/invocation.ts'
import { consoleForm } from './console-form.ts'
import { readInitFile } from './init-file.ts'
import { type InitValues, modeOf } from './init-values.ts'

/** What is left to do once Apache has the block: check it, fill in WeChat's console, perhaps https; and how to undo it. */
export function tellNext(site: Site, terminal: Terminal, machine: Machine): void {
  const { print, say } = terminal
  const { serverName, port, certificate, name } = site
  const url = `${certificate ? 'https' : 'http'}://${serverName}${port === 80 || port === 443 ? '' : `:${port}`}/`
  const command = (words: string) => invocation(words, machine)
  const values = configured(terminal)
  print('')
  if (!values?.token) {
    print(say({ en: `Next, Token and keys: ${command('init')}`, zh: `接下来设置 Token 和密钥：${command('init')}` }))
  }
  print(say({ en: `Check it: ${command('doctor')}`, zh: `检查：${command('doctor')}` }))
  if (!certificate) {
    print(
      say({
        en: `For https: certbot --apache --no-redirect -d ${serverName}; then the URL begins with https`,
        zh: `需要 https 时：certbot --apache --no-redirect -d ${serverName}；之后 URL 以 https 开头`,
      }),
    )
  }
  const undo = command(`vhost --undo${name === 'weixin' ? '' : ` --name ${name}`}`)
  print(say({ en: `To take it back: ${undo}`, zh: `撤销：${undo}` }))
  if (values?.token) print(say(consoleForm({ ...values, mode: modeOf(values, values) }, url)))
}

/** What cannot be read, the doctor explains. */
function configured({ environment, directory }: Terminal): InitValues | undefined {
  try {
    return readInitFile(configPath(environment, directory)).values
  } catch (error) {
    if (error instanceof ConfigError || error instanceof UsageError) return undefined
    throw error
  }
}

import { conflictsWith } from '../../apache/conflicts.ts'
import { matches } from '../../apache/server-name.ts'
import { wayNames } from '../../apache/ways.ts'
import type { Block } from '../block.ts'
import { type Check, type Finding, failure, ok, skipped, warning } from '../check.ts'
import type { Patient } from '../patient.ts'

/** Milliseconds between the writing of a file and the reading of it by the same command. */
const MOMENT = 1000

/** Apache's configuration leads to this project, and nothing in it comes before that. */
export const vhost: Check = {
  name: 'vhost',
  title: { en: 'virtual host', zh: '虚拟主机' },
  needs: ['apache'],
  look(patient) {
    const apache = patient.apache()
    if (!apache) return skipped({ en: 'there is no Apache to look at', zh: '没有可供检查的 Apache' })
    const block = patient.block()
    if (!block?.lead || !block.way) {
      const where = block ? `${block.file}:${block.line}` : apache.file
      const saw = block
        ? {
            en: `the virtual host at ${where} has no ScriptAlias or ProxyPass that leads to ${patient.directory}`,
            zh: `${where} 的虚拟主机中没有指向 ${patient.directory} 的 ScriptAlias 或 ProxyPass`,
          }
        : {
            en: `nothing in ${where} leads to ${patient.directory}`,
            zh: `${where} 中没有任何配置指向 ${patient.directory}`,
          }
      const todo = { en: 'weixin vhost HOST --install', zh: '请运行 weixin vhost 域名 --install' }
      return patient.wanted.url ? warning(saw, todo) : failure(saw, todo)
    }
    const { file, line, way, port, serverName = '' } = block
    const place = {
      serverName,
      address: addressOf(block.addresses[0]),
      port,
      directory: patient.directory,
      ours: file,
      ourLines: { first: line, last: line },
    }
    const conflicts = conflictsWith(apache, place).map(({ weight, what, cure, ...at }): Finding => {
      const judge = weight === 'blocks' ? failure : warning
      return judge({ en: `${at.file}:${at.line}: ${what.en}`, zh: `${at.file}:${at.line}：${what.zh}` }, cure)
    })
    const name = `${serverName}:${port}`
    return [
      ...conflicts,
      ...leadsNowhere(block, patient),
      ...unread(patient),
      ...otherHost(block, patient),
      ok({ en: `${file}:${line}: ${name}, ${wayNames[way].en}`, zh: `${file}:${line}：${name}，${wayNames[way].zh}` }),
    ]
  },
}

function leadsNowhere({ lead, way }: Block, { machine, directory }: Patient): Finding[] {
  const [, target = ''] = lead?.words ?? []
  if (way !== 'cgi' || machine.status(target.replace(/[\\/]$/, ''))?.kind === 'file') return []
  const script = machine.path.join(directory, 'cgi-bin', 'weixin').replaceAll('\\', '/')
  return [
    failure(
      {
        en: `${lead?.file}:${lead?.line}: ScriptAlias leads to ${target}, which is not there`,
        zh: `${lead?.file}:${lead?.line}：ScriptAlias 指向的 ${target} 不存在`,
      },
      {
        en: `ScriptAlias / "${script}/"; weixin vhost writes it`,
        zh: `应为 ScriptAlias / "${script}/"；weixin vhost 会生成`,
      },
    ),
  ]
}

/** A file that Apache has not read since it was changed: its pid file is as old as the last time that it read them. */
function unread(patient: Patient): Finding[] {
  const { changed } = patient
  const apache = patient.apache()
  const read = apache?.running ? changed(apache.pidFile) : undefined
  if (!apache || read === undefined) return []
  const newer = apache.configuration.files.find(file => (changed(file) ?? 0) > read + MOMENT)
  if (!newer) return []
  return [
    warning(
      { en: `${newer} was changed after Apache had read it`, zh: `${newer} 在 Apache 读取之后有改动` },
      {
        en: `reload Apache: systemctl reload ${apache.layout === 'debian' ? 'apache2' : 'httpd'}`,
        zh: `请重新加载 Apache：systemctl reload ${apache.layout === 'debian' ? 'apache2' : 'httpd'}`,
      },
    ),
  ]
}

/** What that means when somebody else answers: Apache still goes by the configuration of before. */
export function notReloaded(patient: Patient): Finding | undefined {
  const [found] = unread(patient)
  return found && { ...found, state: 'failure' }
}

/** The host that WeChat is given has to be one of ours, or the first virtual host answers. */
function otherHost({ serverName, aliases }: Block, { wanted: { url } }: Patient): Finding[] {
  const names = [serverName, ...aliases].filter(name => name !== undefined)
  if (!url || names.length === 0 || names.some(name => matches(name, url.hostname))) return []
  return [
    warning(
      {
        en: `the URL says ${url.hostname}, the virtual host ${names.join(', ')}: another one may answer`,
        zh: `网址中的域名是 ${url.hostname}，虚拟主机的名称是 ${names.join('、')}：可能由其他虚拟主机应答`,
      },
      { en: `ServerAlias ${url.hostname}`, zh: `请加入 ServerAlias ${url.hostname}` },
    ),
  ]
}

function addressOf(written = '*'): string {
  const address = written.replace(/:(\d+|\*)$/, '')
  return address === '_default_' ? '*' : address
}

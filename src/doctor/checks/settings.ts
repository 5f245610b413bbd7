import type { Setting } from '../../apache/configuration.ts'
import { compareVersions } from '../../apache/configuration.ts'
import type { Block } from '../block.ts'
import { type Check, type Finding, failure, ok, skipped, warning } from '../check.ts'

/** WeChat's patience in seconds, and the size that a message with its envelope may have. */
const PATIENCE = 5
const LARGEST_MESSAGE = 65_536
/** An encrypted message of a few words. */
const USUAL_MESSAGE = 2048
/** From this version on Apache does not believe a script's Content-Length (CVE-2024-24795). */
const DISTRUSTFUL = '2.4.59'

/** What our virtual host says about lengths, times, sizes, compression and the script's environment. */
export const apacheSettings: Check = {
  name: 'settings',
  title: { en: "Apache's settings", zh: 'Apache 设置' },
  needs: ['vhost'],
  look(patient) {
    const block = patient.block()
    if (!block?.lead) return skipped({ en: 'there is no virtual host to look at', zh: '没有可供检查的虚拟主机' })
    const version = patient.apache()?.version
    const findings = patient
      .blocks()
      .flatMap(each => [
        ...lengthFindings(each, version),
        ...environmentFindings(each),
        ...limitFindings(each),
        ...timeFindings(each),
      ])
    return findings.length > 0
      ? findings
      : ok({ en: 'lengths, times and sizes are right', zh: '长度、超时和大小设置正确' })
  },
}

function lengthFindings(block: Block, version: string | undefined): Finding[] {
  const trusted = block.settings.some(({ words }) => words.some(word => /^ap_trust_cgilike_cl(=|$)/.test(word)))
  if (trusted || (version && compareVersions(version, DISTRUSTFUL) < 0)) return []
  return [
    failure(
      {
        en: `${block.file}: “SetEnv ap_trust_cgilike_cl 1” is missing; since Apache ${DISTRUSTFUL} the answers have no Content-Length without it, and WeChat refuses the URL`,
        zh: `${block.file} 中缺少 “SetEnv ap_trust_cgilike_cl 1”；Apache ${DISTRUSTFUL} 起没有它应答就不带 Content-Length，微信会提示配置失败`,
      },
      {
        en: `write it into the virtual host (line ${block.line}), and reload Apache`,
        zh: `请写入该虚拟主机（第 ${block.line} 行），并重新加载 Apache`,
      },
    ),
  ]
}

function environmentFindings({ settings }: Block): Finding[] {
  const set = settings.filter(
    ({ name, words }) => /^(setenv|passenv|fcgidinitialenv)$/.test(name) && /^WEIXIN_/.test(words[0] ?? ''),
  )
  return set.map(setting =>
    warning(
      {
        en: `${at(setting)}: ${setting.words[0]} overrides the configuration file, in Apache only`,
        zh: `${at(setting)}：${setting.words[0]} 覆盖了配置文件，且只在 Apache 中生效`,
      },
      { en: 'take the line away, unless it is meant', zh: '如非有意，请删除该行' },
    ),
  )
}

function limitFindings({ settings }: Block): Finding[] {
  const tooSmall = settings.filter(({ name, words }) => {
    const limit = Number(words[0])
    return /^(limitrequestbody|fcgidmaxrequestlen)$/.test(name) && limit > 0 && limit < LARGEST_MESSAGE
  })
  return tooSmall.map(setting =>
    (Number(setting.words[0]) < USUAL_MESSAGE ? failure : warning)(
      {
        en: `${at(setting)}: ${written(setting)} refuses long messages; one may have ${LARGEST_MESSAGE} bytes`,
        zh: `${at(setting)}：${written(setting)} 会拒绝较长的消息；应允许 ${LARGEST_MESSAGE} 字节`,
      },
      { en: 'LimitRequestBody 1048576', zh: '请改为 LimitRequestBody 1048576' },
    ),
  )
}

const TIMES = /^(timeout|cgidscripttimeout|proxytimeout|fcgidiotimeout|fcgidbusytimeout)$/

function timeFindings({ settings, lead }: Block): Finding[] {
  const short = settings.filter(({ name, words }) => TIMES.test(name) && Number.parseFloat(words[0] ?? '') < PATIENCE)
  const passing = lead && Number(/(?:^| )timeout=(\d+)/.exec(lead.words.join(' '))?.[1] ?? PATIENCE) < PATIENCE
  return [...short, ...(passing ? [lead] : [])].map(setting =>
    warning(
      {
        en: `${at(setting)}: ${written(setting)} is shorter than the 5 s that WeChat waits: slow answers are lost`,
        zh: `${at(setting)}：${written(setting)} 比微信等待的 5 秒还短，较慢的应答会丢失`,
      },
      { en: 'set it to 20 or more', zh: '请设为 20 以上' },
    ),
  )
}

function at({ file, line }: Setting): string {
  return `${file}:${line}`
}

function written({ name, words }: Setting): string {
  return name === 'proxypass' ? 'ProxyPass … timeout' : [name, ...words].join(' ')
}

import type { Bilingual } from '../errors.ts'
import type { Apache, VirtualHost } from './apache.ts'
import type { Setting } from './configuration.ts'
import { matches } from './server-name.ts'

/** Something in an Apache's configuration that keeps WeChat's requests from our block. */
export interface Conflict {
  /** `blocks`: nothing would arrive; `disturbs`: something may go wrong. */
  readonly weight: 'blocks' | 'disturbs'
  readonly file: string
  readonly line: number
  readonly what: Bilingual
  readonly cure: Bilingual
}

/** Where a block answers, or will. */
export interface Place {
  readonly serverName: string
  readonly address: string
  readonly port: number
  /** The project's folder, by which a block made by hand is known. */
  readonly directory: string
  /** The file of our own block, as Apache reads it, which is no conflict. */
  readonly ours: string
  /** The lines of it that are ours, where others stand in it too. */
  readonly ourLines?: { readonly first: number; readonly last: number } | undefined
}

/** What else in a configuration would get, refuse or change the requests for a place, the worst first. */
export function conflictsWith(apache: Apache, place: Place): Conflict[] {
  const others = apache.vhosts.filter(host => !isOurs(host, place))
  const conflicts = [
    ...others.flatMap(host => sameName(host, place, apache.ownName)),
    ...others.flatMap(host => narrowerAddress(host, place)),
    ...apache.configuration.settings.filter(({ sections }) => outsideHosts(sections)).flatMap(serverWide),
    ...others.flatMap(host => madeByHand(host, place)),
  ]
  return conflicts.sort((one, other) => Number(one.weight === 'disturbs') - Number(other.weight === 'disturbs'))
}

function isOurs({ file, line }: VirtualHost, { ours, ourLines }: Place): boolean {
  return file === ours && (!ourLines || (line >= ourLines.first && line <= ourLines.last))
}

function sameName(host: VirtualHost, place: Place, ownName: string | undefined): Conflict[] {
  const { serverName = ownName, aliases, addresses, file, line } = host
  const onPort = addresses.some(each => portOf(each) === place.port && addressOf(each) === place.address)
  const name = [serverName, ...aliases].find(each => each !== undefined && matches(each, place.serverName))
  if (!onPort || name === undefined) return []
  return [
    {
      weight: 'blocks',
      file,
      line,
      what: {
        en: `another virtual host has the name ${name} on port ${place.port}; of two, the first that Apache reads answers`,
        zh: `另一个虚拟主机在端口 ${place.port} 上使用同一个名称 ${name}；Apache 只会让先读到的那个应答`,
      },
      cure: { en: 'take the name out of it, or give WeChat another host', zh: '从中去掉该名称，或换一个域名填给微信' },
    },
  ]
}

/** A host that is bound to an address gets everything that arrives there, whatever its name, when ours is bound to `*`. */
function narrowerAddress({ addresses, file, line }: VirtualHost, place: Place): Conflict[] {
  const narrower = addresses.find(each => portOf(each) === place.port && addressOf(each) !== '*')
  if (place.address !== '*' || narrower === undefined || /^(127\.|\[::1\])/.test(narrower)) return []
  return [
    {
      weight: 'blocks',
      file,
      line,
      what: {
        en: `<VirtualHost ${narrower}> gets everything that arrives at this address; a block for * is not asked`,
        zh: `<VirtualHost ${narrower}> 会接走到达该地址的所有请求，使用 * 的虚拟主机收不到`,
      },
      cure: {
        en: `bind our block to the same address: --address ${addressOf(narrower)}`,
        zh: `让本项目的虚拟主机使用同一地址：--address ${addressOf(narrower)}`,
      },
    },
  ]
}

/** These come before whatever a virtual host says about `/`. */
function serverWide(setting: Setting): Conflict[] {
  const { name, words, sections, file, line } = setting
  const written = [name, ...words].join(' ')
  const everything = words.some(word => word === '/' || word === '^/' || word === '^/(.*)$')
  if (/^(proxypass|proxypassmatch|redirect|redirectmatch|redirectpermanent)$/.test(name) && everything) {
    return [
      {
        weight: 'blocks',
        file,
        line,
        what: {
          en: `“${written}” stands outside all virtual hosts, and comes before what ours says about /`,
          zh: `“${written}” 写在所有虚拟主机之外，先于本项目虚拟主机的 / 生效`,
        },
        cure: { en: 'move it into the virtual host that it is for', zh: '把它移到真正需要它的虚拟主机内' },
      },
    ]
  }
  const [section] = sections
  const onEverything =
    section && /^location(match)?$/.test(section.name) && /^\^?\/(\.\*)?$/.test(section.words[0] ?? '')
  const refuses =
    (name === 'require' && words.join(' ') !== 'all granted') || (name === 'authtype' && words[0] !== 'None')
  if (!onEverything || !refuses) return []
  return [
    {
      weight: 'disturbs',
      file,
      line,
      what: {
        en: `“${written}” for <Location "/"> holds for every virtual host, and WeChat cannot log in`,
        zh: `<Location "/"> 中的 “${written}” 对所有虚拟主机生效，微信无法登录`,
      },
      cure: { en: 'move it into the virtual host that it is for', zh: '把它移到真正需要它的虚拟主机内' },
    },
  ]
}

/** A block of the time before ours, which is known by the project's folder; one on another port, for https, is its twin. */
function madeByHand({ addresses, settings, file, line }: VirtualHost, { directory, port }: Place): Conflict[] {
  const folder = plain(directory)
  const onPort = addresses.some(each => (portOf(each) ?? port) === port)
  const leads = settings.some(
    ({ name, words }) =>
      /^(scriptalias|fcgidwrapper|alias|proxypass)$/.test(name) &&
      words.some(word => plain(word).startsWith(`${folder}/cgi-bin`)),
  )
  if (!onPort || !leads) return []
  const trusted = settings.some(({ name, words }) => name === 'setenv' && words[0] === 'ap_trust_cgilike_cl')
  return [
    {
      weight: 'disturbs',
      file,
      line,
      what: trusted
        ? { en: 'this virtual host leads to the same project', zh: '这个虚拟主机也指向本项目' }
        : {
            en: 'this virtual host leads to the same project, without “SetEnv ap_trust_cgilike_cl 1”: its answers have no Content-Length, and WeChat refuses the URL',
            zh: '这个虚拟主机也指向本项目，但没有 “SetEnv ap_trust_cgilike_cl 1”：应答缺少 Content-Length，微信校验会失败',
          },
      cure: { en: 'take it away, so that ours takes its place', zh: '删除它，由新的虚拟主机代替' },
    },
  ]
}

function outsideHosts(sections: Setting['sections']): boolean {
  return sections.every(({ name }) => name !== 'virtualhost')
}

function plain(path: string): string {
  return path.replaceAll('\\', '/').toLowerCase()
}

/** `_default_` is another word for `*`. */
function addressOf(written: string): string {
  const address = written.replace(/:(\d+|\*)$/, '')
  return address === '_default_' ? '*' : address
}

/** Undefined for every port. */
function portOf(written: string): number | undefined {
  const port = /:(\d+)$/.exec(written)?.[1]
  return port === undefined ? undefined : Number(port)
}

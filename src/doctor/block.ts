import type { Apache, VirtualHost } from '../apache/apache.ts'
import type { Setting } from '../apache/configuration.ts'
import type { Machine } from '../apache/machine.ts'
import type { Way } from '../apache/ways.ts'

/** Where a service is that Apache passes requests to: a unix socket, or a port. */
export type Backend = string | { readonly host: string; readonly port: number }

/** What leads to this project in Apache's configuration: a virtual host, or the server outside of all of them. */
export interface Block extends Omit<VirtualHost, 'settings'> {
  readonly way: Way | undefined
  /** Of it and, where they hold for it as well, of the server. */
  readonly settings: readonly Setting[]
  /** What leads to the script or the service; undefined when it only lies in the project's folder. */
  readonly lead: Setting | undefined
  readonly backends: readonly Backend[]
  /** Of the service: what `fcgi://NAME/` says. */
  readonly service: string
  readonly port: number
  readonly secure: boolean
}

/**
 * What is for this project, in Apache's order: one for http and one for https is usual. Where nothing leads to it, a virtual
 * host that only has its folders.
 */
export function findBlocks(machine: Machine, apache: Apache, directory: string): readonly Block[] {
  const { settings, files } = apache.configuration
  const outside = settings.filter(({ sections }) => sections.every(({ name }) => name !== 'virtualhost'))
  const server: VirtualHost = {
    addresses: apache.listens.map(({ address = '*', port }) => `${address}:${port}`),
    serverName: apache.ownName,
    aliases: [],
    settings: outside,
    file: files[0] ?? apache.file,
    line: 1,
  }
  const isOurs = inFolder(machine, directory)
  const blocks = [...apache.vhosts.map(host => blockOf(host, outside, isOurs)), blockOf(server, [], isOurs)]
  const leading = blocks.filter(({ lead }) => lead)
  if (leading.length > 0) return leading
  return blocks.filter(({ line, settings: own }) => line > 1 && own.some(({ words }) => words.some(isOurs))).slice(0, 1)
}

function blockOf(host: VirtualHost, outside: readonly Setting[], isOurs: (word: string) => boolean): Block {
  const { settings: own, ...rest } = host
  const hasOurFolder = own.some(({ words }) => words.some(isOurs))
  const found = own.map(setting => ({ setting, way: wayOf(setting, isOurs, hasOurFolder) })).filter(({ way }) => way)
  // FcgidWrapper says more than the ScriptAlias that stands above it.
  const { setting: lead, way } = found.find(each => each.way === 'fcgid') ?? found[0] ?? {}
  const port = Number(/:(\d+)$/.exec(host.addresses[0] ?? '')?.[1] ?? 80)
  const members = own.filter(({ name }) => name === 'balancermember').map(({ words }) => words[0] ?? '')
  const leads = way === 'balancer' ? members : (lead?.words ?? [])
  return {
    ...rest,
    settings: [...outside, ...own],
    way,
    lead,
    backends: leads.flatMap(backendOf),
    service: /fcgi:\/\/([a-z][\w-]*)\/?$/.exec(leads.join(' '))?.[1] ?? 'weixin',
    port,
    secure: own.some(({ name, words }) => name === 'sslengine' && /^on$/i.test(words[0] ?? '')),
  }
}

/** @param hasOurFolder without it, a service of another name is somebody else's, such as PHP's */
function wayOf({ name, words }: Setting, isOurs: (word: string) => boolean, hasOurFolder: boolean): Way | undefined {
  const text = words.join(' ')
  if (name === 'fcgidwrapper' && words.some(isOurs)) return 'fcgid'
  if (/^scriptalias(match)?$/.test(name) && isOurs(words[1] ?? '')) return 'cgi'
  const passes =
    (/^proxypass(match)?$/.test(name) && !words.includes('!')) || (name === 'sethandler' && text.startsWith('proxy:'))
  if (!passes || !(hasOurFolder || text.includes('weixin')) || /php/i.test(text)) return undefined
  if (text.includes('balancer://')) return 'balancer'
  if (!text.includes('fcgi://')) return undefined
  return text.includes('unix:') ? 'unix' : 'tcp'
}

function backendOf(word: string): Backend[] {
  const socket = /unix:([^|]+)\|/.exec(word)?.[1]
  if (socket) return [socket]
  const [, host, port] = /fcgi:\/\/([\w.-]+):(\d+)/.exec(word) ?? []
  return host && port ? [{ host, port: Number(port) }] : []
}

/** Whether a word of a directive is a path in this folder, as written or as the links lead. */
function inFolder(machine: Machine, directory: string): (word: string) => boolean {
  const plain = (text: string) => {
    const slashed = text.replaceAll('\\', '/').replace(/^['"]+|['"]+$/g, '')
    return machine.platform === 'win32' ? slashed.toLowerCase() : slashed
  }
  const folders = [directory, machine.realPath(directory) ?? directory].map(plain)
  return word => folders.some(folder => plain(word) === folder || plain(word).startsWith(`${folder}/`))
}

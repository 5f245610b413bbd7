import path from 'node:path'
import { domainToASCII } from 'node:url'
import type { Apache } from '../../apache/apache.ts'
import type { Place } from '../../apache/conflicts.ts'
import type { Machine } from '../../apache/machine.ts'
import type { Site } from '../../apache/site.ts'
import { findBlock } from '../../apache/site-file.ts'
import { chooseWay, modulesOf, obstacleTo, WAYS, type Way } from '../../apache/ways.ts'
import { type Bilingual, UsageError } from '../../errors.ts'
import { portRemarks, remarksOn } from './vhost-remarks.ts'

export const VHOST_OPTIONS = {
  install: { type: 'boolean', default: false },
  undo: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
  way: { type: 'string' },
  apache: { type: 'string' },
  port: { type: 'string' },
  address: { type: 'string', default: '*' },
  backend: { type: 'string', multiple: true, default: [] as string[] },
  certificate: { type: 'string' },
  key: { type: 'string' },
  name: { type: 'string', default: 'weixin' },
  windows: { type: 'boolean', default: false },
  directory: { type: 'string' },
  node: { type: 'string' },
} as const

export interface VhostValues {
  readonly install: boolean
  readonly undo: boolean
  readonly yes: boolean
  readonly way?: string | undefined
  readonly apache?: string | undefined
  readonly port?: string | undefined
  readonly address: string
  readonly backend: readonly string[]
  readonly certificate?: string | undefined
  readonly key?: string | undefined
  readonly name: string
  readonly windows: boolean
  readonly directory?: string | undefined
  readonly node?: string | undefined
}

/** What is to be set up, before anything is changed. */
export interface VhostPlan {
  readonly site: Site
  readonly place: Place
  /** The file that the block goes into. */
  readonly file: string
  readonly node: string
  /** Why this way was chosen; undefined when the command named it. */
  readonly why: Bilingual | undefined
  readonly remarks: readonly Bilingual[]
  /** Modules that Apache does not load yet. */
  readonly missing: readonly string[]
  /** Whether the command said which host, which an installation needs. */
  readonly named: boolean
}

const EXAMPLE_HOST = 'weixin.example.com'

/**
 * Decides everything that the command leaves open.
 *
 * @param apache undefined when the block is for another machine
 * @param project our own folder
 * @throws {UsageError} for a word that is not permitted, and for a way that is not possible here
 */
export function planFor(
  host: string | undefined,
  values: VhostValues,
  apache: Apache | undefined,
  machine: Machine,
  project: string,
  node: string,
): VhostPlan {
  const windows = values.windows || machine.platform === 'win32'
  const { way, why } = wayFor(values.way, apache, machine, windows)
  const directory = values.directory ?? project
  const certificate = certificateOf(values)
  const port = portOf(values.port ?? (certificate ? '443' : '80'), certificate !== undefined)
  const serverName = host ? hostOf(host) : EXAMPLE_HOST
  const file = apache ? fileFor(apache, values.name) : ''
  const block = findBlock(machine.readText(file) ?? '', values.name)
  const [first, last] = [block?.first ?? 0, block?.last ?? 0]
  const ours = apache ? nameIn(apache, machine, file) : file
  const isOurs = (at: { readonly file: string; readonly line: number }) =>
    at.file === ours && at.line >= first && at.line <= last
  const needed = apache ? [...modulesOf(way, apache), ...(certificate ? ['ssl'] : [])] : []
  // What our own block loads is not there without it.
  const loadedElsewhere = (module: string) => {
    const own = apache?.configuration.settings.find(
      ({ name, words }) => name === 'loadmodule' && words[0] === `${module}_module`,
    )
    return apache?.loaded.has(module) && !(own && isOurs(own))
  }
  const missing = needed.filter(module => !loadedElsewhere(module))
  const listens = apache?.listens.some(each => each.port === port && !isOurs(each)) ?? true
  const site: Site = {
    way,
    windows,
    directory,
    serverName,
    address: values.address,
    port,
    addListen: !listens,
    name: nameOf(values.name),
    backends: backendsOf(way, values.backend),
    load:
      apache && apache.layout !== 'debian'
        ? missing.map(module => ({ module, file: moduleFile(machine, apache, module) }))
        : [],
    certificate,
  }
  return {
    site,
    place: { serverName, address: values.address, port, directory, ours, ourLines: block && { first, last } },
    file,
    node,
    why,
    remarks: [...(apache ? remarksOn(site, apache, machine, node) : []), ...portRemarks(port, listens)],
    missing,
    named: !!host,
  }
}

/** Apache's own layout has a file for virtual hosts, which not every installation reads. */
export function fileFor(apache: Apache, name: string): string {
  const file = apache.siteFile(name)
  return apache.layout !== 'classic' || apache.configuration.files.includes(file) ? file : apache.file
}

/** The name under which Apache reads a file: on Debian that of a link to it. */
function nameIn({ configuration: { files } }: Apache, machine: Machine, file: string): string {
  const real = machine.realPath(file)
  return (real && files.find(each => machine.realPath(each) === real)) ?? file
}

function wayFor(wanted: string | undefined, apache: Apache | undefined, machine: Machine, windows: boolean) {
  const surroundings = { windows, systemd: machine.status('/run/systemd/system') !== undefined }
  if (wanted === undefined) {
    if (!apache) return { way: windows ? 'tcp' : 'cgi', why: undefined } as const
    const chosen = chooseWay(apache, surroundings)
    if (chosen) return chosen
    throw notPossible('cgi', obstacleTo('cgi', apache, surroundings))
  }
  const way = WAYS.find(each => each === wanted)
  if (!way)
    throw new UsageError({
      en: `--way ${wanted}: permitted: ${WAYS.join(', ')}`,
      zh: `--way ${wanted}：应为 ${WAYS.join('、')}`,
    })
  const obstacle = obstacleTo(way, apache, surroundings)
  if (obstacle) throw notPossible(way, obstacle)
  return { way, why: undefined }
}

function notPossible(way: Way, obstacle: Bilingual | undefined): UsageError {
  const [more, zh] =
    way === 'fcgid'
      ? [
          ' (apt-get install libapache2-mod-fcgid; dnf install mod_fcgid)',
          '（apt-get install libapache2-mod-fcgid；dnf install mod_fcgid）',
        ]
      : ['', '']
  return new UsageError({
    en: `the way ${way} is not possible here: ${obstacle?.en}${more}`,
    zh: `本机不能使用方式 ${way}：${obstacle?.zh}${zh}`,
  })
}

/** The host alone, out of whatever was copied; a Chinese one as it goes over the wire. */
function hostOf(text: string): string {
  const host = domainToASCII(
    text
      .trim()
      .replace(/^\w+:\/\//, '')
      .replace(/[/:?].*$/s, ''),
  )
  if (/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(host)) return host
  throw new UsageError({
    en: `${text} is not a host: weixin.example.com`,
    zh: `${text} 不是域名；应类似 weixin.example.com`,
  })
}

function nameOf(name: string): string {
  if (/^[a-z][a-z0-9_-]{0,30}$/.test(name)) return name
  throw new UsageError({
    en: `--name ${name}: small letters, digits, - and _ are permitted`,
    zh: `--name ${name}：只能用小写字母、数字、- 和 _`,
  })
}

function portOf(text: string, tls: boolean): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new UsageError({ en: `--port ${text}: 1 to 65535 is permitted`, zh: `--port ${text}：应为 1 到 65535` })
  }
  if (port !== 443 || tls) return port
  throw new UsageError({
    en: '--port 443 needs --certificate FILE and --key FILE; or install for port 80 and run certbot --apache',
    zh: '--port 443 需要 --certificate 文件 和 --key 文件；也可先用 80 端口安装，再运行 certbot --apache',
  })
}

function certificateOf({ certificate, key }: VhostValues): Site['certificate'] {
  if (certificate !== undefined && key !== undefined) return { file: path.resolve(certificate), key: path.resolve(key) }
  if (certificate === undefined && key === undefined) return undefined
  throw new UsageError({ en: '--certificate and --key belong together', zh: '--certificate 和 --key 必须一起使用' })
}

function backendsOf(way: Way, backends: readonly string[]): readonly string[] {
  const wrong = backends.find(each => !/^[\w.-]+:\d{1,5}$/.test(each))
  if (wrong !== undefined)
    throw new UsageError({ en: `--backend ${wrong}: host:port is permitted`, zh: `--backend ${wrong}：应为 主机:端口` })
  if (way !== 'balancer') return backends.length > 0 ? backends.slice(0, 1) : ['127.0.0.1:9000']
  if (backends.length > 0) return backends
  throw new UsageError({
    en: '--way balancer needs --backend HOST:PORT, once for each machine',
    zh: '--way balancer 需要 --backend 主机:端口，每台机器写一次',
  })
}

function moduleFile(machine: Machine, { modulesFolder }: Apache, module: string): string {
  return machine.path.join(modulesFolder, `mod_${module}.so`)
}

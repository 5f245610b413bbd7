import path from 'node:path'
import { domainToASCII } from 'node:url'
import { type Hindrance, hindranceOf, userNamed } from '../apache/access.ts'
import type { Apache } from '../apache/apache.ts'
import type { Place } from '../apache/conflicts.ts'
import { interpreterLine } from '../apache/interpreter.ts'
import type { Machine } from '../apache/machine.ts'
import { portHolders } from '../apache/port.ts'
import type { Site } from '../apache/site.ts'
import { findBlock } from '../apache/site-file.ts'
import { chooseWay, modulesOf, obstacleTo, WAYS, type Way } from '../apache/ways.ts'
import { type Bilingual, UsageError } from '../errors.ts'

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
  const ourLine = (line: number) => line >= first && line <= last
  const needed = apache ? [...modulesOf(way, apache), ...(certificate ? ['ssl'] : [])] : []
  // What our own block loads is not there without it.
  const loadedElsewhere = (module: string) => {
    const own = apache?.configuration.settings.find(
      ({ name, words }) => name === 'loadmodule' && words[0] === `${module}_module`,
    )
    return apache?.loaded.has(module) && !(own?.file === file && ourLine(own.line))
  }
  const missing = needed.filter(module => !loadedElsewhere(module))
  const listens =
    apache?.listens.some(each => each.port === port && !(each.file === file && ourLine(each.line))) ?? true
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
    place: { serverName, address: values.address, port, directory, ours: file, ourLines: block && { first, last } },
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
  const obstacle = apache && obstacleTo(way, apache, surroundings)
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

function portRemarks(port: number, listens: boolean): Bilingual[] {
  const remarks: Bilingual[] = []
  if (port !== 80 && port !== 443) {
    remarks.push({
      en: `WeChat calls port 80 and 443 only, not ${port}`,
      zh: `微信只访问 80 和 443 端口，不会访问 ${port}`,
    })
  }
  if (!listens) {
    remarks.push({
      en: `Apache does not listen on port ${port} yet; the block says so`,
      zh: `Apache 尚未监听端口 ${port}；配置中会加上 Listen`,
    })
  }
  return remarks
}

function remarksOn({ way, directory, port }: Site, apache: Apache, machine: Machine, node: string): Bilingual[] {
  const remarks: Bilingual[] = []
  const stranger = portHolders(machine, port).find(({ program }) => program && !/apache|httpd/i.test(program))
  if (stranger) {
    const who = `${stranger.program} (${stranger.pid})`
    remarks.push({
      en: `port ${port} is held by ${who}; Apache cannot have it until that is stopped`,
      zh: `端口 ${port} 被 ${who} 占用；停掉它之前 Apache 无法使用该端口`,
    })
  }
  const runsScript = way === 'cgi' || way === 'fcgid'
  if (runsScript && !interpreterLine(node, machine.platform === 'win32')) {
    remarks.push({
      en: `${node} cannot stand in a script's first line; make a link: ln -s '${node}' /usr/local/bin/node`,
      zh: `${node} 不能写在脚本第一行；请建立链接：ln -s '${node}' /usr/local/bin/node`,
    })
  }
  if (machine.readText('/sys/fs/selinux/enforce')?.trim() === '1') remarks.push(selinux(way, directory))
  return [...remarks, ...accessRemarks(machine, apache, directory, runsScript ? node : undefined)]
}

function selinux(way: Way, directory: string): Bilingual {
  const command =
    way === 'cgi' || way === 'fcgid'
      ? `semanage fcontext -a -t httpd_sys_script_exec_t '${directory}(/.*)?' && semanage fcontext -a -t httpd_sys_rw_content_t '${directory}/var(/.*)?' && restorecon -R '${directory}'`
      : way === 'unix'
        ? "semanage fcontext -a -t httpd_var_run_t '/run/weixin(/.*)?' && restorecon -R /run/weixin"
        : 'setsebool -P httpd_can_network_connect 1'
  return {
    en: `SELinux is enforcing; Apache may need: ${command}`,
    zh: `SELinux 处于强制模式；Apache 可能需要：${command}`,
  }
}

/** What stops Apache's user, as owners and modes have it. */
function accessRemarks(
  machine: Machine,
  { user: name }: Apache,
  directory: string,
  node: string | undefined,
): Bilingual[] {
  const user = machine.platform === 'win32' || name === undefined ? undefined : userNamed(machine, name)
  if (!user) return []
  const { join } = machine.path
  const asked = [
    hindranceOf(machine, user, join(directory, 'apache', 'static'), 'read'),
    ...(node === undefined
      ? []
      : [
          hindranceOf(machine, user, node, 'run'),
          hindranceOf(machine, user, join(directory, 'dist', 'responder.cjs'), 'read'),
        ]),
  ]
  const found = asked.filter((each): each is Hindrance => each !== undefined)
  const paths = new Set(found.map(each => each.path))
  return [...paths].map(each => hindranceSentence(user.name, found.find(({ path }) => path === each) as Hindrance))
}

/** What stops a user, with the cure. */
export function hindranceSentence(user: string, { path: at, needs }: Hindrance): Bilingual {
  switch (needs) {
    case 'exist':
      return { en: `${at} is missing: npm run build`, zh: `缺少 ${at}：请运行 npm run build` }
    case 'enter':
      return {
        en: `${user} may not enter ${at}, through which the way leads; move the project (or node) to /srv or /opt, or chmod o+x ${at}`,
        zh: `用户 ${user} 无权进入必经的目录 ${at}；请把项目（或 node）移到 /srv 或 /opt，或执行 chmod o+x ${at}`,
      }
    default: {
      const [en, zh, mode] = {
        read: ['read', '读取', 'o+r'],
        write: ['write to', '写入', 'o+w'],
        run: ['run', '执行', 'o+rx'],
      }[needs]
      return {
        en: `${user} may not ${en} ${at}: chmod ${mode} ${at}`,
        zh: `用户 ${user} 无权${zh} ${at}：chmod ${mode} ${at}`,
      }
    }
  }
}

import { WeixinError } from '../errors.ts'
import type { Way } from './ways.ts'

/** What our block must know of the machine that it is for. */
export interface Site {
  readonly way: Way
  readonly windows: boolean
  /** The project's folder. */
  readonly directory: string
  /** The host in the URL that WeChat is given. */
  readonly serverName: string
  /** `*`, or the address that other virtual hosts of this Apache are bound to. */
  readonly address: string
  readonly port: number
  /** Whether Apache must be told to listen on the port. */
  readonly addListen: boolean
  /** Of the site, the socket and the service: `weixin`. */
  readonly name: string
  /** Where the responder listens in the way `tcp`, and everywhere in the way `balancer`. */
  readonly backends: readonly string[]
  /** Modules that the block loads itself, as `LoadModule` names them. */
  readonly load: readonly { readonly module: string; readonly file: string }[]
  readonly certificate?: { readonly file: string; readonly key: string } | undefined
}

/** A path that cannot stand in an Apache configuration. */
export class SitePathError extends WeixinError {
  override name = 'SitePathError'

  constructor(path: string) {
    super({
      en: `${path}: Apache reads * ? [ ] " ' $ \\ and line ends in a path as something else; move the project to a folder without them`,
      zh: `${path}：Apache 会把路径中的 * ? [ ] " ' $ \\ 和换行当作特殊字符；请把项目移到不含这些字符的目录`,
    })
  }
}

/** The shipped configuration that a way's block is made from, in the project's folder `apache`. */
export function shippedFile(way: Way, windows: boolean): string {
  if (way === 'cgi') return windows ? 'httpd-vhosts-wamp.conf' : 'debian-cgi.conf'
  return {
    fcgid: 'debian-mod-fcgid.conf',
    unix: 'debian-proxy-fcgi.conf',
    tcp: 'wamp-proxy-fcgi.conf',
    balancer: 'debian-balancer.conf',
  }[way]
}

/** The socket of the service of this name. */
export function socketPath(name: string): string {
  return `/run/${name}/${name}.sock`
}

const EXAMPLES = [
  'd:/wamp/www/weixin',
  '/srv/weixin',
  'weixin.example.com',
  '*:80',
  '/run/weixin/weixin.sock',
  'fcgi://weixin/',
  'balancer://weixin',
  '127.0.0.1:9000',
]

const anyExample = new RegExp(EXAMPLES.map(text => text.replace(/[*.]/g, '\\$&')).join('|'), 'g')

/**
 * A block for one machine: the shipped configuration without the comment that it begins with, and with this machine's paths.
 *
 * @throws {SitePathError} for a folder that Apache would misread
 */
export function renderSite(shipped: string, site: Site): string {
  const directory = pathOf(site.directory, site.windows)
  const { name, serverName, address, port, backends } = site
  const filled: Readonly<Record<string, string>> = {
    'd:/wamp/www/weixin': directory,
    '/srv/weixin': directory,
    'weixin.example.com': serverName,
    '*:80': `${address}:${port}`,
    '/run/weixin/weixin.sock': socketPath(name),
    'fcgi://weixin/': `fcgi://${name}/`,
    'balancer://weixin': `balancer://${name}`,
    '127.0.0.1:9000': backends[0] ?? '127.0.0.1:9000',
  }
  const body = shipped
    .replaceAll('\r\n', '\n')
    .replace(/^(#.*\n)+\n*/, '')
    .replace(
      /^( *BalancerMember )"fcgi:\/\/[^"]*"(.*)\n(?: *BalancerMember .*\n)*/m,
      (_, before: string, after: string) => backends.map(member => `${before}"fcgi://${member}"${after}\n`).join(''),
    )
    .replace(anyExample, example => filled[example] ?? example)
    .replace(/^( *)ServerName .*\n/m, line => line + certificateLines(site))
  return [...loadLines(site), ...(site.addListen ? [`Listen ${port}\n`] : []), body].join('\n')
}

/** With forward slashes, which Apache wants on Windows too, and without one at the end. */
function pathOf(path: string, windows: boolean): string {
  const slashed = (windows ? path.replaceAll('\\', '/') : path).replace(/(?<=.)\/$/, '')
  if (/[*?[\]"'$\\\r\n]/.test(slashed)) throw new SitePathError(path)
  return slashed
}

function loadLines({ load, windows }: Site): string[] {
  return load.map(
    ({ module, file }) =>
      `<IfModule !${module}_module>\n    LoadModule ${module}_module "${pathOf(file, windows)}"\n</IfModule>`,
  )
}

function certificateLines({ certificate, windows }: Site): string {
  if (!certificate) return ''
  const [file, key] = [pathOf(certificate.file, windows), pathOf(certificate.key, windows)]
  return `    SSLEngine on\n    SSLCertificateFile "${file}"\n    SSLCertificateKeyFile "${key}"\n`
}

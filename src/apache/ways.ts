import type { Bilingual } from '../errors.ts'
import type { Apache } from './apache.ts'
import { compareVersions } from './configuration.ts'

/** How Apache runs the responder. */
export type Way = 'cgi' | 'fcgid' | 'unix' | 'tcp' | 'balancer'

export const WAYS = ['cgi', 'fcgid', 'unix', 'tcp', 'balancer'] as const satisfies readonly Way[]

export const wayNames: Readonly<Record<Way, Bilingual>> = {
  cgi: { en: 'CGI, a process for each message', zh: 'CGI，每条消息一个进程' },
  fcgid: { en: 'mod_fcgid, processes that Apache starts', zh: 'mod_fcgid，由 Apache 启动进程' },
  unix: { en: 'mod_proxy_fcgi, a service on a unix socket', zh: 'mod_proxy_fcgi，使用 unix 套接字的常驻服务' },
  tcp: { en: 'mod_proxy_fcgi, a service on a TCP port', zh: 'mod_proxy_fcgi，使用 TCP 端口的常驻服务' },
  balancer: { en: 'mod_proxy_balancer, services on several machines', zh: 'mod_proxy_balancer，多台机器上的服务' },
}

/** What our blocks say in every way. */
const COMMON = ['authz_core', 'alias', 'env', 'headers']
const PROXY = [...COMMON, 'proxy', 'proxy_fcgi']
const BALANCER = [...PROXY, 'slotmem_shm', 'watchdog', 'proxy_balancer', 'lbmethod_byrequests', 'proxy_hcheck']

/** The modules that a way needs, in an order in which they can be loaded. */
export function modulesOf(way: Way, { mpm, loaded }: Pick<Apache, 'mpm' | 'loaded'>): readonly string[] {
  switch (way) {
    case 'cgi': {
      const present = ['cgid', 'cgi'].find(name => loaded.has(name))
      return [...COMMON, present ?? (mpm === 'prefork' || mpm === 'winnt' ? 'cgi' : 'cgid')]
    }
    case 'fcgid':
      return [...COMMON, 'fcgid']
    case 'balancer':
      return BALANCER
    default:
      return PROXY
  }
}

/** Where Apache is, as far as a way depends on it. */
export interface Surroundings {
  readonly windows: boolean
  /** Whether systemd runs this machine: it would keep a service running. */
  readonly systemd: boolean
}

/** Why a way is not possible here; undefined when it is. Without an Apache to look at, only the system is judged. */
export function obstacleTo(way: Way, apache: Apache | undefined, { windows }: Surroundings): Bilingual | undefined {
  if (windows && way === 'fcgid') {
    return { en: 'mod_fcgid cannot run Node on Windows', zh: '在 Windows 上 mod_fcgid 无法运行 Node' }
  }
  if (windows && way === 'unix') {
    return { en: 'there are no unix sockets for Apache on Windows', zh: 'Windows 上的 Apache 不支持 unix 套接字' }
  }
  if (!apache) return undefined
  if (way === 'unix' && apache.version && compareVersions(apache.version, '2.4.10') < 0) {
    const { version } = apache
    return {
      en: `Apache ${version} knows no unix sockets; 2.4.10 does`,
      zh: `Apache ${version} 不支持 unix 套接字，需 2.4.10 以上`,
    }
  }
  const absent = modulesOf(way, apache).filter(name => !apache.available.has(name))
  if (absent.length === 0) return undefined
  const names = absent.map(name => `mod_${name}`)
  return { en: `${names.join(', ')} is not installed`, zh: `未安装 ${names.join('、')}` }
}

/** The best of the ways that are possible, and the reason in one sentence; undefined when none is. */
export function chooseWay(
  apache: Apache,
  surroundings: Surroundings,
): { readonly way: Way; readonly why: Bilingual } | undefined {
  const { windows, systemd } = surroundings
  const order: readonly Way[] = windows
    ? ['tcp', 'cgi']
    : systemd
      ? ['unix', 'tcp', 'fcgid', 'cgi']
      : ['fcgid', 'cgi', 'tcp']
  const way = order.find(each => !obstacleTo(each, apache, surroundings))
  return way && { way, why: reasons[way](surroundings) }
}

const reasons: Readonly<Record<Way, (surroundings: Surroundings) => Bilingual>> = {
  unix: () => ({
    en: 'the fastest; systemd keeps the socket open, so a restart loses no message, and only Apache may connect',
    zh: '速度最快；套接字由 systemd 保持打开，重启服务不丢消息，且只有 Apache 能连接',
  }),
  tcp: ({ windows }) =>
    windows
      ? {
          en: 'the fastest on Windows, where mod_fcgid cannot run Node; a CGI process for each message is some ten times slower',
          zh: 'Windows 上最快的方式（mod_fcgid 在 Windows 上无法运行 Node）；CGI 每条消息都要启动一个进程，慢得多',
        }
      : { en: 'fast, where a unix socket is not possible', zh: '速度快，适合不能使用 unix 套接字的情况' },
  fcgid: () => ({
    en: 'Apache itself starts and stops the processes: there is no systemd here to keep a service running (with one, choose unix: mod_fcgid can lose a request when Apache reloads under load)',
    zh: '由 Apache 自己启动和停止进程：本机没有 systemd 来维持常驻服务（如有 systemd 请选 unix：高负载下重新加载 Apache 时，mod_fcgid 可能丢失个别请求）',
  }),
  cgi: () => ({
    en: 'there is nothing to keep running, and the modules for a faster way are not installed',
    zh: '无需常驻进程；更快的方式所需的模块没有安装',
  }),
  balancer: () => ({ en: 'several machines', zh: '多台机器' }),
}

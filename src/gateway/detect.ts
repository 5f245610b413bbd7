import { UsageError } from '../errors.ts'
import type { ListenAddress } from './listen-address.ts'
import { parseListenAddress } from './listen-address.ts'
import type { CgiEnvironment } from './request.ts'

/** How the script runs: once for one request, or as a FastCGI responder on a listening socket. */
export type Gateway = { readonly kind: 'cgi' } | { readonly kind: 'fastcgi'; readonly listen: ListenAddress }

/** Everything that the decision depends on. */
export interface Surroundings {
  readonly environment: CgiEnvironment
  /** The arguments behind the script's name. */
  readonly argv: readonly string[]
  readonly pid: number
  /** Asked only when nothing before it has decided. */
  readonly isFd0ListeningSocket: () => boolean
  /** The address in the configuration file, which counts last: Apache may have started us on a socket of its own. */
  readonly configuredListen?: string | undefined
}

/** The first descriptor that systemd hands over (sd_listen_fds). */
const FIRST_INHERITED_FD = 3

/**
 * Decides how the script runs, before anything is read. A socket on descriptor 0 comes late, because mod_cgid gives
 * plain CGI scripts one too; in CGI the arguments are the client's (RFC 3875 section 4.4) and are not looked at.
 *
 * @throws {UsageError} when nothing says how to run, or something says it wrongly.
 */
export function detectGateway(surroundings: Surroundings): Gateway {
  const { environment } = surroundings
  const named = environment['WEIXIN_GATEWAY']
  if (named === 'cgi') return { kind: 'cgi' }
  if (named !== undefined && named !== 'fastcgi') throw unknownGateway(named)
  const asked = environment['GATEWAY_INTERFACE'] !== undefined || environment['REQUEST_METHOD'] !== undefined
  if (named === undefined && asked) return { kind: 'cgi' }
  const listen = listenAddress(surroundings)
  if (listen === undefined) throw usage()
  return { kind: 'fastcgi', listen }
}

function listenAddress(surroundings: Surroundings): ListenAddress | undefined {
  const { environment, argv, pid, isFd0ListeningSocket, configuredListen } = surroundings
  if (inheritsSocket(environment, pid)) return { fd: FIRST_INHERITED_FD }
  const text = listenArgument(argv) ?? environment['WEIXIN_LISTEN']
  if (text !== undefined) return parseListenAddress(text)
  if (isFd0ListeningSocket()) return { fd: 0 }
  return configuredListen === undefined ? undefined : parseListenAddress(configuredListen)
}

function inheritsSocket(environment: CgiEnvironment, pid: number): boolean {
  const count = environment['LISTEN_FDS'] ?? ''
  const owner = environment['LISTEN_PID']
  return /^\d+$/.test(count) && Number(count) >= 1 && (owner === undefined || owner === String(pid))
}

function listenArgument(argv: readonly string[]): string | undefined {
  const [first, second, ...rest] = argv
  if (first === undefined) return undefined
  if (first.startsWith('--listen=') && second === undefined) return first.slice('--listen='.length)
  if (first === '--listen' && second !== undefined && rest.length === 0) return second
  throw usage()
}

function unknownGateway(value: string): UsageError {
  return new UsageError({
    en: `WEIXIN_GATEWAY is ${JSON.stringify(value)}; permitted are cgi and fastcgi`,
    zh: `WEIXIN_GATEWAY 的值是 ${JSON.stringify(value)}；只允许 cgi 或 fastcgi`,
  })
}

function usage(): UsageError {
  return new UsageError({
    en: `This program is started by a web server (CGI, or FastCGI on an inherited socket), or as
  weixin --listen /path.sock | host:port | :port
or with WEIXIN_LISTEN set to one of these. WEIXIN_GATEWAY=cgi|fastcgi overrules the detection.
To try it by hand as CGI: REQUEST_METHOD=GET QUERY_STRING='' weixin`,
    zh: `本程序由 Web 服务器启动（CGI，或继承套接字的 FastCGI），也可以这样启动：
  weixin --listen /path.sock | host:port | :port
或者把 WEIXIN_LISTEN 设为其中之一。WEIXIN_GATEWAY=cgi|fastcgi 可以指定运行方式。
手工以 CGI 方式试运行：REQUEST_METHOD=GET QUERY_STRING='' weixin`,
  })
}

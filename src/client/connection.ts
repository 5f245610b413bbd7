import type http from 'node:http'
import type https from 'node:https'
import type { Duplex } from 'node:stream'
import { urlToHttpOptions } from 'node:url'
import { ConfigError } from '../errors.ts'

/** How requests reach their host. */
export interface Connector {
  /** A request that is not sent yet. */
  open(url: URL, options: http.RequestOptions & { readonly reuse: boolean }): Promise<http.ClientRequest>
  readonly proxied: boolean
  /** Ends the connections that are kept open. */
  close(): void
}

type Protocol = 'http:' | 'https:'
type Agents = Map<Protocol, Promise<http.Agent>>

/** Kept open for so many milliseconds for the next request: less than a server does that says nothing of it. */
const KEPT: http.AgentOptions = { keepAlive: true, timeout: 4000 }
const SINGLE: http.AgentOptions = { keepAlive: false }

/** What a proxy that refuses a tunnel has as its error's code, before the HTTP status. */
export const REFUSED_TUNNEL = 'CONNECT '

/**
 * Connections straight to the host, or through an HTTP proxy: a tunnel (CONNECT) for https, the whole address in the
 * request for http. What environment variables say about proxies is not asked: a request to a CGI script could set them.
 *
 * Requests that must not be sent twice get a connection of their own, because one that was kept open may just be
 * closing, and then nobody can tell whether they arrived.
 *
 * @throws {ConfigError} when the proxy is not an http:// address
 */
export function createConnector(proxyUrl: string | undefined, connectTimeout: number): Connector {
  const proxy = proxyUrl === undefined ? undefined : parseProxy(proxyUrl)
  const kept: Agents = new Map()
  const single: Agents = new Map()

  function agentFor(protocol: Protocol, reuse: boolean): Promise<http.Agent> {
    const agents = reuse ? kept : single
    const agent = agents.get(protocol) ?? createAgent(protocol, reuse ? KEPT : SINGLE, proxy, connectTimeout)
    agents.set(protocol, agent)
    return agent
  }

  return {
    proxied: proxy !== undefined,
    async open(url, { reuse, ...options }) {
      const protocol = url.protocol === 'https:' ? 'https:' : 'http:'
      const { request } = protocol === 'https:' ? await import('node:https') : await import('node:http')
      const agent = await agentFor(protocol, reuse)
      if (!proxy || protocol === 'https:') return request({ ...urlToHttpOptions(url), ...options, agent })
      const headers = { ...options.headers, Host: url.host, ...authorization(proxy) }
      const { hostname, port } = urlToHttpOptions(proxy)
      return request({ hostname, port: port || 80, path: url.href, ...options, headers, agent })
    },
    close() {
      for (const agent of kept.values()) agent.then(each => each.destroy())
    },
  }
}

function parseProxy(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'http:') return url
  throw new ConfigError({
    en: '"proxy" must be an http:// address: http://host:port, or http://user:password@host:port',
    zh: '"proxy" 必须是以 http:// 开头的网址：http://主机:端口，或 http://用户:密码@主机:端口',
  })
}

async function createAgent(
  protocol: Protocol,
  options: http.AgentOptions,
  proxy: URL | undefined,
  connectTimeout: number,
): Promise<http.Agent> {
  if (protocol === 'http:') return new (await import('node:http')).Agent(options)
  const agent = new (await import('node:https')).Agent(options)
  if (proxy) await tunnel(agent, proxy, connectTimeout)
  return agent
}

type Connected = (error: Error | null, socket?: Duplex) => void
interface ConnectionMaker {
  createConnection(options: https.RequestOptions, connected: Connected): undefined
}

/** Lets an agent make its connections through the proxy. */
async function tunnel(agent: https.Agent, proxy: URL, timeout: number): Promise<void> {
  const [{ request }, tls] = await Promise.all([import('node:http'), import('node:tls')])
  const maker: ConnectionMaker = {
    createConnection(options, connected) {
      const target = `${options.host}:${options.port}`
      const asking = request({
        ...urlToHttpOptions(proxy),
        method: 'CONNECT',
        path: target,
        headers: { Host: target, ...authorization(proxy) },
        agent: false,
        timeout,
      })
      asking.once('timeout', () => asking.destroy())
      asking.once('error', connected)
      asking.once('connect', ({ statusCode }, socket) => {
        if (statusCode !== 200) {
          socket.destroy()
          connected(Object.assign(new Error('no tunnel'), { code: `${REFUSED_TUNNEL}${statusCode}` }))
          return
        }
        const secure = tls.connect({ ...(options as object), socket })
        secure.once('error', connected)
        secure.once('secureConnect', () => {
          secure.off('error', connected)
          connected(null, secure)
        })
      })
      asking.end()
      return undefined
    },
  }
  Object.assign(agent, maker)
}

function authorization({ username, password }: URL): { 'Proxy-Authorization'?: string } {
  if (username === '') return {}
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { 'Proxy-Authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }
}

import path from 'node:path'
import type { Test } from 'tap'
import type { PrivateApacheOptions } from '../../src/cli/trial/private-apache.ts'
import { type Deployment, freePort, requireApache, startApache, startResponder, vhostOf } from './deployment.ts'

/** One of the ways in which Apache can run the responder. */
export interface Way extends Pick<PrivateApacheOptions, 'mpm' | 'cgiModule'> {
  readonly name: string
  readonly file: string
  /** Where a responder of its own listens, for the ways that need one. */
  readonly listen?: 'unix' | 'tcp'
  readonly engine?: 'node-fastcgi'
}

export const ways: readonly Way[] = [
  { name: 'CGI, mod_cgid', file: 'debian-cgi.conf' },
  { name: 'CGI, mod_cgi under prefork', file: 'debian-cgi.conf', mpm: 'prefork', cgiModule: 'cgi' },
  { name: "CGI, wamp's block", file: 'httpd-vhosts-wamp.conf', mpm: 'prefork', cgiModule: 'cgi' },
  { name: 'mod_fcgid', file: 'debian-mod-fcgid.conf' },
  { name: 'mod_proxy_fcgi, unix socket', file: 'debian-proxy-fcgi.conf', listen: 'unix' },
  { name: 'mod_proxy_fcgi, TCP', file: 'wamp-proxy-fcgi.conf', listen: 'tcp' },
  { name: 'mod_proxy_fcgi, node-fastcgi', file: 'debian-proxy-fcgi.conf', listen: 'unix', engine: 'node-fastcgi' },
]

/** Starts Apache, and a responder where one is needed; both end with the test. The port is Apache's. */
export async function startWay(t: Test, way: Way, deployment: Deployment): Promise<number> {
  const apache = requireApache(t)
  if (!apache) throw new Error('there is no Apache')
  const backend = `127.0.0.1:${await freePort()}`
  const listen = way.listen === 'unix' ? path.join(deployment.scratch, 'weixin.sock') : backend
  if (way.listen) await startResponder(t, deployment, listen, way.engine ? { WEIXIN_FASTCGI: way.engine } : {})
  const { url } = await startApache(t, apache, deployment, vhostOf(way.file, deployment, backend), way)
  return Number(new URL(url).port)
}

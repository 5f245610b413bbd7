import { execFile } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { createAccountApi } from '../../src/client/account.ts'
import { resolveConfig } from '../../src/config/resolve.ts'
import { ConfigError } from '../../src/errors.ts'
import { createLogger } from '../../src/log.ts'
import { openStore } from '../../src/store/open.ts'
import { projectDirectory } from '../project.ts'
import { APP_ID, APP_SECRET, clientOf, listening, nobody, OK, platform, rejection } from './platform.ts'

const CALLER = fileURLToPath(new URL('./caller.js', import.meta.url))
const TLS = path.join(projectDirectory, 'test/fixtures/tls')
const FOLLOWERS = '{"total":1,"count":0,"next_openid":""}'
const message = { touser: 'o1', msgtype: 'text', text: { content: 'hello' } } as const

interface Seen {
  readonly line: string
  readonly authorization: string | undefined
  readonly host: string | undefined
}

/** An HTTP proxy that forwards both kinds of request, or refuses them all with a status. */
async function proxy(t: Test, status = 200) {
  const seen: Seen[] = []
  const note = ({ method, url, headers }: http.IncomingMessage) =>
    seen.push({ line: `${method} ${url}`, authorization: headers['proxy-authorization'], host: headers.host })
  const server = http.createServer((request, response) => {
    note(request)
    if (status !== 200) {
      response.writeHead(status).end()
      return
    }
    const { method, headers } = request
    const forward = http.request(request.url ?? '', { method: method ?? 'GET', headers }, answer =>
      answer.pipe(response),
    )
    request.pipe(forward)
  })
  server.on('connect', (request: http.IncomingMessage, socket: net.Socket) => {
    note(request)
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    const [host = '', port] = (request.url ?? '').split(':')
    const target = net.connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      socket.pipe(target).pipe(socket)
    })
    target.on('error', () => socket.destroy())
  })
  const port = await listening(t, server)
  return { seen, address: `127.0.0.1:${port}` }
}

async function secureplatform(t: Test): Promise<string> {
  const key = fs.readFileSync(`${TLS}/key.pem`)
  const cert = fs.readFileSync(`${TLS}/certificate.pem`)
  const server = https.createServer({ key, cert }, (_, response) => response.end(FOLLOWERS))
  return `https://127.0.0.1:${await listening(t, server)}`
}

async function callInProcess(host: string, proxyUrl: string[], environment: Record<string, string>) {
  const { stdout } = await promisify(execFile)(process.execPath, [CALLER, host, ...proxyUrl], {
    env: { PATH: '/usr/bin:/bin', ...environment },
    timeout: 20_000,
  })
  return stdout
}

t.test('an http:// call goes to the proxy with its whole address', async t => {
  const { url, received } = await platform(t, FOLLOWERS, OK)
  const { seen, address } = await proxy(t)
  const client = clientOf(t, url, { proxy: `http://me:p%40ss@${address}` })
  t.equal((await client.user.list()).total, 1)
  await client.customMessage.send(message)
  t.strictSame(seen, [
    {
      line: `GET ${url}/cgi-bin/user/get?access_token=TOKEN-one-0123456789`,
      authorization: 'Basic bWU6cEBzcw==',
      host: new URL(url).host,
    },
    {
      line: `POST ${url}/cgi-bin/message/custom/send?access_token=TOKEN-one-0123456789`,
      authorization: 'Basic bWU6cEBzcw==',
      host: new URL(url).host,
    },
  ])
  t.equal(received.length, 2)
})

t.test('an https:// call goes through a tunnel, of which the proxy knows no more than the host', async t => {
  const url = await secureplatform(t)
  const { seen, address } = await proxy(t)
  const trust = { NODE_EXTRA_CA_CERTS: `${TLS}/certificate.pem` }
  const answer = await callInProcess(url, [`http://me:secret@${address}`], trust)
  t.equal(answer, `[${FOLLOWERS},${FOLLOWERS}]`)
  const { host } = new URL(url)
  t.strictSame(seen, [{ line: `CONNECT ${host}`, authorization: 'Basic bWU6c2VjcmV0', host }], 'one, kept open')
})

t.test('a certificate that is not trusted is refused, through a tunnel and without', async t => {
  const url = await secureplatform(t)
  const { address } = await proxy(t)
  for (const proxyUrl of [[], [`http://${address}`]]) {
    const answer = await callInProcess(url, proxyUrl, {})
    t.match(answer, /TransportError: .*\(DEPTH_ZERO_SELF_SIGNED_CERT\)/)
  }
})

t.test('no environment variable makes a proxy', async t => {
  const { url } = await platform(t, FOLLOWERS)
  const { seen, address } = await proxy(t)
  const environment: Record<string, string> = { NODE_USE_ENV_PROXY: '1' }
  for (const name of ['http_proxy', 'https_proxy', 'all_proxy']) {
    environment[name] = `http://${address}`
    environment[name.toUpperCase()] = `http://${address}`
  }
  t.equal(await callInProcess(url, [], environment), `[${FOLLOWERS},${FOLLOWERS}]`)
  t.strictSame(seen, [])
})

t.test('a proxy that refuses is an error that says so, and nothing was sent', async t => {
  const { address } = await proxy(t, 407)
  const client = clientOf(t, 'https://api.weixin.invalid', { proxy: `http://me:secret@${address}` })
  const error = await rejection(client.customMessage.send(message))
  t.match(error, { reason: 'proxy', code: '407', sent: false })
  t.notMatch(error.message, /secret/)
})

t.test('a proxy that is not there, or says nothing, is an error as well', async t => {
  const gone = clientOf(t, 'https://api.weixin.invalid', { proxy: await nobody() })
  t.match(await rejection(gone.user.list()), { reason: 'proxy', code: 'ECONNREFUSED' })
  const port = await listening(
    t,
    net.createServer(() => {}),
  )
  const silent = clientOf(t, 'https://api.weixin.invalid', { proxy: `http://127.0.0.1:${port}`, connectTimeout: 60 })
  t.match(await rejection(silent.user.list()), { reason: 'connect-timeout', sent: false })
})

t.test('an account on this machine’s own API is asked without the proxy, every other by way of it', async t => {
  const { url, received } = await platform(t, (response, call) => {
    const token = '{"access_token":"TOKEN-one-0123456789","expires_in":7200}'
    response.end(call.path.endsWith('token') ? token : FOLLOWERS)
  })
  const account = async (apiBase: string, proxyUrl: string) => {
    const log = createLogger(() => {})
    const store = await openStore('memory:', { baseDirectory: '.' })
    const { client } = createAccountApi({ appId: APP_ID, appSecret: APP_SECRET, apiBase, proxy: proxyUrl, store, log })
    t.teardown(() => client.close())
    return client
  }
  const { port } = new URL(url)
  for (const name of ['127.0.0.1', 'localhost']) {
    const near = await account(`http://${name}:${port}`, await nobody())
    t.equal((await near.user.list()).total, 1, name)
  }
  const { seen, address } = await proxy(t, 502)
  const far = await account('http://api.weixin.invalid', `http://${address}`)
  await t.rejects(far.user.list())
  t.match(seen, [{ line: 'POST http://api.weixin.invalid/cgi-bin/stable_token' }])
  t.equal(received.length, 4)
})

t.test('what is no proxy is refused when the client is made, without showing it', async t => {
  for (const wrong of ['proxy.example:8080', 'socks5://u:secret@h', '', 'https://u:secret@h']) {
    try {
      clientOf(t, 'https://api.weixin.invalid', { proxy: wrong })
      t.fail(wrong)
    } catch (error) {
      t.ok(error instanceof ConfigError)
      t.notMatch(String(error), /secret/)
    }
    t.throws(() => resolveConfig({ token: 't', proxy: wrong }, {}), { name: 'SettingError' }, 'in a file as well')
  }
})

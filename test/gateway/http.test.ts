import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { createHttpFront } from '../../src/gateway/http.ts'
import { ListenError } from '../../src/gateway/listen-error.ts'
import { createLogger } from '../../src/log.ts'
import { PROGRAM, scratch } from './launch.ts'

const SCRIPT = fileURLToPath(new URL('./script.js', import.meta.url))

/** The test runner adds its own to every child process, and so do Windows and Wine. */
const ADDED =
  /^(_TAPJS_.*|NODE_OPTIONS|HOME(DRIVE|PATH)|LOGONSERVER|TEMP|USER(DOMAIN|NAME|PROFILE)|WIN(DIR|E.*)|System(Drive|Root))$/

async function front(t: Test, { script = SCRIPT, timeout = 30_000, environment = {} } = {}) {
  const log: string[] = []
  const running = await createHttpFront({
    script,
    nodePath: process.execPath,
    environment: { PATH: '/usr/bin:/bin', ...environment },
    port: 0,
    log: createLogger(line => log.push(line)),
    timeout,
  })
  t.teardown(() => running.close())
  return { ...running, log }
}

interface Answer {
  readonly status: number | undefined
  readonly headers: readonly string[]
  readonly body: string
}

async function request(url: string, options: http.RequestOptions = {}, body: string | Buffer = ''): Promise<Answer> {
  const sent = http.request(url, { agent: false, ...options })
  sent.on('error', () => {})
  sent.end(body)
  const [response] = await once(sent, 'response')
  let text = ''
  for await (const chunk of response.setEncoding('latin1')) text += chunk
  return { status: response.statusCode, headers: response.rawHeaders, body: text }
}

t.test('the environment is made from scratch', async t => {
  const { url } = await front(t, { environment: { WEIXIN_TOKEN: 't', HTTP_PROXY: 'http://proxy.example/', LANG: 'C' } })
  const { port } = new URL(url)
  const headers = {
    'Content-Type': 'text/xml',
    'Content-Length': '0',
    'X-Repeated': ['a', 'b'],
    Proxy: 'http://evil.example/',
    Authorization: 'Basic xyz',
    under_score: 'dropped',
    Host: 'wechat.example',
  }
  const { status, body } = await request(`${url}a%20b//c?environment`, { method: 'POST', headers })
  t.equal(status, 200)
  const { REMOTE_PORT, SCRIPT_FILENAME, ...variables } = JSON.parse(Buffer.from(body, 'latin1').toString())
  const environment = Object.entries(variables).filter(([name]) => !ADDED.test(name))
  t.match(REMOTE_PORT, /^\d+$/)
  t.equal(SCRIPT_FILENAME, SCRIPT)
  t.same(Object.fromEntries(environment), {
    CONTENT_LENGTH: '0',
    CONTENT_TYPE: 'text/xml',
    GATEWAY_INTERFACE: 'CGI/1.1',
    HTTP_CONNECTION: 'close',
    HTTP_HOST: 'wechat.example',
    HTTP_X_REPEATED: 'a, b',
    LANG: 'C',
    PATH: '/usr/bin:/bin',
    PATH_INFO: '/a b//c',
    QUERY_STRING: 'environment',
    REMOTE_ADDR: '127.0.0.1',
    REQUEST_METHOD: 'POST',
    REQUEST_URI: '/a%20b//c?environment',
    SCRIPT_NAME: '',
    SERVER_NAME: 'localhost',
    SERVER_PORT: port,
    SERVER_PROTOCOL: 'HTTP/1.1',
    SERVER_SOFTWARE: 'weixin-cgi',
    WEIXIN_TOKEN: 't',
  })
})

t.test('body, status and repeated headers go through', async t => {
  const { url } = await front(t)
  for (const headers of [{}, { 'Transfer-Encoding': 'chunked' }]) {
    const answer = await request(`${url}?body`, { method: 'POST', headers }, 'b'.repeat(300_000))
    t.equal(answer.status, 201)
    t.equal(answer.headers.filter(name => name === 'X-Two').length, 2)
    t.ok(answer.body === 'b'.repeat(300_000))
  }
})

t.test('Content-Length is the script’s', async t => {
  const { url } = await front(t)
  const { headers, body } = await request(`${url}?length`)
  t.match(headers.join('\n'), /Content-Length\n4/)
  t.notMatch(headers.join('\n'), /Transfer-Encoding/)
  t.equal(body, 'four')
  const head = await request(`${url}?length`, { method: 'HEAD' })
  t.match(head.headers.join('\n'), /Content-Length\n4/)
  t.equal(head.body, '')
})

t.test('Location without a status is a redirection', async t => {
  const { url } = await front(t)
  t.equal((await request(`${url}?elsewhere`)).status, 302)
})

t.test('a script need not read its body', async t => {
  const { url } = await front(t)
  const { status, body } = await request(`${url}?unread`, { method: 'POST' }, Buffer.alloc(2_000_000))
  t.same({ status, body }, { status: 413, body: 'too large' })
})

t.test('a script that does not print what it has to is a 500, and one line of the log', async t => {
  for (const query of ['silent', 'malformed', 'informational', 'crash']) {
    const { url, log } = await front(t)
    t.equal((await request(`${url}?${query}`)).status, 500, query)
    t.equal(log.length, 1, query)
    t.match(log[0], 'the script did not print what a CGI script has to')
  }
})

t.test('a script that does not answer in time is ended with a 504', async t => {
  const { url, log } = await front(t, { timeout: 200 })
  t.equal((await request(`${url}?hang`)).status, 504)
  t.match(log, [/^weixin error: the script did not answer in time/])
})

t.test('a script whose client is gone is ended', async t => {
  const file = path.join(scratch(t), 'pid')
  const { url, close } = await front(t, { environment: { TEST_PID_FILE: file } })
  const sent = http.request(`${url}?hang`, { agent: false })
  sent.on('error', () => {})
  sent.end()
  const pid = await numberIn(file)
  sent.destroy()
  await close()
  await ended(pid)
  t.throws(() => process.kill(pid, 0), { code: 'ESRCH' })
})

async function numberIn(file: string): Promise<number> {
  for (;;) {
    const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : ''
    if (text !== '') return Number(text)
    await new Promise(resolve => setImmediate(resolve))
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Never resolves when the process does not end. */
async function ended(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise(resolve => setImmediate(resolve))
}

t.test('a path that cannot be decoded is a 400, and no script runs', async t => {
  const { url, log } = await front(t)
  t.equal((await request(`${url}%zz?crash`)).status, 400)
  t.equal((await request(`${url}a%00b?crash`)).status, 400)
  t.same(log, [])
})

t.test('a script that cannot be started is a 500', async t => {
  const { url } = await front(t, { script: '/nonexistent/script.js' })
  t.equal((await request(url)).status, 500)
})

t.test('a port that is taken is an error that says so', async t => {
  const { url } = await front(t)
  const port = Number(new URL(url).port)
  const again = createHttpFront({
    script: SCRIPT,
    nodePath: process.execPath,
    environment: {},
    port,
    log: createLogger(() => {}),
  })
  await t.rejects(again, ListenError)
})

t.test('only this machine can reach it', async t => {
  const { url } = await front(t)
  const socket = net.connect(Number(new URL(url).port), '127.0.0.1')
  await once(socket, 'connect')
  t.equal(socket.remoteAddress, '127.0.0.1')
  t.equal(new URL(url).hostname, '127.0.0.1')
  socket.destroy()
})

t.test('the gateway’s own program answers through it', async t => {
  const { url } = await front(t, { script: PROGRAM })
  const { status, body } = await request(`${url}?hello`, { method: 'POST' }, '<xml></xml>')
  t.equal(status, 200)
  t.match(body, '"query":"hello","contentType":"","contentEncoding":"","body":"<xml></xml>"')
  t.equal((await request(`${url}?`, { method: 'POST' }, 'b'.repeat(70_000))).status, 413)
})

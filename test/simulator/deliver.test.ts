import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import t, { type Test } from 'tap'
import { type Delivery, deliverToScript, deliverToUrl } from '../../src/simulator/deliver.ts'
import { scratch } from '../gateway/launch.ts'

const POST: Delivery = { method: 'POST', query: 'a=1&b=%20', body: '<xml>木棉</xml>' }
const GET: Delivery = { method: 'GET', query: 'echostr=1', body: '' }

/** A server on the loopback that notes what it gets and lets `answer` answer. */
async function serve(t: Test, answer: (response: http.ServerResponse) => void) {
  const seen: {
    method?: string | undefined
    url?: string | undefined
    headers: http.IncomingHttpHeaders
    body: string
  }[] = []
  const server = http.createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    seen.push({ method: request.method, url: request.url, headers: request.headers, body })
    answer(response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

/** A script with this text. */
function script(t: Test, text: string): string {
  const file = path.join(scratch(t), 'script.cjs')
  fs.writeFileSync(file, text)
  return file
}

t.test('a URL gets the request as the platform makes it', async t => {
  const { url, seen } = await serve(t, response => response.end('success'))
  t.match(await deliverToUrl(`${url}/wx?site=a`, POST), { status: 200, body: 'success', log: '' })
  t.match(seen, [
    {
      method: 'POST',
      url: '/wx?site=a&a=1&b=%20',
      headers: { 'content-type': 'text/xml', 'content-length': '17', 'user-agent': 'Mozilla/4.0', accept: '*/*' },
      body: '<xml>木棉</xml>',
    },
  ])
  t.notOk('transfer-encoding' in (seen[0]?.headers ?? {}))
  t.notOk('accept-encoding' in (seen[0]?.headers ?? {}))
})

t.test('a GET has no body and no type', async t => {
  const { url, seen } = await serve(t, response => response.end('1'))
  t.match(await deliverToUrl(url, GET), { status: 200, body: '1' })
  t.match(seen, [{ method: 'GET', url: '/?echostr=1', body: '' }])
  t.notOk('content-type' in (seen[0]?.headers ?? {}))
})

t.test('status, headers and body come back, in whatever pieces', async t => {
  const { url } = await serve(t, response => {
    response.writeHead(403, { 'Content-Type': 'text/plain', 'X-One': ['a', 'b'] })
    const bytes = Buffer.from('木棉')
    response.write(bytes.subarray(0, 2))
    response.end(bytes.subarray(2))
  })
  const outcome = await deliverToUrl(url, POST)
  t.match(outcome, { status: 403, headers: { 'content-type': 'text/plain', 'x-one': 'a, b' }, body: '木棉' })
  t.ok(outcome.milliseconds > 0)
})

t.test('a URL where nobody is, one that hangs up and one that is silent are failures', async t => {
  await t.rejects(deliverToUrl('http://127.0.0.1:1/', POST), {
    name: 'DeliveryError',
    message: 'cannot reach 127.0.0.1:1: nobody listens there; is npm start running?',
  })
  const rude = await serve(t, response => response.destroy())
  await t.rejects(deliverToUrl(rude.url, POST), { message: /^cannot reach 127\.0\.0\.1:\d+: ECONNRESET$/ })
  const cut = await serve(t, response => {
    response.writeHead(200, { 'Content-Length': 9 })
    response.write('half')
    response.destroy()
  })
  await t.rejects(deliverToUrl(cut.url, POST), { message: /: ECONNRESET$/ })
  const silent = await serve(t, () => {})
  await t.rejects(deliverToUrl(silent.url, POST, { signal: AbortSignal.timeout(50) }), {
    message: /: no answer in time; the platform waits for 5 s$/,
  })
})

t.test('a script gets a CGI environment and the body, and what it writes comes back', async t => {
  const file = script(
    t,
    `let body = ''
process.stdin.setEncoding('utf8').on('data', chunk => { body += chunk }).on('end', () => {
  const { GATEWAY_INTERFACE, REQUEST_METHOD, QUERY_STRING, CONTENT_TYPE, CONTENT_LENGTH, OWN, HOME } = process.env
  const seen = { GATEWAY_INTERFACE, REQUEST_METHOD, QUERY_STRING, CONTENT_TYPE, CONTENT_LENGTH, OWN, HOME, body }
  process.stderr.write('a line of the log')
  process.stdout.write('Status: 403 Forbidden\\r\\nContent-Type: application/json\\r\\nX-A: b: c\\r\\n\\r\\n' + JSON.stringify(seen))
})`,
  )
  const outcome = await deliverToScript(file, { OWN: 'x', HOME: undefined }, POST)
  t.match(outcome, {
    status: 403,
    headers: { status: '403 Forbidden', 'content-type': 'application/json', 'x-a': 'b: c' },
    log: 'a line of the log',
  })
  t.strictSame(JSON.parse(outcome.body), {
    GATEWAY_INTERFACE: 'CGI/1.1',
    REQUEST_METHOD: 'POST',
    QUERY_STRING: 'a=1&b=%20',
    CONTENT_TYPE: 'text/xml',
    CONTENT_LENGTH: '17',
    OWN: 'x',
    body: '<xml>木棉</xml>',
  })
  const get = JSON.parse((await deliverToScript(file, {}, GET)).body)
  t.strictSame(get, { GATEWAY_INTERFACE: 'CGI/1.1', REQUEST_METHOD: 'GET', QUERY_STRING: 'echostr=1', body: '' })
})

t.test('a script that says no status means 200, and one that prints no headers has none', async t => {
  const fine = script(t, String.raw`process.stdout.write('Content-Type: text/plain\r\n\r\na\r\n\r\nb')`)
  t.match(await deliverToScript(fine, {}, POST), { status: 200, body: 'a\r\n\r\nb' })
  const headless = script(t, 'process.stdout.write("oops")')
  t.match(await deliverToScript(headless, {}, POST), { status: 0, headers: {}, body: 'oops' })
})

t.test('a script that ends without reading, or crashes, or is missing has an outcome too', async t => {
  const large = { ...POST, body: 'x'.repeat(300000) }
  t.match(await deliverToScript(script(t, ''), {}, large), { status: 0, body: '' })
  t.match(await deliverToScript(script(t, 'throw new Error("boom")'), {}, POST), { status: 0, log: /Error: boom/ })
  t.match(await deliverToScript('/nowhere/script.cjs', {}, POST), { status: 0, log: /Cannot find module/ })
})

t.test('a script that takes longer than the platform waits is killed, whatever it does about SIGTERM', async t => {
  const stubborn = script(t, 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)')
  t.match(await deliverToScript(stubborn, {}, POST, { signal: AbortSignal.timeout(300) }), { status: 0, body: '' })
})

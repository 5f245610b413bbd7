import { once } from 'node:events'
import fs from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import path from 'node:path'
import t from 'tap'
import { deploy, requireApache, startResponder } from '../integration/deployment.ts'
import { startWay, ways } from '../integration/ways.ts'
import { exchange, post as postThrough } from '../integration/wire.ts'
import { configured, post, runScript } from '../responder/script.ts'
import { sayWith, TOKEN, textOf } from './owner.ts'

const windows = process.platform === 'win32'

const tried = requireApache(t) ? ways.filter(({ cgiModule, engine }) => !cgiModule && !engine) : []

for (const way of tried) {
  t.test(`${way.name}: bodies in chunks, and clients that wait for 100-continue`, async t => {
    const port = await startWay(t, way, deploy(t, { token: TOKEN }))

    t.test('a body in chunks is answered like any other', async t => {
      const { query, body } = textOf('in chunks')
      const chunks = [body.slice(0, 7), body.slice(7)].map(chunk => `${chunk.length.toString(16)}\r\n${chunk}\r\n`)
      const answer = await exchange(
        port,
        `${head('POST', query)}Transfer-Encoding: chunked\r\n\r\n${chunks.join('')}0\r\n\r\n`,
      )
      t.match(answer.statusLine, / 200 /)
      t.match(answer.body.toString(), '<![CDATA[in chunks]]>')
    })

    t.test('a client that waits for 100-continue is told to go on, and answered', async t => {
      const { query, body } = textOf('expected')
      const socket = net.connect(port, '127.0.0.1')
      const received = read(socket)
      socket.write(`${head('POST', query)}Content-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`)
      await once(socket, 'readable')
      socket.write(body)
      const text = await received
      t.match(text, /^HTTP\/1\.1 100 Continue\r\n/)
      t.match(text, '<![CDATA[expected]]>')
    })

    t.test('headers of more than 64 KiB are answered like everything else that is refused', async t => {
      const { query, body } = textOf('many headers')
      const many = Array.from({ length: 90 }, (_, index) => `X-${index}: ${'x'.repeat(1000)}\r\n`).join('')
      const answer = await exchange(port, `${head('POST', query)}${many}Content-Length: ${body.length}\r\n\r\n${body}`)
      // A CGI process takes them; mod_fcgid itself does not, and calls that a failure of the server.
      const statuses = { 'debian-cgi.conf': / 200 /, 'debian-mod-fcgid.conf': / 500 / }
      t.match(answer.statusLine, statuses[way.file as keyof typeof statuses] ?? / 431 /)
    })

    t.test('a header Proxy reaches nobody', async t => {
      const { query, body } = textOf('by way of')
      const answer = await exchange(
        port,
        `${head('POST', query)}Proxy: http://127.0.0.1:1\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      )
      t.match(answer.body.toString(), '<![CDATA[by way of]]>')
    })
  })
}

for (const way of tried) {
  t.test(`${way.name}: a client that stops in the middle of its request is sent away`, async t => {
    const deployment = deploy(t, { token: TOKEN })
    const file = path.join(deployment.directory, 'apache', way.file)
    // As it is shipped, but for the number of seconds.
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(/(RequestReadTimeout) .*/, '$1 header=1 body=1'))
    const port = await startWay(t, way, deployment)
    const { query, body } = textOf('slowly')
    t.match((await exchange(port, 'GET / HTTP/1.1\r\nHost: loc')).statusLine, / 408 /)
    const answer = await exchange(
      port,
      `${head('POST', query)}Content-Length: ${body.length}\r\n\r\n${body.slice(0, 9)}`,
    )
    // Whatever keeps mod_fcgid from reading a body it calls a failure of the server.
    t.match(answer.statusLine, way.file.includes('fcgid') ? / 500 / : / 408 /)
    t.match((await postThrough(port, `/?${query}`, body)).body.toString(), '<![CDATA[slowly]]>')
  })
}

function head(method: string, query: string): string {
  return `${method} /?${query} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: text/xml\r\n`
}

async function read(socket: net.Socket): Promise<string> {
  let text = ''
  socket.on('data', chunk => {
    text += chunk
  })
  await once(socket, 'close')
  return text
}

t.test('a query of any length and in any bytes is forbidden, and never an error of ours', async t => {
  const config = configured(t, { token: TOKEN })
  const { query } = textOf('')
  const queries = {
    'as many bytes as there can be': `${query}&echostr=${'e'.repeat(64_000)}`,
    'as many parameters as there can be': `${'a=b&'.repeat(16_000)}${query}`,
    'nothing but ampersands': '&'.repeat(64_000),
    'a broken escape': `${query}&echostr=%zz`,
    'an escape that is cut': `${query}&echostr=%`,
    'a NUL': query.replace('nonce=7', 'nonce=%00'),
    'an overlong slash': `${query}&echostr=%c0%af`,
    'a lone surrogate': `${query}&echostr=%ed%a0%80`,
    'a plus in the nonce': query.replace('nonce=7', 'nonce=+7'),
  }
  for (const [name, QUERY_STRING] of Object.entries(queries)) {
    const environment = { ...config, REQUEST_METHOD: 'GET', QUERY_STRING }
    const { status, body } = runScript(environment)
    t.strictSame([status, body], [403, 'forbidden\n'], name)
  }
})

t.test('what REQUEST_URI, Host and the addresses say chooses nothing', { skip: windows }, async t => {
  const deployment = deploy(t, { token: TOKEN })
  const socket = path.join(deployment.scratch, 'uri.sock')
  await startResponder(t, deployment, socket)
  for (const REQUEST_URI of ['', '*', '//evil.example/x', 'http://evil.example/x', '/../../etc/passwd', '/%00']) {
    const more = {
      REQUEST_URI,
      HTTP_HOST: 'evil.example',
      HTTP_X_FORWARDED_FOR: '127.0.0.1',
      DOCUMENT_ROOT: '/etc',
      SCRIPT_FILENAME: '/etc/passwd',
      PATH_TRANSLATED: '/etc/passwd',
      WEIXIN_TOKEN: 'another',
    }
    t.match(await sayWith(socket, 'where', more), '<![CDATA[where]]>', REQUEST_URI)
  }
})

t.test('an external entity is refused, and nothing is fetched for it', async t => {
  const visitors: string[] = []
  const decoy = net.createServer(socket => visitors.push(String(socket.remotePort))).listen(0, '127.0.0.1')
  await once(decoy, 'listening')
  t.teardown(() => decoy.close())
  const address = `http://127.0.0.1:${(decoy.address() as AddressInfo).port}/x`
  const { query, body } = textOf('&e;')
  const config = configured(t, { token: TOKEN })
  for (const doctype of [
    `<!DOCTYPE xml [<!ENTITY e SYSTEM "${address}">]>`,
    `<!DOCTYPE xml [<!ENTITY % e SYSTEM "${address}">%e;]>`,
    `<!DOCTYPE xml SYSTEM "${address}">`,
    `<!DOCTYPE xml PUBLIC "-//W3C//DTD XHTML 1.0//EN" "${address}">`,
    '<!DOCTYPE xml [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
    `<?xml-stylesheet href="${address}"?>`,
  ]) {
    const { status, body: answer } = ask(config, query, doctype + body)
    t.strictSame([status, answer], [400, 'bad request\n'], doctype)
  }
  const include = `<x xmlns="http://www.w3.org/2001/XInclude" href="${address}"/></xml>`
  t.equal(ask(config, query, body.replace('</xml>', include)).status, 400, 'XInclude')
  t.strictSame(visitors, [])
})

function ask(config: Readonly<Record<string, string>>, query: string, body: string): ReturnType<typeof runScript> {
  return runScript({ ...config, ...post(query, body) }, body)
}

import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import path from 'node:path'
import t, { type Test } from 'tap'
import { createScriptWire, createUrlWire, type WireRequest } from '../../../src/simulator/conformance/wire.ts'

const GET: WireRequest = { method: 'GET', query: 'a=1', body: Buffer.alloc(0) }

/** A listener that says `answer` to whatever it gets; what it got is in the second. */
async function listener(t: Test, answer: string | undefined, pathname = '/wx') {
  const received: string[] = []
  const sockets = new Set<net.Socket>()
  const server = net.createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', chunk => {
      received.push(chunk.toString())
      if (answer !== undefined) socket.end(answer)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`), received }
}

t.test(
  'a request goes out as the platform makes it, behind the URL’s own parameters and as broken as it is',
  async t => {
    const { url, received } = await listener(t, 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', '/wx?own=1')
    await createUrlWire(url, 5000)({ ...GET, query: '%zz=%&ab' })
    t.match(received[0], /^GET \/wx\?own=1&%zz=%&ab HTTP\/1\.1\r\n/)
    t.match(received[0], '\r\nUser-Agent: Mozilla/4.0\r\n')
    t.notMatch(received[0], /accept-encoding|content-length|content-type/i)
    await createUrlWire(url, 5000)({ method: 'POST', query: 'a=1', body: Buffer.from('<xml>木') })
    t.match(received[1], /\r\nContent-Type: text\/xml\r\nContent-Length: 8\r\n/)
  },
)

t.test('an answer is given with its bytes and with every header', async t => {
  const head = 'HTTP/1.1 201 Created\r\nX-A: 1\r\nX-A: 2\r\nTransfer-Encoding: chunked\r\n\r\n'
  const { url } = await listener(t, `${head}4\r\n\ufeffx\r\n0\r\n\r\n`)
  const { status, headers, body } = await createUrlWire(url, 5000)(GET)
  t.equal(status, 201)
  t.match(headers, { 'x-a': '1, 2', 'transfer-encoding': 'chunked' })
  t.equal(body.toString('hex'), 'efbbbf78')
})

t.test('no answer is told by its kind', async t => {
  const silence = async (answer: string | undefined, patience: number) => {
    const { url } = await listener(t, answer)
    return createUrlWire(
      url,
      patience,
    )(GET).then(
      () => undefined,
      error => error.silence,
    )
  }
  t.equal(await silence(undefined, 50), 'timeout')
  t.equal(await silence('', 5000), 'closed')
  t.equal(await silence('hello\r\n\r\n', 5000), 'garbled')
  t.equal(await silence('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf', 5000), 'closed')
})

t.test('a script gets the environment of CGI, its answer is read with either line end', async t => {
  const directory = t.testdir({
    'echo.cjs': `
      const { REQUEST_METHOD, QUERY_STRING, CONTENT_LENGTH, CONTENT_TYPE, HTTP_USER_AGENT, OWN } = process.env
      const said = [REQUEST_METHOD, QUERY_STRING, CONTENT_LENGTH, CONTENT_TYPE, HTTP_USER_AGENT, OWN].join(' ')
      process.stdout.write('Status: 202 Accepted\\nX-A: b: c\\n\\n' + said)`,
    'silent.cjs': '',
    'hanging.cjs': 'setInterval(() => {}, 1000)',
  })
  const wire = createScriptWire(path.join(directory, 'echo.cjs'), { OWN: 'own' }, 5000)
  const { status, headers, body } = await wire({
    method: 'POST',
    query: 'a=1',
    body: Buffer.from('木'),
    headers: { 'Content-Type': 'text/plain', 'User-Agent': 'tester' },
  })
  t.equal(status, 202)
  t.equal(headers['x-a'], 'b: c')
  t.equal(body.toString(), 'POST a=1 3 text/plain tester own')
  const silenceOf = (name: string, patience: number) =>
    createScriptWire(path.join(directory, name), {}, patience)(GET).catch(error => error.silence)
  t.equal(await silenceOf('silent.cjs', 5000), 'closed')
  t.equal(await silenceOf('hanging.cjs', 200), 'timeout')
})

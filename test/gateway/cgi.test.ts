import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { launch, scratch, socketPair } from './launch.ts'

const POST = { GATEWAY_INTERFACE: 'CGI/1.1', REQUEST_METHOD: 'POST', QUERY_STRING: '', CONTENT_LENGTH: '11' }
const ECHO = '{"method":"POST","query":"","contentType":"","contentEncoding":"","body":"<xml></xml>"}'
const GET = { GATEWAY_INTERFACE: 'CGI/1.1', REQUEST_METHOD: 'GET' }

async function read(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = ''
  for await (const chunk of stream?.setEncoding('latin1') ?? []) text += chunk
  return text
}

const late = () => new Promise(resolve => setTimeout(resolve, 500))

t.test('a body in a file is read', async t => {
  const file = path.join(scratch(t), 'message.xml')
  fs.writeFileSync(file, '<xml></xml>')
  const stdin = fs.openSync(file, 'r')
  const { child } = launch(t, { environment: POST, stdio: [stdin, 'pipe'] })
  fs.closeSync(stdin)
  t.ok((await read(child.stdout)).endsWith(ECHO))
})

for (const [name, environment] of [
  ['a blocking descriptor', POST],
  ['a non-blocking descriptor', { ...POST, TEST_TOUCH_STDIN: '1' }],
] as const) {
  t.test(`a body that comes half a second late is read from ${name} that is a socket`, async t => {
    const { ours, theirs } = await socketPair(t)
    launch(t, { environment, stdio: [theirs, theirs] })
    theirs.destroy()
    await late()
    ours.write('<xml></xml>')
    t.ok((await read(ours)).endsWith(ECHO))
  })

  t.test(`a body whose second half comes half a second late is read from ${name} that is a pipe`, async t => {
    const { child } = launch(t, { environment, stdio: ['pipe', 'pipe'] })
    child.stdin?.write('<xml>')
    await late()
    child.stdin?.write('</xml>')
    t.ok((await read(child.stdout)).endsWith(ECHO))
  })

  t.test(`an answer of 400 000 bytes is written whole to ${name} whose reader is slow`, async t => {
    const { ours, theirs } = await socketPair(t)
    launch(t, { environment: { ...environment, QUERY_STRING: 'big' }, stdio: [theirs, theirs] })
    theirs.destroy()
    ours.write('<xml></xml>')
    await late()
    const answer = await read(ours)
    t.equal(answer.length - answer.indexOf('\r\n\r\n') - 4, 400_000)
  })
}

t.test('a body that does not come in time is a timeout', async t => {
  const { child, exited } = launch(t, { environment: { ...POST, TEST_BODY_TIMEOUT: '50' }, stdio: ['pipe', 'pipe'] })
  child.stdin?.write('<xml>')
  t.match(await read(child.stdout), /^Status: 408 .*timeout$/s)
  t.match(await exited, { code: 0 })
})

t.test('GET does not wait for a body', async t => {
  const { child } = launch(t, { environment: GET, stdio: ['pipe', 'pipe'] })
  t.match(await read(child.stdout), 'Status: 200 OK')
})

t.test('what comes behind CONTENT_LENGTH is not part of the body', async t => {
  const { child } = launch(t, { environment: POST, stdio: ['pipe', 'pipe'] })
  child.stdin?.end('<xml></xml>GET / HTTP/1.1')
  t.ok((await read(child.stdout)).endsWith(ECHO))
})

t.test('a client that is gone makes the exit code 1, and one line of the log', async t => {
  const { ours, theirs } = await socketPair(t)
  const program = launch(t, { environment: { ...GET, QUERY_STRING: 'big' }, stdio: [theirs, theirs] })
  theirs.destroy()
  ours.destroy()
  t.match(await program.exited, { code: 1 })
  t.match(program.log(), /^weixin warn: the client went away[^\n]*EPIPE[^\n]*\n$/)
})

t.test('a failure of the application is one line of the log, with its stack', async t => {
  const program = launch(t, { environment: { ...GET, QUERY_STRING: 'throw' }, stdio: ['ignore', 'pipe'] })
  t.match(await read(program.child.stdout), 'Status: 500 Internal Server Error')
  t.match(await program.exited, { code: 0 })
  t.match(
    program.log(),
    /^weixin error: request failed: Error: thrown by the application\\n[^\n]*application\.[jt]s[^\n]*\n$/,
  )
})

t.test('a log that nobody reads fails no request', async t => {
  const { child } = launch(t, { environment: { ...GET, QUERY_STRING: 'throw' }, stdio: ['ignore', 'pipe'] })
  child.stderr?.destroy()
  t.match(await read(child.stdout), 'Status: 500 Internal Server Error')
})

t.test('SIGTERM before the body is there ends the process', async t => {
  const { child, exited } = launch(t, { environment: POST, stdio: ['pipe', 'pipe'] })
  child.stdin?.write('<xml>')
  await once(child, 'spawn')
  child.kill('SIGTERM')
  t.match(await exited, { signal: 'SIGTERM' })
})

t.test('SIGTERM while the application runs lets the answer complete', async t => {
  const program = launch(t, {
    environment: { ...GET, QUERY_STRING: 'linger', TEST_ANNOUNCE: '1' },
    stdio: ['ignore', 'pipe'],
  })
  await program.logged('running')
  program.child.kill('SIGTERM')
  t.match(await read(program.child.stdout), /^Status: 200 .*lingered$/s)
  t.match(await program.exited, { code: 0, signal: null })
})

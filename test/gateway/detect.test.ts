import path from 'node:path'
import t, { type Test } from 'tap'
import { UsageError } from '../../src/errors.ts'
import { detectGateway, type Gateway, type Surroundings } from '../../src/gateway/detect.ts'
import { ask } from './fastcgi/client.ts'
import { type Launch, launch, listeningSocket, scratch, socketPair } from './launch.ts'

/** Node has no unix sockets on Windows, and no socket can be inherited there. */
const skip = process.platform === 'win32' && 'Windows has no unix sockets'

const SILENT: Surroundings = { environment: {}, argv: [], pid: 42, isFd0ListeningSocket: () => false }

const fastcgi = (listen: Extract<Gateway, { kind: 'fastcgi' }>['listen']): Gateway => ({ kind: 'fastcgi', listen })

const DECIDED: readonly [name: string, surroundings: Partial<Surroundings>, gateway: Gateway][] = [
  [
    'WEIXIN_GATEWAY=cgi comes before everything',
    { environment: { WEIXIN_GATEWAY: 'cgi', LISTEN_FDS: '1' } },
    { kind: 'cgi' },
  ],
  [
    'WEIXIN_GATEWAY=fastcgi comes before the signs of CGI',
    { environment: { WEIXIN_GATEWAY: 'fastcgi', GATEWAY_INTERFACE: 'CGI/1.1', WEIXIN_LISTEN: ':9000' } },
    fastcgi({ host: '127.0.0.1', port: 9000 }),
  ],
  [
    'WEIXIN_GATEWAY=fastcgi takes an inherited descriptor first',
    { environment: { WEIXIN_GATEWAY: 'fastcgi', LISTEN_FDS: '1', WEIXIN_LISTEN: ':9000' } },
    fastcgi({ fd: 3 }),
  ],
  [
    'WEIXIN_GATEWAY=fastcgi takes descriptor 0 last',
    { environment: { WEIXIN_GATEWAY: 'fastcgi' }, isFd0ListeningSocket: () => true },
    fastcgi({ fd: 0 }),
  ],
  [
    'GATEWAY_INTERFACE means CGI, even with a socket on descriptor 0',
    { environment: { GATEWAY_INTERFACE: 'CGI/1.1' }, isFd0ListeningSocket: () => true },
    { kind: 'cgi' },
  ],
  ['REQUEST_METHOD alone means CGI', { environment: { REQUEST_METHOD: 'GET' } }, { kind: 'cgi' }],
  [
    'the arguments of CGI are the client’s and mean nothing',
    { environment: { REQUEST_METHOD: 'GET' }, argv: ['--listen', ':9000'] },
    { kind: 'cgi' },
  ],
  ['LISTEN_FDS without LISTEN_PID is ours', { environment: { LISTEN_FDS: '2' } }, fastcgi({ fd: 3 })],
  [
    'LISTEN_FDS with our LISTEN_PID is ours',
    { environment: { LISTEN_FDS: '1', LISTEN_PID: '42' } },
    fastcgi({ fd: 3 }),
  ],
  [
    'LISTEN_FDS with another LISTEN_PID is not ours',
    { environment: { LISTEN_FDS: '1', LISTEN_PID: '43', WEIXIN_LISTEN: ':9000' } },
    fastcgi({ host: '127.0.0.1', port: 9000 }),
  ],
  [
    'LISTEN_FDS=0 is no descriptor',
    { environment: { LISTEN_FDS: '0' }, argv: ['--listen', ':9000'] },
    fastcgi({ host: '127.0.0.1', port: 9000 }),
  ],
  ['--listen takes the next argument', { argv: ['--listen', '/run/a.sock'] }, fastcgi({ path: '/run/a.sock' })],
  ['--listen= takes the rest', { argv: ['--listen=./a.sock'] }, fastcgi({ path: './a.sock' })],
  [
    '--listen comes before WEIXIN_LISTEN',
    { argv: ['--listen', '[::1]:9001'], environment: { WEIXIN_LISTEN: ':9000' } },
    fastcgi({ host: '::1', port: 9001 }),
  ],
  [
    'WEIXIN_LISTEN comes before the configuration file',
    { environment: { WEIXIN_LISTEN: 'localhost:9000' }, configuredListen: ':9001' },
    fastcgi({ host: 'localhost', port: 9000 }),
  ],
  ['a listening socket on descriptor 0 comes next', { isFd0ListeningSocket: () => true }, fastcgi({ fd: 0 })],
  [
    'descriptor 0 comes before the configuration file',
    { configuredListen: '/run/b.sock', isFd0ListeningSocket: () => true },
    fastcgi({ fd: 0 }),
  ],
  ['the configuration file comes last', { configuredListen: '/run/b.sock' }, fastcgi({ path: '/run/b.sock' })],
]

const REFUSED: readonly [name: string, surroundings: Partial<Surroundings>, message: RegExp][] = [
  ['nothing says how to run', {}, /is started by a web server/],
  [
    'WEIXIN_GATEWAY is unknown',
    { environment: { WEIXIN_GATEWAY: 'CGI', REQUEST_METHOD: 'GET' } },
    /permitted are cgi and fastcgi/,
  ],
  ['WEIXIN_GATEWAY is empty', { environment: { WEIXIN_GATEWAY: '' } }, /permitted are cgi and fastcgi/],
  [
    'WEIXIN_GATEWAY=fastcgi does not say where',
    { environment: { WEIXIN_GATEWAY: 'fastcgi', REQUEST_METHOD: 'GET' } },
    /--listen/,
  ],
  ['--listen has no address', { argv: ['--listen'] }, /is started by a web server/],
  ['there is an argument more', { argv: ['--listen', ':9000', '--verbose'] }, /is started by a web server/],
  [
    'an argument is unknown',
    { argv: ['--port', '9000'], isFd0ListeningSocket: () => true },
    /is started by a web server/,
  ],
  ['LISTEN_FDS is no number', { environment: { LISTEN_FDS: 'yes' } }, /is started by a web server/],
  ...(['9000', 'a:b', ':', ':65536', 'host:', '::1:9000', '', ':-1', 'a b:1', '[::1]', ':9000x'].map(
    text => [`the address is ${JSON.stringify(text)}`, { environment: { WEIXIN_LISTEN: text } }, /host:port/] as const,
  ) as [string, Partial<Surroundings>, RegExp][]),
]

for (const [name, surroundings, gateway] of DECIDED) {
  t.test(name, async t => {
    t.same(detectGateway({ ...SILENT, ...surroundings }), gateway)
  })
}

for (const [name, surroundings, message] of REFUSED) {
  t.test(`refused: ${name}`, async t => {
    const refused = () => detectGateway({ ...SILENT, ...surroundings })
    t.throws(refused, UsageError)
    t.throws(refused, { message, zh: /[监允启]/ })
  })
}

t.test('descriptor 0 is not looked at when something else decides', async t => {
  const isFd0ListeningSocket = () => t.fail('descriptor 0 was looked at')
  detectGateway({ ...SILENT, environment: { REQUEST_METHOD: 'GET' }, isFd0ListeningSocket })
  detectGateway({ ...SILENT, environment: { LISTEN_FDS: '1' }, isFd0ListeningSocket })
  t.equal(detectGateway({ ...SILENT, argv: ['--listen', '/s'], isFd0ListeningSocket }).kind, 'fastcgi')
})

t.test('the real process', async t => {
  const answers = async (t: Test, where: string) => t.match(await ask(where, 'here'), /"query":"here"/)
  const output = async (options: Launch) => {
    const { child } = launch(t, options)
    let text = ''
    for await (const chunk of child.stdout ?? []) text += chunk
    return text
  }
  t.test('answers CGI with pipes when GATEWAY_INTERFACE is there', async t => {
    const environment = { GATEWAY_INTERFACE: 'CGI/1.1', REQUEST_METHOD: 'GET', QUERY_STRING: 'here' }
    t.match(await output({ environment, argv: ['--listen', ':0'], stdio: ['ignore', 'pipe'] }), /^Status: 200 OK/)
  })
  t.test('answers CGI when only REQUEST_METHOD is there', async t => {
    t.match(await output({ environment: { REQUEST_METHOD: 'GET' }, stdio: ['ignore', 'pipe'] }), /^Status: 200 OK/)
  })
  t.test('answers CGI when it was told to', async t => {
    t.match(await output({ environment: { WEIXIN_GATEWAY: 'cgi' }, stdio: ['ignore', 'pipe'] }), /^Status: 200 OK/)
  })
  t.test('answers CGI when descriptors 0 and 1 are a connected socket, as with mod_cgid', { skip }, async t => {
    const { ours, theirs } = await socketPair(t)
    launch(t, { environment: { GATEWAY_INTERFACE: 'CGI/1.1', REQUEST_METHOD: 'GET' }, stdio: [theirs, theirs] })
    theirs.destroy()
    let text = ''
    for await (const chunk of ours) text += chunk
    t.match(text, /^Status: 200 OK/)
  })
  t.test('answers FastCGI on descriptor 3 with LISTEN_FDS', { skip }, async t => {
    const socket = await listeningSocket(t)
    launch(t, { environment: { LISTEN_FDS: '1' }, stdio: ['ignore', 'ignore', socket.fd] })
    socket.close()
    await answers(t, socket.file)
  })
  t.test('answers FastCGI on a listening descriptor 0, as with mod_fcgid', { skip }, async t => {
    const socket = await listeningSocket(t)
    launch(t, { stdio: [socket.fd, 'ignore'] })
    socket.close()
    await answers(t, socket.file)
  })
  for (const [name, options] of [
    ['--listen', (file: string) => ({ argv: ['--listen', file] })],
    ['WEIXIN_LISTEN', (file: string) => ({ environment: { WEIXIN_LISTEN: file } })],
    ['WEIXIN_GATEWAY=fastcgi', (file: string) => ({ environment: { WEIXIN_GATEWAY: 'fastcgi', WEIXIN_LISTEN: file } })],
  ] as const) {
    t.test(`answers FastCGI where ${name} says`, { skip }, async t => {
      const file = path.join(scratch(t), 's')
      await launch(t, options(file)).logged('listening')
      await answers(t, file)
    })
  }
  t.test('explains itself and exits with 2 when nothing says how to run', async t => {
    const program = launch(t, {})
    t.match(await program.exited, { code: 2 })
    t.match(program.log(), /is started by a web server/)
  })
  t.test('says that a descriptor 3 is no socket when LISTEN_FDS is wrong', async t => {
    const program = launch(t, { environment: { LISTEN_FDS: '1' } })
    t.match(await program.exited, { code: 1 })
    t.match(program.log(), /^ListenError: cannot listen on fd 3: this descriptor is not a listening socket/)
  })
  t.test('does not listen on a connected socket', { skip }, async t => {
    const { theirs } = await socketPair(t)
    const program = launch(t, { stdio: [theirs, 'ignore'] })
    theirs.destroy()
    t.match(await program.exited, { code: 1 })
    t.match(program.log(), /cannot listen on fd 0/)
  })
})

import { once } from 'node:events'
import t, { type Test } from 'tap'
import { type Engine, onPort, onUnixSocket } from '../transports.ts'
import {
  ABORT,
  ask,
  BEGIN,
  begin,
  connect,
  END,
  GET_VALUES,
  GET_VALUES_RESULT,
  PARAMS,
  pair,
  pairs,
  record,
  request,
  STDERR,
  STDIN,
  STDOUT,
  stream,
  UNKNOWN_TYPE,
  variables,
  type Wire,
} from './client.ts'

const OK = 'Status: 200 OK\r\n'
const OVERLOADED = 2
const UNKNOWN_ROLE = 3

type Attack = (t: Test, open: () => Wire) => Promise<void>

/** The connection is closed, without an answer. */
const closes =
  (...bytes: Buffer[]): Attack =>
  async (t, open) => {
    const wire = open()
    wire.send(Buffer.concat(bytes))
    t.same(await wire.records(), [])
  }

/** The next request on the same connection is answered: what came before was ignored. */
const ignores =
  (...bytes: Buffer[]): Attack =>
  async (t, open) => {
    const wire = open()
    wire.send(Buffer.concat([...bytes, request('after')]))
    t.match((await wire.reply()).document, '"query":"after"')
    t.same(new Set((await wire.records()).map(({ type }) => type)), new Set([STDOUT, END]))
  }

const answers =
  (status: string, ...bytes: Buffer[]): Attack =>
  async (t, open) => {
    const wire = open()
    wire.send(Buffer.concat(bytes))
    t.match((await wire.reply()).document, `Status: ${status}`)
  }

const capacities =
  (names: readonly string[], ...told: Buffer[]): Attack =>
  async (t, open) => {
    const wire = open()
    wire.send(record(GET_VALUES, 0, pairs(Object.fromEntries(names.map(name => [name, ''])))))
    const { id, content } = await wire.next(({ type }) => type === GET_VALUES_RESULT)
    t.equal(id, 0)
    t.same(content, Buffer.concat(told))
    wire.socket.destroy()
  }

const params = (content: Buffer) => Buffer.concat([begin(1), stream(PARAMS, 1, content), record(STDIN, 1)])
const post = (contentLength: string) => pairs({ REQUEST_METHOD: 'POST', CONTENT_LENGTH: contentLength })
const opened = (contentLength: string) => Buffer.concat([begin(1), stream(PARAMS, 1, post(contentLength))])
const long = (size: number) => Buffer.from([size >>> 24, (size >> 16) & 255, (size >> 8) & 255, size & 255])
const header = (version: number, type: number) => Buffer.from([version, type, 0, 1, 0, 0, 0, 0])

const MAX_CONNS = pair('FCGI_MAX_CONNS', '1024')
const MAX_REQS = pair('FCGI_MAX_REQS', '1024')
const MPXS_CONNS = pair('FCGI_MPXS_CONNS', '1')

const ATTACKS: Readonly<Record<string, Attack>> = {
  'a record of type 0 closes the connection': closes(header(1, 0)),
  'a record of version 0 closes the connection': closes(header(0, BEGIN)),
  'a record of version 2 closes the connection': closes(header(2, BEGIN)),
  'a record of version 9 inside a request closes the connection': closes(begin(1), header(9, PARAMS)),
  'an HTTP request closes the connection': closes(Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n')),

  'GET_VALUES is told three capacities': capacities(
    ['FCGI_MPXS_CONNS', 'FCGI_MAX_REQS', 'FCGI_MAX_CONNS'],
    MAX_CONNS,
    MAX_REQS,
    MPXS_CONNS,
  ),
  'GET_VALUES is told only what it asked for': capacities(['FCGI_MPXS_CONNS', 'SERVER_NAME'], MPXS_CONNS),
  'GET_VALUES cannot ask for what every object has': capacities(['constructor', '__proto__', 'toString', 'valueOf']),
  'GET_VALUES of nothing is told nothing': capacities([]),
  'GET_VALUES with 1000 names is told three': capacities(
    [...Array.from({ length: 999 }, (_, index) => `NAME_${index}`), 'FCGI_MAX_CONNS'],
    MAX_CONNS,
  ),
  'GET_VALUES with too many names closes the connection': closes(
    record(GET_VALUES, 0, pairs(Object.fromEntries(Array.from({ length: 1025 }, (_, index) => [`N${index}`, ''])))),
  ),
  'GET_VALUES that is cut closes the connection': closes(
    record(GET_VALUES, 0, pair('FCGI_MAX_CONNS', '').subarray(0, 9)),
  ),
  'GET_VALUES with a request id closes the connection': closes(record(GET_VALUES, 1, pair('FCGI_MAX_CONNS', ''))),

  'BEGIN of 0 bytes closes the connection': closes(record(BEGIN, 1)),
  'BEGIN of 7 bytes closes the connection': closes(record(BEGIN, 1, Buffer.from([0, 1, 0, 0, 0, 0, 0]))),
  'BEGIN of 9 bytes closes the connection': closes(record(BEGIN, 1, Buffer.from([0, 1, 0, 0, 0, 0, 0, 0, 0]))),
  'BEGIN of request 0 closes the connection': closes(begin(0)),
  'BEGIN of a request that has begun closes the connection': closes(begin(1), begin(1)),
  'PARAMS after their end close the connection': closes(opened('4'), record(PARAMS, 1, pair('A', 'b'))),
  'a second end of PARAMS closes the connection': closes(opened('4'), record(PARAMS, 1)),
  'STDIN before the end of PARAMS closes the connection': closes(begin(1), record(STDIN, 1, 'body')),
  'a name of no bytes closes the connection': closes(params(pair('', 'value'))),
  'a name of 2 GiB closes the connection': closes(
    params(Buffer.concat([long(0xffffffff), Buffer.from([1]), Buffer.from('ab')])),
  ),
  'a value of 2 GiB closes the connection': closes(
    params(Buffer.concat([Buffer.from([1]), long(0xffffffff), Buffer.from('ab')])),
  ),
  'a long form of no bytes closes the connection': closes(
    params(Buffer.concat([long(0x80000000), Buffer.from([1, 65])])),
  ),
  'a value of one byte more than there is closes the connection': closes(params(Buffer.from([1, 2, 65, 66]))),
  'a length that is cut closes the connection': closes(params(Buffer.from([1, 0x80, 0, 0]))),
  'a pair without its second length closes the connection': closes(params(Buffer.from([1]))),
  'PARAMS that never end close the connection as soon as they are over 1 MiB': closes(
    begin(1),
    ...Array.from({ length: 27 }, () => record(PARAMS, 1, Buffer.alloc(40_000))),
  ),
  'more than 1024 variables close the connection': closes(
    params(Buffer.concat(Array.from({ length: 1025 }, () => pair('A', 'b')))),
  ),

  'ABORT of an unknown request is ignored': ignores(record(ABORT, 7), record(ABORT, 7, 'with a body')),
  'PARAMS and STDIN of an unknown request are ignored': ignores(
    stream(PARAMS, 7, pair('A', 'b')),
    stream(STDIN, 7, 'body'),
  ),
  'PARAMS and STDIN of request 0 are ignored': ignores(stream(PARAMS, 0, pair('A', 'b')), stream(STDIN, 0, 'body')),
  'DATA is nothing for a responder': ignores(record(8, 1, 'data')),
  '64 KiB of empty records are ignored': ignores(...Array.from({ length: 8192 }, () => record(STDIN, 9))),

  'STDIN longer than CONTENT_LENGTH is incomplete': answers('400', opened('4'), stream(STDIN, 1, 'five!')),
  'STDIN over the limit is answered at once': answers(
    '413',
    opened(''),
    record(STDIN, 1, 'b'.repeat(65535)),
    record(STDIN, 1, 'bb'),
  ),
  'more than 64 KiB of PARAMS are answered once they have ended': answers('431', params(pair('A', 'a'.repeat(65536)))),
  'as much as Apache lets through is answered': answers(
    '431',
    params(Buffer.concat(Array.from({ length: 100 }, () => pair('A', 'a'.repeat(8190))))),
  ),
  'a CONTENT_LENGTH over the limit is answered at once': answers('413', opened('65537')),
  'an empty CONTENT_LENGTH is none': answers('200', opened(''), stream(STDIN, 1, 'body')),
  'a request without a variable is read': answers('200', params(Buffer.alloc(0))),
  "a variable that is the gateway's own says nothing": answers(
    '200',
    params(pair('GATEWAY_BODY_FAULT', 'constructor')),
  ),
  'nor does it hide what is wrong': answers(
    '400',
    params(Buffer.concat([pair('GATEWAY_BODY_FAULT', ''), pair('CONTENT_LENGTH', '1')])),
  ),
  'PARAMS of 64 KiB are read': answers('200', params(pair('A', 'a'.repeat(65529)))),
  '1024 variables are read': answers('200', params(Buffer.concat(Array.from({ length: 1024 }, () => pair('A', 'b'))))),
  'names that every object has are variables like others': answers(
    '200',
    params(Buffer.concat(['constructor', '__proto__', 'toString', 'REQUEST_METHOD'].map(name => pair(name, 'a')))),
  ),

  async 'BEGIN of a request that is being answered closes the connection'(t, open) {
    await closes(request('wait', '', { keep: true }), begin(1))(t, open)
    const wire = open()
    wire.send(request('release'))
    t.match((await wire.reply()).document, /\r\n\r\n1$/)
  },

  async 'an unknown type is answered UNKNOWN_TYPE'(t, open) {
    const wire = open()
    for (const type of [12, 255, END, STDOUT, STDERR, GET_VALUES_RESULT, UNKNOWN_TYPE]) {
      wire.send(record(type, 0, 'whatever'))
      const { id, content } = await wire.next(found => found.type === UNKNOWN_TYPE)
      t.equal(id, 0)
      t.same([...content], [type, 0, 0, 0, 0, 0, 0, 0])
    }
    wire.send(request('after'))
    t.match((await wire.reply()).document, '"query":"after"')
  },

  async 'another role than responder is answered UNKNOWN_ROLE'(t, open) {
    for (const role of [0, 2, 3, 4, 257]) {
      const wire = open()
      wire.send(begin(1, { role }))
      t.same(await wire.reply(), { document: '', protocolStatus: UNKNOWN_ROLE })
      await wire.records()
    }
  },

  async 'another role does not end a kept connection'(t, open) {
    const wire = open()
    wire.send(Buffer.concat([begin(1, { role: 2, keep: true }), request('after')]))
    t.same(await wire.reply(), { document: '', protocolStatus: UNKNOWN_ROLE })
    t.match((await wire.reply()).document, '"query":"after"')
  },

  async 'ABORT in the middle of a request ends it without a reply'(t, open) {
    const records = [
      begin(1, { keep: true }),
      record(PARAMS, 1, post('4')),
      record(PARAMS, 1),
      record(STDIN, 1, 'bo'),
      record(STDIN, 1, 'd'),
    ]
    for (let sent = 1; sent <= records.length; sent++) {
      const wire = open()
      wire.send(Buffer.concat([...records.slice(0, sent), record(ABORT, 1, 'with a body'), request('after')]))
      t.same(await wire.reply(), { document: '', protocolStatus: 0 })
      t.match((await wire.reply()).document, '"query":"after"')
    }
  },

  async 'ABORT while the application runs ends the request at once, and its answer is nobody’s'(t, open) {
    const wire = open()
    wire.send(Buffer.concat([request('wait', '', { keep: true }), record(ABORT, 1)]))
    t.same(await wire.reply(), { document: '', protocolStatus: 0 })
    wire.send(request('release', '', { id: 1 }))
    t.match((await wire.reply()).document, /\r\n\r\n1$/)
    t.same(
      (await wire.records()).map(({ type }) => type),
      [END, STDOUT, STDOUT, END],
    )
  },

  async 'a pair may be split at every byte'(t, open) {
    const content = pairs(variables('signature=s', 'body'))
    const wire = open()
    for (let cut = 1; cut < content.length; cut++) {
      wire.send(
        Buffer.concat([
          begin(1, { keep: true }),
          record(PARAMS, 1, content.subarray(0, cut)),
          stream(PARAMS, 1, content.subarray(cut)),
          stream(STDIN, 1, 'body'),
        ]),
      )
      const { document } = await wire.reply()
      if (
        !document.endsWith(
          '{"method":"POST","query":"signature=s","contentType":"text/xml","contentEncoding":"","body":"body"}',
        )
      ) {
        t.fail(`split at ${cut}`, { document })
      }
    }
    t.ok(content.length > 300)
    wire.socket.destroy()
  },

  async 'records of one byte are a request'(t, open) {
    const wire = open()
    wire.send(
      Buffer.concat([begin(1), stream(PARAMS, 1, pairs(variables('tiny', 'body')), 1), stream(STDIN, 1, 'body', 1)]),
    )
    t.match((await wire.reply()).document, '"query":"tiny"')
  },

  async 'one byte a write is a request'(t, open) {
    const wire = open()
    wire.socket.setNoDelay()
    for (const byte of request('slowly', 'body')) {
      wire.send(Buffer.of(byte))
      await new Promise(resolve => setImmediate(resolve))
    }
    t.match((await wire.reply()).document, '"query":"slowly"')
  },

  async 'every padding is skipped'(t, open) {
    const wire = open()
    for (let padding = 0; padding < 256; padding++) {
      wire.send(
        Buffer.concat([
          begin(1, { keep: true }),
          record(PARAMS, 1, pairs(variables('padded', 'body')), padding),
          record(PARAMS, 1, '', padding),
          record(STDIN, 1, 'body', padding),
          record(STDIN, 1, '', padding),
        ]),
      )
      const { document } = await wire.reply()
      if (!document.endsWith('"body":"body"}')) t.fail(`padding ${padding}`, { document })
    }
    t.notOk(wire.socket.destroyed)
    wire.socket.destroy()
  },

  async '1000 requests on one connection are 1000 replies'(t, open) {
    const wire = open()
    let answered = 0
    for (let number = 0; number < 1000; number++) {
      wire.send(request(`number=${number}`, 'body', { keep: true }))
      const { document } = await wire.reply()
      if (document.includes(`"query":"number=${number}"`)) answered++
    }
    t.equal(answered, 1000)
    wire.socket.end()
    t.same(
      (await wire.records()).filter(({ type }) => type !== STDOUT && type !== END),
      [],
    )
  },

  async 'two requests at once are both answered, each when it is ready'(t, open) {
    const wire = open()
    wire.send(request('wait', '', { id: 1 }))
    wire.send(request('release', '', { id: 65535 }))
    t.match((await wire.reply(65535)).document, /\r\n\r\n1$/)
    t.match((await wire.reply(1)).document, /\r\n\r\nwaited$/)
    await wire.records()
  },

  async 'requests whose records are mixed are both answered'(t, open) {
    const wire = open()
    const [one, two] = [1, 2].map(id => [
      begin(id),
      record(PARAMS, id, pairs(variables(`id=${id}`, 'body'))),
      record(PARAMS, id),
      record(STDIN, id, 'body'),
      record(STDIN, id),
    ])
    for (const index of [0, 1, 2, 3, 4])
      wire.send(Buffer.concat([one?.[index] ?? '', two?.[index] ?? ''].map(Buffer.from)))
    t.match((await wire.reply(1)).document, '"query":"id=1"')
    t.match((await wire.reply(2)).document, '"query":"id=2"')
    await wire.records()
  },

  async 'a peer that closes its side after the request still gets the answer'(t, open) {
    const wire = open()
    wire.socket.end(request('halved', 'body'))
    t.match((await wire.reply()).document, '"query":"halved"')
    await wire.records()
  },

  async 'a peer that closes its side within a request gets none'(t, open) {
    const wire = open()
    wire.socket.end(Buffer.concat([opened('4'), record(STDIN, 1, 'bo')]))
    t.same(await wire.records(), [])
  },

  async 'STDIN after its end, and after the answer, is ignored'(t, open) {
    const wire = open()
    wire.send(Buffer.concat([request('wait', '', { keep: true }), record(STDIN, 1, 'more')]))
    wire.send(request('release', '', { id: 2, keep: true }))
    t.match((await wire.reply(1)).document, /waited$/)
    wire.send(Buffer.concat([record(STDIN, 1, 'still more'), request('after', '')]))
    t.match((await wire.reply(1)).document, '"query":"after"')
  },

  async 'a connection is kept exactly as long as it is asked to be'(t, open) {
    const wire = open()
    wire.send(request('kept', '', { keep: true }))
    await wire.reply()
    wire.send(request('last'))
    await wire.reply()
    t.same(
      (await wire.records()).map(({ type, content }) => [type, content.length > 0]),
      [
        [STDOUT, true],
        [STDOUT, false],
        [END, true],
        [STDOUT, true],
        [STDOUT, false],
        [END, true],
      ],
    )
  },

  async 'a body over the limit on a kept connection does not disturb the next request'(t, open) {
    const wire = open()
    wire.send(request('first', 'b'.repeat(200_000), { keep: true }))
    t.match((await wire.reply()).document, 'Status: 413')
    wire.send(request('after'))
    t.match((await wire.reply()).document, '"query":"after"')
  },

  async 'a peer that goes away during the reply takes nobody along'(t, open) {
    const wire = open()
    wire.send(request('huge'))
    const [first] = await once(wire.socket, 'data')
    wire.socket.destroy()
    t.ok(first.length > 0)
  },

  async 'a request may be cut after every byte, and nothing is left of it'(t, open) {
    const before = await descriptors(open)
    const whole = request('cut', 'body')
    for (let size = 1; size < whole.length; size++) {
      const wire = open()
      await once(wire.socket, 'connect')
      wire.socket.end(whole.subarray(0, size), () => wire.socket.destroy())
    }
    // The responder sees the ends in its own time: each question is one more turn for it.
    let after = await descriptors(open)
    for (let asked = 0; after > before && asked < 1000; asked++) after = await descriptors(open)
    t.equal(after, before)
  },

  async 'a peer that asks and asks and never reads is not listened to for ever'(t, open) {
    const wire = open()
    wire.socket.pause()
    for (let id = 1; id <= 1600; id++) {
      wire.send(request('big', '', { id, keep: true }))
      // Not more at once than are permitted: the answer to this question comes after those have been read.
      if (id % 32 === 0) await processOf(open)
    }
    const { megabytes } = await processOf(open)
    t.ok(megabytes < 300, 'far from the 640 MB of all replies', { megabytes })
    wire.socket.destroy()
  },
}

interface Process {
  readonly pid: number
  readonly descriptors: number
  readonly megabytes: number
}

async function processOf(open: () => Wire): Promise<Process> {
  const wire = open()
  wire.send(request('process'))
  const { document } = await wire.reply()
  await wire.records()
  return JSON.parse(document.slice(document.indexOf('{')))
}

async function descriptors(open: () => Wire): Promise<number> {
  return (await processOf(open)).descriptors
}

const ENGINES: readonly Engine[] = ['records', 'node-fastcgi']

for (const engine of ENGINES) {
  t.test(engine, async t => {
    const { where, program } = await onUnixSocket(t, engine)
    const open = () => connect(where)
    for (const [name, attack] of Object.entries(ATTACKS)) {
      t.test(name, async t => {
        await attack(t, open)
        t.match(await ask(where, 'good', 'body'), '"query":"good"', 'a good request is answered')
        t.equal((await processOf(open)).pid, program.child.pid, 'by the same process')
      })
    }
  })

  t.test(`${engine}: what goes wrong is one line of the log each`, async t => {
    const { where, program } = await onUnixSocket(t, engine)
    const wire = connect(where)
    wire.send(header(9, BEGIN))
    await wire.records()
    t.match(await ask(where, 'throw'), 'Status: 500')
    t.match(await ask(where, 'split'), 'Status: 500')
    await program.logged('X-Split')
    const [listening, version, thrown, split, ...more] = program.log().trimEnd().split('\n')
    t.match(listening, 'listening')
    t.equal(version, 'weixin warn: FastCGI connection closed reason="record of version 9"')
    t.match(thrown, /^weixin error: request failed: Error: thrown by the application\\n/)
    t.match(split, /^weixin error: request failed: TypeError: header X-Split/)
    t.same(more, [])
  })

  t.test(`${engine}: a connection more than permitted is refused, and a later one is not`, async t => {
    const { where } = await onUnixSocket(t, engine, { maxConnections: 1 })
    const first = connect(where)
    first.send(request('first', '', { keep: true }))
    await first.reply()
    const refused = connect(where)
    refused.send(request('refused'))
    t.same(await refused.records(), [])
    first.send(request('last'))
    t.match((await first.reply()).document, OK)
    await first.records()
    t.match(await ask(where, 'good'), OK)
  })

  t.test(`${engine}: a peer that is slow to read has its own deadline`, async t => {
    const { where } = await onUnixSocket(t, engine, { silentTimeout: 100, lingerTimeout: 10 })
    const kept = connect(where)
    kept.send(request('kept', '', { keep: true }))
    await kept.reply()
    for (const wire of [connect(where), kept]) {
      wire.socket.pause()
      wire.send(request('huge'))
      // Until somebody who says nothing has been sent away, a good many of the other deadlines have passed.
      await connect(where).records()
      wire.socket.resume()
      t.ok((await wire.records()).some(({ type, id }) => type === END && id === 1))
      const bytes = (await wire.records()).reduce((sum, { content }) => sum + content.length, 0)
      t.ok(bytes > 16 * 1024 * 1024)
    }
  })

  t.test(`${engine}: deadlines`, async t => {
    const short = { bodyTimeout: 100, silentTimeout: 100, keepAliveTimeout: 100, writeTimeout: 100, lingerTimeout: 100 }
    const { where, program } = await onPort(t, engine, { ...short, maxRequests: 2 })
    t.test('200 peers that say nothing are sent away', async t => {
      const silent = Array.from({ length: 200 }, () => connect(where))
      t.match(await ask(where, 'good'), OK)
      const records = await Promise.all(silent.map(wire => wire.records()))
      t.same(records.flat(), [])
    })
    t.test('a peer that begins a record and no more is sent away', closesOn(where, Buffer.from([1])))
    t.test(
      'a peer that does not end its PARAMS is sent away',
      closesOn(where, begin(1), record(PARAMS, 1, pair('A', 'b'))),
    )
    t.test('a body that does not come is answered as a timeout, and the peer sent away', async t => {
      const wire = connect(where)
      wire.send(Buffer.concat([opened('4'), record(STDIN, 1, 'bo')]))
      t.match((await wire.reply()).document, /^Status: 408 .*timeout$/s)
      await wire.records()
    })
    t.test('a kept connection without a further request is ended', async t => {
      const wire = connect(where)
      wire.send(request('kept', '', { keep: true }))
      t.match((await wire.reply()).document, OK)
      t.equal((await wire.records()).length, 3)
    })
    t.test('a peer that never reads its reply is cut off', async t => {
      const wire = connect(where)
      wire.socket.pause()
      wire.send(request('huge'))
      await program.logged('takes nothing')
      wire.socket.resume()
      t.notOk((await wire.records()).some(({ type }) => type === END))
    })
    t.test('a peer that goes on sending after its answer is cut off', async t => {
      const wire = connect(where)
      wire.send(opened('65537'))
      t.match((await wire.reply()).document, 'Status: 413')
      const sending = setInterval(() => wire.send(record(STDIN, 1, 'b')), 10)
      await wire.records()
      clearInterval(sending)
      t.ok(wire.socket.destroyed)
    })
    t.test('a request more than permitted at once is answered OVERLOADED', async t => {
      const wire = connect(where)
      wire.send(Buffer.concat([begin(1), begin(2), begin(3)]))
      t.same(await wire.reply(3), { document: '', protocolStatus: OVERLOADED })
      wire.socket.destroy()
    })
    t.test('a peer that resets the connection takes nobody along', async t => {
      const wire = connect(where)
      wire.send(request('huge'))
      await once(wire.socket, 'data')
      wire.socket.resetAndDestroy()
      t.match(await ask(where, 'good'), OK)
    })
  })
}

function closesOn(where: string | number, ...bytes: Buffer[]): (t: Test) => Promise<void> {
  return t => closes(...bytes)(t, () => connect(where))
}

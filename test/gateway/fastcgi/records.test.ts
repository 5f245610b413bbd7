import t from 'tap'
import { onUnixSocket } from '../transports.ts'
import { closes, ENGINES, header, ignores, withstand } from './attack.ts'
import {
  ask,
  BEGIN,
  begin,
  connect,
  END,
  GET_VALUES_RESULT,
  PARAMS,
  pairs,
  record,
  request,
  STDERR,
  STDIN,
  STDOUT,
  stream,
  UNKNOWN_TYPE,
  variables,
} from './client.ts'

withstand(t, {
  'a record of type 0 closes the connection': closes(header(1, 0)),
  'a record of version 0 closes the connection': closes(header(0, BEGIN)),
  'a record of version 2 closes the connection': closes(header(2, BEGIN)),
  'a record of version 9 inside a request closes the connection': closes(begin(1), header(9, PARAMS)),
  'an HTTP request closes the connection': closes(Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n')),
  'DATA is nothing for a responder': ignores(record(8, 1, 'data')),
  '64 KiB of empty records are ignored': ignores(...Array.from({ length: 8192 }, () => record(STDIN, 9))),

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
})

for (const engine of ENGINES) {
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
}

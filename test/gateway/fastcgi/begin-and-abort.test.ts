import t from 'tap'
import { closes, ignores, post, withstand } from './attack.ts'
import { ABORT, BEGIN, begin, END, PARAMS, record, request, STDIN, STDOUT } from './client.ts'

const UNKNOWN_ROLE = 3

withstand(t, {
  'BEGIN of 0 bytes closes the connection': closes(record(BEGIN, 1)),
  'BEGIN of 7 bytes closes the connection': closes(record(BEGIN, 1, Buffer.from([0, 1, 0, 0, 0, 0, 0]))),
  'BEGIN of 9 bytes closes the connection': closes(record(BEGIN, 1, Buffer.from([0, 1, 0, 0, 0, 0, 0, 0, 0]))),
  'BEGIN of request 0 closes the connection': closes(begin(0)),
  'BEGIN of a request that has begun closes the connection': closes(begin(1), begin(1)),
  'ABORT of an unknown request is ignored': ignores(record(ABORT, 7), record(ABORT, 7, 'with a body')),

  async 'BEGIN of a request that is being answered closes the connection'(t, open) {
    await closes(request('wait', '', { keep: true }), begin(1))(t, open)
    const wire = open()
    wire.send(request('release'))
    t.match((await wire.reply()).document, /\r\n\r\n1$/)
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
})

import t from 'tap'
import { answers, closes, opened, withstand } from './attack.ts'
import { begin, record, request, STDIN, stream } from './client.ts'

withstand(t, {
  'STDIN before the end of PARAMS closes the connection': closes(begin(1), record(STDIN, 1, 'body')),
  'STDIN longer than CONTENT_LENGTH is incomplete': answers('400', opened('4'), stream(STDIN, 1, 'five!')),
  'STDIN over the limit is answered at once': answers(
    '413',
    opened(''),
    record(STDIN, 1, 'b'.repeat(65535)),
    record(STDIN, 1, 'bb'),
  ),
  'a CONTENT_LENGTH over the limit is answered at once': answers('413', opened('65537')),
  'an empty CONTENT_LENGTH is none': answers('200', opened(''), stream(STDIN, 1, 'body')),

  async 'STDIN after its end, and after the answer, is ignored'(t, open) {
    const wire = open()
    wire.send(Buffer.concat([request('wait', '', { keep: true }), record(STDIN, 1, 'more')]))
    wire.send(request('release', '', { id: 2, keep: true }))
    t.match((await wire.reply(1)).document, /waited$/)
    wire.send(Buffer.concat([record(STDIN, 1, 'still more'), request('after', '')]))
    t.match((await wire.reply(1)).document, '"query":"after"')
  },

  async 'a body over the limit on a kept connection does not disturb the next request'(t, open) {
    const wire = open()
    wire.send(request('first', 'b'.repeat(200_000), { keep: true }))
    t.match((await wire.reply()).document, 'Status: 413')
    wire.send(request('after'))
    t.match((await wire.reply()).document, '"query":"after"')
  },
})

import t from 'tap'
import { onUnixSocket } from '../transports.ts'
import { ENGINES, withstand } from './attack.ts'
import { ask, begin, connect, END, PARAMS, pairs, record, request, STDIN, STDOUT, variables } from './client.ts'

const OK = 'Status: 200 OK\r\n'

withstand(t, {
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
})

for (const engine of ENGINES) {
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
}

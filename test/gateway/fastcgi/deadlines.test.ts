import { once } from 'node:events'
import t, { type Test } from 'tap'
import { onPort } from '../transports.ts'
import { closes, ENGINES, opened } from './attack.ts'
import { ask, begin, connect, END, PARAMS, pair, record, request, STDIN } from './client.ts'

const OK = 'Status: 200 OK\r\n'
const OVERLOADED = 2

for (const engine of ENGINES) {
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

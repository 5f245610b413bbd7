import { once } from 'node:events'
import t from 'tap'
import { opened, processOf, withstand } from './attack.ts'
import { record, request, STDIN, type Wire } from './client.ts'

withstand(t, {
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
})

async function descriptors(open: () => Wire): Promise<number> {
  return (await processOf(open)).descriptors
}

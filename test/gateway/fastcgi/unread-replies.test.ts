import t from 'tap'
import { onUnixSocket } from '../transports.ts'
import { ENGINES, processOf, withstand } from './attack.ts'
import { connect, END, request } from './client.ts'

withstand(t, {
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
})

for (const engine of ENGINES) {
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
}

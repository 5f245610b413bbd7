import { once } from 'node:events'
import fs from 'node:fs'
import t from 'tap'
import { serveFastcgi } from '../../../src/gateway/fastcgi/index.ts'
import { createLogger } from '../../../src/log.ts'
import { application } from '../application.ts'
import { type Engine, onFd3, onUnixSocket } from '../transports.ts'
import { begin, connect, END, PARAMS, pairs, record, request, STDIN, STDOUT, stream, variables } from './client.ts'

for (const engine of ['records', 'node-fastcgi'] satisfies Engine[]) {
  t.test(`${engine}: SIGTERM lets what runs finish, ends what is idle, and exits with 0`, async t => {
    const { where, program } = await onUnixSocket(t, engine)
    const running = connect(where)
    running.send(request('wait', '', { keep: true }))
    const receiving = connect(where)
    receiving.send(
      Buffer.concat([
        begin(1, { keep: true }),
        stream(PARAMS, 1, pairs(variables('received', 'body'))),
        record(STDIN, 1, 'bo'),
      ]),
    )
    const idle = connect(where)
    idle.send(request('idle', '', { keep: true }))
    await idle.reply()

    program.child.kill('SIGTERM')

    t.same(
      (await idle.records()).map(({ type }) => type),
      [STDOUT, STDOUT, END],
    )
    t.notOk(fs.existsSync(String(where)), 'nobody new is accepted')
    receiving.send(Buffer.concat([record(STDIN, 1, 'dy'), record(STDIN, 1)]))
    t.match((await receiving.reply()).document, '"body":"body"')
    running.send(request('release', '', { id: 2 }))
    t.match((await running.reply(1)).document, /waited$/)
    t.match((await running.reply(2)).document, /\r\n\r\n1$/)
    await Promise.all([running.records(), receiving.records()])
    t.same(await program.exited, { code: 0, signal: null })
  })

  t.test(`${engine}: a request that was already on its way when SIGTERM came is answered`, async t => {
    const { where, program } = await onUnixSocket(t, engine)
    const silent = connect(where)
    const kept = connect(where)
    kept.send(request('kept', '', { keep: true }))
    await kept.reply()
    // Stopped, it finds both at once: the request on the kept connection, and the signal.
    program.child.kill('SIGSTOP')
    kept.send(request('second', '', { keep: true }))
    program.child.kill('SIGTERM')
    program.child.kill('SIGCONT')
    t.match((await kept.reply()).document, '"query":"second"')
    // `silent` was accepted before the other one, and has not said anything yet.
    silent.send(request('late', '', { keep: true }))
    t.match((await silent.reply()).document, '"query":"late"')
    t.same(await program.exited, { code: 0, signal: null })
  })

  t.test(
    `${engine}: a kept connection that brings its next request with each reply loses none after SIGTERM`,
    async t => {
      const { where, program } = await onUnixSocket(t, engine)
      const wires = [connect(where), connect(where), connect(where)]
      const round = async (query: string) => {
        for (const wire of wires) wire.send(request(query, '', { keep: true }))
        const replies = await Promise.all(wires.map(wire => wire.reply()))
        t.ok(replies.every(({ document }) => document.includes(`"query":"${query}"`)))
      }
      await round('before')
      program.child.kill('SIGTERM')
      while (fs.existsSync(String(where))) await round('until')
      for (let count = 0; count < 10; count++) await round(`after ${count}`)
      t.same(await program.exited, { code: 0, signal: null })
    },
  )

  t.test(`${engine}: a socket that was inherited stays for the next responder`, async t => {
    const { where, program } = await onFd3(t, engine)
    const wire = connect(where)
    wire.send(request('one'))
    await wire.reply()
    program.child.kill('SIGTERM')
    t.same(await program.exited, { code: 0, signal: null })
    t.ok(fs.lstatSync(String(where)).isSocket())
  })
}

t.test('a 16 MiB reply that is being written when SIGTERM comes is written to its end', async t => {
  const { where, program } = await onUnixSocket(t, 'records')
  const wire = connect(where)
  wire.send(request('huge'))
  await once(wire.socket, 'data')
  program.child.kill('SIGTERM')
  const bytes = (await wire.records()).reduce((sum, { content }) => sum + content.length, 0)
  t.ok(bytes > 16 * 1024 * 1024)
  t.same(await program.exited, { code: 0, signal: null })
})

t.test('who connects just as the responder closes is answered once more', async t => {
  const responder = await serveFastcgi(application, {
    listen: { host: '127.0.0.1', port: 0 },
    engine: 'records',
    log: createLogger(() => {}),
    umask: mask => process.umask(mask),
  })
  const closed = responder.close()
  const wire = connect(Number(responder.address.split(':')[1]))
  wire.send(request('last', '', { keep: true }))
  t.match((await wire.reply()).document, '"query":"last"')
  t.equal((await wire.records()).length, 3)
  await t.resolves(closed)
})

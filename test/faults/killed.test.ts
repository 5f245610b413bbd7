import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { connect, request } from '../gateway/fastcgi/client.ts'
import { startResponder } from '../integration/deployment.ts'
import { deployOwned, textOf } from './owner.ts'

const windows = process.platform === 'win32'

t.test(
  'a service that is killed again and again answers every message within its three deliveries, and runs each once that it answered',
  { skip: windows },
  async t => {
    const deployment = deployOwned(
      t,
      { store: 'file:var' },
      `app.hears(/^run (\\d+)$/, ctx => {
      require('node:fs').appendFileSync(process.env.TEST_RUNS, ctx.match[1] + ' ' + process.pid + '\\n')
      return 'ran ' + ctx.match[1]
    })`,
    )
    const socket = path.join(deployment.scratch, 'killed.sock')
    const runs = path.join(deployment.scratch, 'runs')
    let service = await startResponder(t, deployment, socket, { TEST_RUNS: runs })
    const unanswered: number[] = []
    let restarting = Promise.resolve()
    const tell = async (number: number) => {
      const { query, body } = textOf(`run ${number}`)
      for (let delivery = 1; delivery <= 3; delivery++) {
        await restarting
        const wire = connect(socket)
        wire.send(request(query, body))
        const document = await wire.reply().then(
          reply => reply.document,
          () => '',
        )
        wire.socket.destroy()
        if (document.includes(`<![CDATA[ran ${number}]]>`)) return
      }
      unanswered.push(number)
    }
    for (let round = 0; round < 4; round++) {
      const batch = Array.from({ length: 25 }, (_, index) => tell(round * 25 + index))
      await Promise.any(batch)
      service.kill('SIGKILL')
      restarting = once(service, 'exit').then(async () => {
        service = await startResponder(t, deployment, socket, { TEST_RUNS: runs })
      })
      await Promise.all(batch)
      await restarting
    }
    t.strictSame(unanswered, [], 'every message was answered')
    const lines = fs.readFileSync(runs, 'utf8').trimEnd().split('\n')
    t.equal(new Set(lines.map(line => line.split(' ')[0])).size, 100, 'every handler ran')
    t.equal(new Set(lines).size, lines.length, 'and again only in another process, where its own was killed')
  },
)

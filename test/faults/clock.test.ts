import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { deploy, startResponder } from '../integration/deployment.ts'
import { say, TOKEN, twice } from './owner.ts'

const library = ['x86_64-linux-gnu', 'aarch64-linux-gnu']
  .map(machine => `/usr/lib/${machine}/faketime/libfaketime.so.1`)
  .find(file => fs.existsSync(file))

t.test(
  'a clock that is put forward by an hour or ten years, and back again, costs no message',
  { skip: !library && 'libfaketime is not installed' },
  async t => {
    const deployment = deploy(t, { token: TOKEN, store: 'file:var' })
    const socket = path.join(deployment.scratch, 'clock.sock')
    const clock = path.join(deployment.scratch, 'clock')
    const put = (seconds: number) => fs.writeFileSync(clock, seconds < 0 ? `${seconds}s` : `+${seconds}s`)
    put(0)
    await startResponder(t, deployment, socket, {
      LD_PRELOAD: library ?? '',
      FAKETIME_TIMESTAMP_FILE: clock,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    })
    for (const offset of [0, 3600, 0, -3600, 0, 315_360_000, 0]) {
      put(offset)
      const now = Date.now() + offset * 1000
      t.match(await say(socket, `at ${offset}`, now), `<![CDATA[at ${offset}]]>`)
      t.match(await say(socket, 'stale', now - 400_000), 'Status: 403')
      const answers = await twice(socket, now)
      t.equal(answers[0], answers[1], 'a delivery is known again')
    }
  },
)

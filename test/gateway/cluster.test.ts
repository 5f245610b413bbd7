import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { ask } from './fastcgi/client.ts'
import { launch, scratch } from './launch.ts'

const PRIMARY = fileURLToPath(new URL('./primary.js', import.meta.url))

t.test('two workers share one unix socket, which is as narrow as one of a single process', async t => {
  const file = path.join(scratch(t), 's')
  const program = launch(t, { script: PRIMARY, argv: [file], stdio: ['ignore', 'ignore'] })
  await program.logged(`listening address=${file}\nweixin info: listening address=${file}`)
  t.equal(fs.statSync(file).mode & 0o777, 0o660)
  const pids = new Set<string | undefined>()
  while (pids.size < 2) pids.add(/"pid":\d+/.exec(await ask(file, 'process'))?.[0])
  t.notOk(pids.has(`"pid":${program.child.pid}`), 'the primary answers nobody')
  program.child.kill('SIGTERM')
  t.same(await program.exited, { code: 0, signal: null })
  t.notOk(fs.existsSync(file))
})

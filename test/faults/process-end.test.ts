import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { startResponder } from '../integration/deployment.ts'
import { deployOwned, gather, say, textOf } from './owner.ts'

const windows = process.platform === 'win32'

t.test(
  'what a handler leaves to itself to fail is logged, what runs is answered, and the service ends with 1',
  { skip: windows },
  async t => {
    const deployment = deployOwned(
      t,
      {},
      `let finishWaiting
    app.hears('wait', () => new Promise(resolve => { finishWaiting = resolve }))
    app.hears('fail', () => {
      setImmediate(() => finishWaiting("waited"))
      void Promise.reject(new Error('left to itself'))
      return 'said'
    })`,
    )
    const socket = path.join(deployment.scratch, 'fail.sock')
    const service = await startResponder(t, deployment, socket)
    const exited = once(service, 'exit')
    const log = gather(service)
    const waiting = say(socket, 'wait')
    t.match(await say(socket, 'hello'), '<![CDATA[hello]]>')
    t.match(await say(socket, 'fail'), '<![CDATA[said]]>')
    t.match(await waiting, '<![CDATA[waited]]>')
    t.strictSame(await exited, [1, null])
    t.match(log(), /^weixin error: Error: left to itself\\n.*$/m)
  },
)

for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
  t.test(
    `a service that is sent ${signal} a second time, as mod_fcgid and impatient people do, finishes what it has begun`,
    { skip: windows },
    async t => {
      const deployment = deployOwned(
        t,
        {},
        `app.hears('wait', async () => {
        const { existsSync, writeFileSync } = require('node:fs')
        writeFileSync(process.env.TEST_FOLDER + '/begun', '')
        while (!existsSync(process.env.TEST_FOLDER + '/end')) await new Promise(setImmediate)
        return 'waited'
      })`,
      )
      const folder = deployment.scratch
      const socket = path.join(folder, 'twice.sock')
      const service = await startResponder(t, deployment, socket, { TEST_FOLDER: folder })
      const exited = once(service, 'exit')
      const waiting = say(socket, 'wait').catch(String)
      await until(() => fs.existsSync(path.join(folder, 'begun')))
      service.kill(signal)
      await until(() => !fs.existsSync(socket))
      service.kill(signal)
      fs.writeFileSync(path.join(folder, 'end'), '')
      t.match(await waiting, '<![CDATA[waited]]>')
      t.strictSame(await exited, [0, null])
    },
  )
}

t.test('in CGI the answer is given all the same, with the failure in the log', { skip: windows }, async t => {
  const { directory } = deployOwned(
    t,
    {},
    `app.hears('fail', async () => {
        void Promise.reject(new Error('left to itself'))
        await new Promise(setImmediate)
        return 'said'
      })`,
  )
  const { query, body } = textOf('fail')
  const { stdout, stderr, status } = spawnSync(path.join(directory, 'cgi-bin', 'weixin'), {
    env: {
      PATH: process.env['PATH'],
      REQUEST_METHOD: 'POST',
      QUERY_STRING: query,
      CONTENT_LENGTH: String(Buffer.byteLength(body)),
    },
    input: body,
    encoding: 'utf8',
  })
  t.equal(status, 0)
  t.match(stdout, '<![CDATA[said]]>')
  t.match(stderr, 'weixin error: Error: left to itself')
})

t.test('in CGI a process that has promised its answer stays until that is kept', { skip: windows }, async t => {
  const { directory } = deployOwned(
    t,
    { deliveries: 1 },
    "app.hears('slow', () => new Promise(resolve => setTimeout(resolve, 300, 'here it is')))",
  )
  const say = (content: string, environment: Readonly<Record<string, string>> = {}) => {
    const { query, body } = textOf(content)
    const input = body.replace(/oQ7xExampleFan\d+/, 'oQ7xExampleFan')
    const env = {
      ...environment,
      PATH: process.env['PATH'],
      REQUEST_METHOD: 'POST',
      QUERY_STRING: query,
      CONTENT_LENGTH: String(Buffer.byteLength(input)),
    }
    return spawnSync(path.join(directory, 'cgi-bin', 'weixin'), { env, input, encoding: 'utf8' }).stdout
  }
  t.match(say('slow', { WEIXIN_ANSWER_WITHIN: '1' }), '还在想')
  t.match(say('and?'), '<![CDATA[here it is]]>')
})

async function until(is: () => boolean): Promise<void> {
  while (!is()) await new Promise(resolve => setTimeout(resolve, 5))
}

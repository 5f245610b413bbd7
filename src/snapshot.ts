/*
 * What `npm run build` makes a start-up snapshot of: the responder, loaded, and warmed up with a message as Apache brings
 * it, so that a CGI process finds the functions that it needs compiled. The build's environment and standard input are that message.
 */
import fs from 'node:fs'
import path from 'node:path'
import { startupSnapshot } from 'node:v8'
import { createApp } from './index.ts'
import { answerOnce, flushLast, gatewayOf, prepare, run } from './responder.ts'

void warmUp()
startupSnapshot.setDeserializeMainFunction(() => {
  const script = path.resolve(process.argv[1] ?? '')
  void run(path.dirname(path.dirname(script)))
})

async function warmUp(): Promise<void> {
  const directory = fs.mkdtempSync(path.join(path.dirname(process.argv[1] ?? ''), 'warm-up-'))
  // The owner's handlers are for messages of followers.
  const app = createApp()
  app.hears('nothing', () => '')
  app.on('text', async (ctx, next) => (await next()) ?? ctx.message.Content)
  try {
    const { CONTENT_LENGTH: length = '' } = process.env
    for (const request of [
      { REQUEST_METHOD: 'GET', CONTENT_LENGTH: '0' },
      { REQUEST_METHOD: 'POST', CONTENT_LENGTH: length },
    ]) {
      Object.assign(process.env, request)
      const { config, log, flush } = await prepare(directory)
      gatewayOf(config)
      await answerOnce({ app, config, directory, log, holdTermination: () => {} })
      flushLast(flush)
    }
  } finally {
    fs.rmSync(directory, { recursive: true, force: true })
  }
}

import type { ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import type { Test } from 'tap'
import { sign } from '../../src/crypto/signature.ts'
import { composeMessage } from '../../src/simulator/message.ts'
import { ask, connect, request, type Variables } from '../gateway/fastcgi/client.ts'
import { type Deployment, deploy } from '../integration/deployment.ts'
import { SNAPSHOT } from '../project.ts'

export const TOKEN = 'kapokTree2031'

/**
 * A deployment of the script as it was built, with further handlers of the owner's in front of those that it comes
 * with: JavaScript, where `app` is the application, with sessions.
 */
export function deployOwned(t: Test, config: object, handlers = ''): Deployment {
  const deployment = deploy(t, { token: TOKEN, ...config })
  const dist = path.join(deployment.directory, 'dist')
  const bundle = path.join(dist, 'responder.cjs')
  const text = fs.readFileSync(bundle, 'utf8')
  fs.writeFileSync(
    bundle,
    text.replace(
      /^var app = createApp\(\);$/m,
      () => `var app = createApp({ session: { initial: () => ({}) } });\n${handlers}`,
    ),
  )
  // The snapshot is one of the bundle as it was.
  fs.rmSync(path.join(deployment.directory, SNAPSHOT), { force: true })
  return deployment
}

let messages = 0

/** A text that nobody has written before, and the query that WeChat would sign it with at this time. */
export function textOf(content: string, time = Date.now()): { readonly query: string; readonly body: string } {
  const createTime = Math.floor(time / 1000)
  const body = composeMessage({
    kind: 'text',
    values: [content],
    toUserName: 'gh_a0b1c2d3e4f5',
    // Messages of one follower are handled one after the other.
    fromUserName: `oQ7xExampleFan${messages + 1}`,
    createTime,
    msgId: String(2e16 + ++messages),
  })
  const nonce = '772019364'
  const signature = sign(TOKEN, String(createTime), nonce)
  return { query: `signature=${signature}&timestamp=${createTime}&nonce=${nonce}`, body }
}

/** Says something to a FastCGI responder: the CGI document that it answers. */
export function say(socket: string, content: string, time?: number): Promise<string> {
  const { query, body } = textOf(content, time)
  return ask(socket, query, body)
}

/** The same with further variables. */
export async function sayWith(socket: string, content: string, more: Variables): Promise<string> {
  const { query, body } = textOf(content)
  const wire = connect(socket)
  wire.send(request(query, body, { more }))
  const { document } = await wire.reply()
  wire.socket.destroy()
  return document
}

/** The same roll of dice, delivered twice. */
export async function twice(socket: string, time?: number): Promise<string[]> {
  const { query, body } = textOf('roll 999', time)
  const answers = []
  for (let delivery = 0; delivery < 2; delivery++) {
    const wire = connect(socket)
    wire.send(request(query, body))
    const text = Buffer.from((await wire.reply()).document, 'latin1').toString()
    answers.push(/<Content>.*<\/Content>/.exec(text)?.[0] ?? text)
    wire.socket.destroy()
  }
  return answers
}

/** What a service has said on its error output since. */
export function gather(service: ChildProcess): () => string {
  let log = ''
  service.stderr?.on('data', text => {
    log += text
  })
  return () => log
}

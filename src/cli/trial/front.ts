import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { WeixinError } from '../../errors.ts'
import { createHttpFront } from '../../gateway/http.ts'
import { createLogger } from '../../log.ts'
import type { Terminal } from '../terminal/command.ts'
import { freePort } from './free-port.ts'
import { type Apache, startPrivateApache } from './private-apache.ts'

/** The responder ended before it listened. */
class ResponderError extends WeixinError {
  override name = 'ResponderError'

  constructor(code: number | null) {
    super({
      en: `the responder did not start (exit code ${code}); its reason is above`,
      zh: `公众号服务未能启动（退出码 ${code}）；原因见上`,
    })
  }
}

/** What stands in front of the responder, and answers at a URL until it is stopped. */
export interface Front {
  readonly url: string
  /** What it is, for the person who reads it. */
  readonly name: string
  stop(): Promise<void>
}

/** Where the responder is tried, and in what environment. */
export interface Place {
  readonly port: number
  /** A folder for Apache's own files, which goes at the end. */
  readonly scratch: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** The responder as a service behind an Apache of its own, or where there is none as CGI behind the small HTTP front. */
export function startFront(apache: Apache | undefined, place: Place, terminal: Terminal): Promise<Front> {
  return apache ? behindApache(apache, place, terminal) : behindHttpFront(place, terminal)
}

async function behindApache(apache: Apache, place: Place, terminal: Terminal): Promise<Front> {
  const { directory } = terminal
  const { port, scratch } = place
  const backend = await freePort(port + 1)
  const responder = await startResponder(terminal, place, backend)
  const shipped = fs.readFileSync(path.join(directory, 'apache', 'wamp-proxy-fcgi.conf'), 'utf8')
  const vhost = shipped.replaceAll('d:/wamp/www/weixin', directory).replaceAll('127.0.0.1:9000', `127.0.0.1:${backend}`)
  try {
    const { url, stop } = await startPrivateApache({ apache, directory: scratch, vhost, port })
    return { url, name: `${apache.binary}, mod_proxy_fcgi`, stop: () => stop().then(() => endChild(responder)) }
  } catch (error) {
    await endChild(responder)
    throw error
  }
}

/** As text, or with `"log": "json"`. */
const LISTENING = /^weixin info: listening |"message":"listening"/

/** Resolves once it listens; what it says after that is for the reader. */
async function startResponder(
  { directory, printError }: Terminal,
  { environment }: Place,
  port: number,
): Promise<ChildProcess> {
  const command = path.join(directory, 'dist', 'cli.js')
  // In a process group of its own: Ctrl-C reaches it only through us, after Apache has ended.
  const child = spawn(process.execPath, [command, 'serve', '--listen', `127.0.0.1:${port}`], {
    env: { ...environment, WEIXIN_LOG_LEVEL: 'info' },
    stdio: ['ignore', 'inherit', 'pipe'],
    detached: true,
  })
  const lines = createInterface({ input: child.stderr })
  await new Promise<void>((resolve, reject) => {
    lines.on('line', line => (LISTENING.test(line) ? resolve() : printError(line)))
    child.once('exit', code => reject(new ResponderError(code)))
  })
  return child
}

function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve()
  return new Promise(resolve => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}

async function behindHttpFront({ port, environment }: Place, { directory, printError }: Terminal): Promise<Front> {
  const front = await createHttpFront({
    script: path.join(directory, 'cgi-bin', 'weixin'),
    nodePath: process.execPath,
    environment,
    port,
    log: createLogger(printError),
  })
  return { url: `http://127.0.0.1:${port}/`, name: 'HTTP → CGI', stop: () => front.close() }
}

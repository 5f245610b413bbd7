import { spawn } from 'node:child_process'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import type { Logger } from '../log.ts'
import type { ListenAddress } from './listen-address.ts'
import { listenError } from './listen-error.ts'
import type { CgiEnvironment } from './request.ts'
import { scriptEnvironment } from './script-environment.ts'
import { parseScriptOutput } from './script-output.ts'

/** What the HTTP front runs. */
export interface HttpFrontOptions {
  /** The CGI script, a JavaScript program that `nodePath` runs; no shell is involved. */
  readonly script: string
  readonly nodePath: string
  /** Variables that the script gets besides the request's own. */
  readonly environment: CgiEnvironment
  /** 0 for one that the system chooses. */
  readonly port: number
  readonly log: Logger
  /** Milliseconds that the script may take; 30 000 if not given. */
  readonly timeout?: number
}

/** A running HTTP front. */
export interface HttpFront {
  /** Ends with a slash. */
  readonly url: string
  /** Stops accepting and resolves when what runs has been answered. */
  close(): Promise<void>
}

const LOOPBACK = '127.0.0.1'

/**
 * Serves one CGI script for every path, on the loopback interface only: what Apache does with `ScriptAlias /`, for
 * machines without Apache.
 *
 * @throws {ListenError} when the port cannot be listened on.
 */
export async function createHttpFront(options: HttpFrontOptions): Promise<HttpFront> {
  const address: ListenAddress = { host: LOOPBACK, port: options.port }
  const server = createServer((request, response) => {
    const environment = scriptEnvironment(request, options)
    if (environment) runScript(options, environment, request, response)
    else refuse(response, 400)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(address, error.code ?? '', error)))
    server.listen(address, resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${LOOPBACK}:${port}/`,
    close: () => new Promise(resolve => server.close(() => resolve())),
  }
}

function runScript(
  options: HttpFrontOptions,
  environment: CgiEnvironment,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { script, nodePath, log, timeout = 30_000 } = options
  const child = spawn(nodePath, [script], {
    cwd: path.dirname(script),
    env: environment,
    stdio: ['pipe', 'pipe', 'inherit'],
    windowsHide: true,
  })
  const output: Buffer[] = []
  const timer = setTimeout(() => {
    log.error('the script did not answer in time and was ended', { milliseconds: timeout })
    refuse(response, 504)
    child.kill('SIGKILL')
  }, timeout)
  request.pipe(child.stdin)
  // A script need not read its body to the end.
  child.stdin.on('error', () => {})
  child.stdout.on('data', chunk => output.push(chunk))
  child.on('error', error => log.error('the script could not be started', { reason: error.message }))
  child.on('close', () => {
    clearTimeout(timer)
    answer(response, Buffer.concat(output), log)
  })
  response.on('close', () => child.kill())
}

function answer(response: ServerResponse, output: Buffer, log: Logger): void {
  if (response.writableEnded || response.destroyed) return
  const parsed = parseScriptOutput(output)
  if (parsed === undefined) {
    log.error('the script did not print what a CGI script has to', { bytes: output.length })
    refuse(response, 500)
    return
  }
  response.writeHead(parsed.status, parsed.headers.flat())
  response.end(parsed.body)
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' })
  response.end(`${status}\n`)
}

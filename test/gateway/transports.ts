import { once } from 'node:events'
import path from 'node:path'
import type { Test } from 'tap'
import { begin, connect, PARAMS, pairs, STDIN, stream } from './fastcgi/client.ts'
import { launch, listeningSocket, type Program, scratch, socketPair } from './launch.ts'

export interface Exchange {
  readonly variables: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

/** One way for a request to reach the application: gives the CGI document that answers it. */
export type Transport = (exchange: Exchange) => Promise<string>

async function cgiByPipes(t: Test): Promise<Transport> {
  return async ({ variables, body = '' }) => {
    const { child } = launch(t, {
      environment: { ...variables, GATEWAY_INTERFACE: 'CGI/1.1' },
      stdio: ['pipe', 'pipe'],
    })
    child.stdin?.on('error', () => {})
    child.stdin?.end(body)
    return read(child.stdout)
  }
}

async function cgiBySocket(t: Test): Promise<Transport> {
  return async ({ variables, body = '' }) => {
    const { ours, theirs } = await socketPair(t)
    launch(t, { environment: { ...variables, GATEWAY_INTERFACE: 'CGI/1.1' }, stdio: [theirs, theirs] })
    theirs.destroy()
    ours.end(body)
    return read(ours)
  }
}

async function read(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = ''
  for await (const chunk of stream?.setEncoding('latin1') ?? []) text += chunk
  return text
}

export type Engine = 'records' | 'node-fastcgi'

/** A responder for the tests' life, and where to connect to it. */
export type Responder = (
  t: Test,
  engine: Engine,
  limits?: object,
) => Promise<{ where: string | number; program: Program }>

function environment(engine: Engine, limits: object) {
  return { TEST_ENGINE: engine, TEST_LIMITS: JSON.stringify(limits) }
}

export const onFd0: Responder = async (t, engine, limits = {}) => {
  const socket = await listeningSocket(t)
  const program = launch(t, { environment: environment(engine, limits), stdio: [socket.fd, 'ignore'] })
  socket.close()
  return { where: socket.file, program }
}

export const onFd3: Responder = async (t, engine, limits = {}) => {
  const socket = await listeningSocket(t)
  const program = launch(t, {
    environment: { ...environment(engine, limits), LISTEN_FDS: '1' },
    stdio: ['ignore', 'ignore', socket.fd],
  })
  socket.close()
  return { where: socket.file, program }
}

export const onUnixSocket: Responder = async (t, engine, limits = {}) => {
  const file = path.join(scratch(t), 'fcgi.sock')
  const program = launch(t, { environment: environment(engine, limits), argv: ['--listen', file] })
  await program.logged('listening')
  return { where: file, program }
}

export const onPort: Responder = async (t, engine, limits = {}) => {
  const program = launch(t, { environment: { ...environment(engine, limits), WEIXIN_LISTEN: ':0' } })
  await program.logged('listening')
  const [, port] = /address=127\.0\.0\.1:(\d+)/.exec(program.log()) ?? []
  return { where: Number(port), program }
}

function fastcgi(responder: Responder, engine: Engine): (t: Test) => Promise<Transport> {
  return async t => {
    const { where } = await responder(t, engine)
    return async ({ variables, body = '' }) => {
      const wire = connect(where)
      wire.send(Buffer.concat([begin(1), stream(PARAMS, 1, pairs(variables)), stream(STDIN, 1, body)]))
      const { document } = await wire.reply()
      if (!wire.socket.destroyed) await once(wire.socket, 'close')
      return document
    }
  }
}

/** All of them. */
export const TRANSPORTS: Readonly<Record<string, (t: Test) => Promise<Transport>>> = {
  'CGI by pipes': cgiByPipes,
  'CGI by a connected socket': cgiBySocket,
  'FastCGI on descriptor 0, records': fastcgi(onFd0, 'records'),
  'FastCGI on descriptor 0, node-fastcgi': fastcgi(onFd0, 'node-fastcgi'),
  'FastCGI on descriptor 3, records': fastcgi(onFd3, 'records'),
  'FastCGI on descriptor 3, node-fastcgi': fastcgi(onFd3, 'node-fastcgi'),
  'FastCGI on a unix socket, records': fastcgi(onUnixSocket, 'records'),
  'FastCGI on a unix socket, node-fastcgi': fastcgi(onUnixSocket, 'node-fastcgi'),
  'FastCGI on TCP, records': fastcgi(onPort, 'records'),
  'FastCGI on TCP, node-fastcgi': fastcgi(onPort, 'node-fastcgi'),
}

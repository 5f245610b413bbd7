import { Duplex } from 'node:stream'
import type { IncomingMessage } from 'node-fastcgi'
import type { Logger } from '../../log.ts'
import { failureReport } from '../failure.ts'
import type { BodyFault, CgiEnvironment } from '../request.ts'
import { requestFromEnvironment } from '../request.ts'
import type { Application } from '../response.ts'
import { plainResponse, respond, serializeResponse } from '../response.ts'
import type { FastcgiRequest } from './exchange.ts'
import { encodePairs } from './pairs.ts'
import { createRecordReader, encodeRequest, TYPE } from './records.ts'
import type { Engine } from './server.ts'

/** A variable of our own that tells the handler what this side found wrong with the body. */
const BODY_FAULT = 'GATEWAY_BODY_FAULT'
const REQUEST_ID = 1

/**
 * The engine that lets the package node-fastcgi answer. Each request, validated and framed anew, is a connection of
 * its own for the package: it ignores FCGI_KEEP_CONN, ends the process for records that it does not expect, and
 * writes behind FCGI_END_REQUEST, none of which then reaches a web server.
 */
export async function createNodeFastcgiEngine(application: Application, log: Logger): Promise<Engine> {
  const { createServer } = await import('node-fastcgi')
  const report = failureReport(log)
  const server = createServer(message => {
    answer(application, message, report).catch(error => message.socket.destroy(error))
  })
  server.setTimeout(0)
  return exchange => {
    return new Promise<Buffer>((resolve, reject) => {
      const peer = createPeer(resolve, reject)
      server.emit('connection', peer)
      // Not by way of the stream's queue: what the package throws over a record is to be caught here.
      peer.emit('data', encodeExchange(exchange))
    }).catch(error => {
      report(error)
      return serializeResponse(plainResponse(500, 'internal error'), exchange.request.method)
    })
  }
}

async function answer(application: Application, message: IncomingMessage, report: (error: unknown) => void) {
  const { socket } = message
  const body: Buffer[] = []
  for await (const chunk of message) body.push(chunk)
  const environment: CgiEnvironment = socket.params
  const fault = (environment[BODY_FAULT] || undefined) as BodyFault | undefined
  const request = requestFromEnvironment(environment, Buffer.concat(body), fault)
  socket.end(await respond(application, request, report))
}

function encodeExchange({ request, params }: FastcgiRequest): Buffer {
  // Always there and last, so that it is never a peer's.
  const fault = encodePairs({ [BODY_FAULT]: request.bodyFault ?? '' })
  const records = [params, fault].filter(pairs => pairs.length > 0)
  return encodeRequest(REQUEST_ID, records, request.body)
}

/** The web server's end of a connection that carries one request. */
function createPeer(resolve: (document: Buffer) => void, reject: (error: Error) => void): Duplex {
  const document: Buffer[] = []
  const read = createRecordReader((type, _id, bytes, start, end) => {
    if (type === TYPE.stdout) document.push(bytes.subarray(start, end))
    if (type !== TYPE.endRequest) return
    resolve(Buffer.concat(document))
    peer.destroy()
  })
  const peer = new Duplex({
    read() {},
    write(chunk, _encoding, written) {
      read(chunk)
      written()
    },
  })
  peer.on('close', () => reject(new Error('node-fastcgi closed the connection without a reply')))
  return peer
}

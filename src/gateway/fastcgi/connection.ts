import type { Exchange, FastcgiRequest, Progress } from './exchange.ts'
import { beginAnswer, beginExchange, takeParams, takeStdin } from './exchange.ts'
import type { Limits } from './limits.ts'
import { MAX_VARIABLES } from './limits.ts'
import { decodePairs, encodePairs, wantedNames } from './pairs.ts'
import {
  createRecordReader,
  encodeEnd,
  encodeManagement,
  encodeReply,
  KEEP_CONN,
  ProtocolError,
  ROLE_RESPONDER,
  STATUS,
  TYPE,
} from './records.ts'

/** What a connection needs of whoever owns its socket. */
export interface ConnectionOwner {
  readonly limits: Limits
  /** Milliseconds on any scale; read often, so that a coarse one is best. */
  readonly clock: { readonly now: number }
  send(bytes: Buffer): void
  /** What the peer has sent in this moment and nobody has read yet; empty when there is nothing. */
  late(): Buffer
  /** Everything is sent. `unread` says that the peer may still be sending what nobody wants. */
  finish(unread: boolean): void
  /** Runs the engine; never rejects. */
  answer(request: FastcgiRequest): Promise<Buffer>
  /** The peer broke the protocol; `finish` follows. */
  violation(reason: string): void
}

const CAPACITIES = ['FCGI_MAX_CONNS', 'FCGI_MAX_REQS', 'FCGI_MPXS_CONNS'] as const
const WANTED_CAPACITIES = wantedNames(CAPACITIES)

/**
 * The responder's side of one connection from a web server (FastCGI 1.0): bytes in, requests to the engine, bytes
 * out. It validates everything and knows no socket. Requests are multiplexed: each is answered when its answer is there.
 */
export class Connection {
  readonly #owner: ConnectionOwner
  readonly #read: (chunk: Buffer) => void
  readonly #exchanges = new Map<number, Exchange>()
  /** Replies that need no engine, for one write after the chunk that asked for them. */
  #outbox: Buffer[] = []
  #idleSince: number
  /** Milliseconds for which the connection may be idle, however many its state permits. */
  #patience = Number.POSITIVE_INFINITY
  #hurried = false
  #begun = false
  /** The connection ends as soon as no request is left. */
  #closing = false
  /** It is this side alone that wants it to end: a request that the peer has sent by then is answered first. */
  #retiring = false
  #finished = false
  #unread = false

  constructor(owner: ConnectionOwner) {
    this.#owner = owner
    this.#idleSince = owner.clock.now
    this.#read = createRecordReader((type, id, bytes, start, end) => this.#take(type, id, bytes, start, end))
  }

  /** Takes what the socket gave, however it is cut. */
  receive(chunk: Buffer): void {
    if (this.#finished) return
    try {
      this.#read(chunk)
    } catch (error) {
      this.#violated(error)
    }
    if (this.#outbox.length > 0) {
      this.#owner.send(Buffer.concat(this.#outbox))
      this.#outbox = []
    }
    this.#settle()
  }

  /** The peer sends no more: requests that are whole still get their answers. */
  peerEnded(): void {
    for (const [id, exchange] of this.#exchanges) if (exchange.stage !== 'answering') this.#exchanges.delete(id)
    this.#closing = true
    this.#settle()
  }

  /** The socket is gone, and with it everybody who wanted an answer. */
  lost(): void {
    this.#exchanges.clear()
    this.#finished = true
  }

  /**
   * Ends the connection once it has been idle for `patience` milliseconds, counted from the first call on; `hurried`,
   * with its next reply too.
   */
  retire(patience: number, hurried: boolean): void {
    if (this.#patience === Number.POSITIVE_INFINITY) this.#idleSince = this.#owner.clock.now
    this.#patience = patience
    this.#hurried = hurried
  }

  /** Enforces the deadlines; to be called from time to time. */
  tick(): void {
    const { clock, limits } = this.#owner
    const { now } = clock
    const patience = Math.min(this.#patience, this.#begun ? limits.keepAliveTimeout : limits.silentTimeout)
    if (this.#exchanges.size === 0 && this.#idleSince + patience <= now) this.#retiring = true
    for (const exchange of this.#exchanges.values()) {
      if (exchange.stage === 'answering' || exchange.deadline > now) continue
      if (exchange.stage === 'stdin') this.#answer(exchange, 'timeout')
      else this.#violated(new ProtocolError('FCGI_PARAMS did not end in time'))
    }
    this.#settle()
  }

  #take(type: number, id: number, bytes: Buffer, start: number, end: number): void {
    const { maxBody } = this.#owner.limits
    const exchange = this.#exchanges.get(id)
    switch (type) {
      case TYPE.beginRequest:
        this.#begin(id, bytes.subarray(start, end))
        break
      case TYPE.getValues:
        this.#tellCapacities(id, bytes.subarray(start, end))
        break
      case TYPE.params:
        // Records of a request that is over, or never was, are to be ignored (section 3.3).
        if (exchange) this.#answer(exchange, takeParams(exchange, bytes, start, end, maxBody))
        break
      case TYPE.stdin:
        if (exchange) this.#answer(exchange, takeStdin(exchange, bytes, start, end, maxBody))
        break
      case TYPE.abortRequest:
        if (exchange) this.#abort(exchange)
        break
      case TYPE.data:
        break
      default:
        this.#outbox.push(encodeManagement(TYPE.unknownType, Buffer.of(type, 0, 0, 0, 0, 0, 0, 0)))
    }
  }

  #begin(id: number, content: Buffer): void {
    if (id === 0 || content.length !== 8) throw new ProtocolError('malformed FCGI_BEGIN_REQUEST')
    if (this.#exchanges.has(id)) throw new ProtocolError('FCGI_BEGIN_REQUEST for a request that is running')
    const { clock, limits } = this.#owner
    this.#begun = true
    if (((content[2] ?? 0) & KEEP_CONN) === 0) this.#closing = true
    if (content.readUInt16BE(0) !== ROLE_RESPONDER) {
      this.#outbox.push(encodeEnd(id, STATUS.unknownRole))
    } else if (this.#exchanges.size >= limits.maxRequests) {
      this.#outbox.push(encodeEnd(id, STATUS.overloaded))
    } else {
      this.#exchanges.set(id, beginExchange(id, clock.now + limits.bodyTimeout))
    }
  }

  #answer(exchange: Exchange, progress: Progress): void {
    if (progress === 'more') return
    this.#owner.answer(beginAnswer(exchange, progress)).then(document => {
      if (this.#exchanges.get(exchange.id) !== exchange) return
      this.#owner.send(encodeReply(exchange.id, document))
      this.#end(exchange)
      this.#settle()
    })
  }

  /** The answer, when it comes, finds nobody who wants it. */
  #abort(exchange: Exchange): void {
    this.#outbox.push(encodeEnd(exchange.id, STATUS.requestComplete))
    this.#end(exchange)
  }

  #end(exchange: Exchange): void {
    this.#exchanges.delete(exchange.id)
    this.#idleSince = this.#owner.clock.now
    if (this.#hurried) this.#retiring = true
    if (!exchange.stdinEnded) this.#unread = true
  }

  #tellCapacities(id: number, content: Buffer): void {
    if (id !== 0) throw new ProtocolError('FCGI_GET_VALUES with a request id')
    const { maxConnections } = this.#owner.limits
    const capacities: Record<(typeof CAPACITIES)[number], string> = {
      FCGI_MAX_CONNS: String(maxConnections),
      FCGI_MAX_REQS: String(maxConnections),
      FCGI_MPXS_CONNS: '1',
    }
    const asked = decodePairs(content, WANTED_CAPACITIES, MAX_VARIABLES)
    const told = Object.entries(capacities).filter(([name]) => name in asked)
    this.#outbox.push(encodeManagement(TYPE.getValuesResult, encodePairs(Object.fromEntries(told))))
  }

  #violated(error: unknown): void {
    if (!(error instanceof ProtocolError)) throw error
    this.#owner.violation(error.message)
    this.#exchanges.clear()
    this.#closing = true
  }

  #settle(): void {
    if (this.#finished || this.#exchanges.size > 0 || !(this.#closing || this.#retiring)) return
    if (!this.#closing) {
      const late = this.#owner.late()
      this.#retiring = late.length === 0
      if (!this.#retiring) {
        this.receive(late)
        return
      }
    }
    this.#finished = true
    this.#owner.finish(this.#unread)
  }
}

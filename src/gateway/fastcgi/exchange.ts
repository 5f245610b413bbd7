import { contentLength } from '../content-length.ts'
import type { BodyFault, CgiEnvironment, GatewayRequest } from '../request.ts'
import { requestFromEnvironment } from '../request.ts'
import { MAX_PARAMS, MAX_SKIPPED_PARAMS, MAX_VARIABLES } from './limits.ts'
import { decodePairs, wantedNames } from './pairs.ts'
import { ProtocolError } from './records.ts'

/** A validated request: what the application gets, and all variables still encoded, for an engine that wants them. */
export interface FastcgiRequest {
  readonly request: GatewayRequest
  readonly params: Buffer
}

/** One request on its way in, and, while `answering`, its reply on the way out. */
export interface Exchange {
  readonly id: number
  /** When the whole request has to be there, by the connection's clock. */
  readonly deadline: number
  stage: 'params' | 'stdin' | 'answering'
  stdinEnded: boolean
  environment: CgiEnvironment
  /** Undefined when the web server did not say. */
  contentLength: number | undefined
  readonly params: Gathered
  readonly body: Gathered
}

/** Whether the request can be answered now, and if it is not whole, why. */
export type Progress = 'more' | 'complete' | BodyFault

/** Bytes of a stream that came in several records: a first one is kept where it is, only a second is copied. */
interface Gathered {
  bytes: Buffer
  length: number
}

const EMPTY = Buffer.alloc(0)
const WANTED = wantedNames([
  'REQUEST_METHOD',
  'SCRIPT_NAME',
  'PATH_INFO',
  'QUERY_STRING',
  'CONTENT_TYPE',
  'CONTENT_LENGTH',
  'HTTP_CONTENT_ENCODING',
])

export function beginExchange(id: number, deadline: number): Exchange {
  return {
    id,
    deadline,
    stage: 'params',
    stdinEnded: false,
    environment: {},
    contentLength: undefined,
    params: { bytes: EMPTY, length: 0 },
    body: { bytes: EMPTY, length: 0 },
  }
}

/**
 * Takes the content of one FCGI_PARAMS record; a pair may straddle the border of two.
 *
 * @throws {ProtocolError} when the stream has ended already, is too long or malformed.
 */
export function takeParams(exchange: Exchange, bytes: Buffer, start: number, end: number, maxBody: number): Progress {
  if (exchange.stage !== 'params') throw new ProtocolError('FCGI_PARAMS after its end')
  const { params } = exchange
  if (end > start) {
    gatherParams(params, bytes, start, end)
    return 'more'
  }
  if (params.length > MAX_PARAMS) return 'head-too-large'
  exchange.environment = decodePairs(whole(params), WANTED, MAX_VARIABLES)
  exchange.contentLength = contentLength(exchange.environment)
  exchange.stage = 'stdin'
  if (exchange.contentLength === undefined) return 'more'
  if (Number.isNaN(exchange.contentLength)) return 'incomplete'
  return exchange.contentLength > maxBody ? 'too-large' : 'more'
}

/**
 * Takes the content of one FCGI_STDIN record. What comes after the end, or after the answer has begun, is ignored.
 *
 * @throws {ProtocolError} when FCGI_PARAMS has not ended.
 */
export function takeStdin(exchange: Exchange, bytes: Buffer, start: number, end: number, maxBody: number): Progress {
  if (exchange.stage === 'params') throw new ProtocolError('FCGI_STDIN before the end of FCGI_PARAMS')
  if (end === start) exchange.stdinEnded = true
  if (exchange.stage === 'answering') return 'more'
  const { body } = exchange
  if (end === start) return body.length === (exchange.contentLength ?? body.length) ? 'complete' : 'incomplete'
  if (body.length + end - start > maxBody) return 'too-large'
  gather(body, bytes, start, end)
  return 'more'
}

/** What the engine is asked; from here on the exchange holds no byte of the request any more. */
export function beginAnswer(exchange: Exchange, progress: Exclude<Progress, 'more'>): FastcgiRequest {
  const fault = progress === 'complete' ? undefined : progress
  const { environment } = exchange
  const request = requestFromEnvironment(environment, fault ? EMPTY : whole(exchange.body), fault)
  const params = whole(exchange.params)
  exchange.stage = 'answering'
  exchange.environment = {}
  exchange.params.bytes = exchange.body.bytes = EMPTY
  return { request, params }
}

/** Of too many nothing is kept, but whoever sent them through a web server gets an answer once they have ended. */
function gatherParams(params: Gathered, bytes: Buffer, start: number, end: number): void {
  const length = params.length + end - start
  if (length > MAX_SKIPPED_PARAMS) throw new ProtocolError(`more than ${MAX_SKIPPED_PARAMS} bytes of FCGI_PARAMS`)
  if (length <= MAX_PARAMS) {
    gather(params, bytes, start, end)
  } else {
    params.bytes = EMPTY
    params.length = length
  }
}

function gather(gathered: Gathered, bytes: Buffer, start: number, end: number): void {
  const length = gathered.length + end - start
  if (gathered.length === 0) {
    gathered.bytes = bytes.subarray(start, end)
  } else {
    if (length > gathered.bytes.length) {
      const larger = Buffer.allocUnsafe(length * 2)
      gathered.bytes.copy(larger, 0, 0, gathered.length)
      gathered.bytes = larger
    }
    bytes.copy(gathered.bytes, gathered.length, start, end)
  }
  gathered.length = length
}

function whole(gathered: Gathered): Buffer {
  return gathered.bytes.length === gathered.length ? gathered.bytes : gathered.bytes.subarray(0, gathered.length)
}

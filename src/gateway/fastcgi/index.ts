import type { Logger } from '../../log.ts'
import { failureReport } from '../failure.ts'
import type { ListenOptions } from '../listen.ts'
import { openListener } from '../listen.ts'
import type { ListenAddress } from '../listen-address.ts'
import type { Application } from '../response.ts'
import { respond } from '../response.ts'
import type { Limits } from './limits.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import type { Engine } from './server.ts'
import { serveConnections } from './server.ts'

/** Who turns a validated request into the application's answer. */
export type EngineName = 'records' | 'node-fastcgi'

/** What `serveFastcgi` needs; limits that are not given are `DEFAULT_LIMITS`. */
export interface FastcgiOptions extends ListenOptions, Partial<Limits> {
  readonly listen: ListenAddress
  readonly engine: EngineName
  readonly log: Logger
}

/** A running FastCGI responder. */
export interface FastcgiResponder {
  /** Where it listens, as a person would write it. */
  readonly address: string
  /**
   * Stops accepting, lets running requests finish and ends each connection when it is quiet, which takes some two
   * seconds at most; resolves when the last reply is flushed and the application is idle.
   */
  close(): Promise<void>
}

/**
 * Serves the application as a FastCGI responder.
 *
 * @throws {ListenError} when the address cannot be listened on.
 */
export async function serveFastcgi(application: Application, options: FastcgiOptions): Promise<FastcgiResponder> {
  const { listen, log } = options
  const engine = await createEngine(application, options.engine, log)
  const { server, address, release } = await openListener(listen, options)
  const close = serveConnections(server, engine, { ...DEFAULT_LIMITS, ...options }, log)
  return {
    address,
    close() {
      release()
      return close()
    },
  }
}

async function createEngine(application: Application, name: EngineName, log: Logger): Promise<Engine> {
  if (name === 'node-fastcgi') {
    // Only whoever asks for it waits for node:http and the package to load.
    const { createNodeFastcgiEngine } = await import('./node-fastcgi-engine.ts')
    return createNodeFastcgiEngine(application, log)
  }
  const report = failureReport(log)
  return ({ request }) => respond(application, request, report)
}

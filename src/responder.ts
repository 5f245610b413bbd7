import { app } from './app.ts'
import { loadConfig } from './config/load.ts'
import type { Config } from './config/types.ts'
import { UsageError, WeixinError } from './errors.ts'
import { serveCgi } from './gateway/cgi.ts'
import { isDirect, isSocket, writeLines } from './gateway/descriptor.ts'
import { detectGateway, type Gateway } from './gateway/detect.ts'
import type { EngineName } from './gateway/fastcgi/index.ts'
import type { ListenAddress } from './gateway/listen-address.ts'
import { type Application, plainResponse } from './gateway/response.ts'
import { SHUTDOWN } from './gateway/shutdown.ts'
import type { Logger } from './log.ts'
import { createSite, type SiteOptions } from './site.ts'
import { journalFolder } from './traffic/journal-files.ts'
import { type LogSettings, type OpenLog, openLog } from './traffic/open-log.ts'

/** A service leaves a delivery whose answer is late open for twice as long as WeChat waits. */
const HOLD = 10_000

/** Milliseconds until whoever reads the log more slowly than it is written is given the rest; and how often at the end. */
const LOG_PAUSE = 10
const LAST_TRIES = 50

/** Nothing was done because the configuration, the environment or the command line is wrong. */
const EXIT_UNUSABLE = 2
const EXIT_FAILED = 1

/**
 * What cgi-bin/weixin runs: finds out how it was started, reads the configuration and answers. The outermost function,
 * and the only one on this way that ends the process.
 *
 * @param directory the project's folder
 */
export async function run(directory: string): Promise<void> {
  const { config, log, flush } = await prepare(directory)
  process.on('exit', () => flushLast(flush))
  try {
    const gateway = gatewayOf(config)
    if (gateway.kind === 'cgi') {
      const holdTermination = () => void process.on('SIGTERM', () => {})
      // What a handler left to itself may fail; the answer is still given, after the deadline at the latest.
      process.on('uncaughtException', error => log.error(lineOf(error)))
      // A handler that was too slow is still running; nobody waits for it any more.
      return process.exit(await answerOnce({ app, config, directory, log, holdTermination }))
    }
    if (!isConfig(config)) throw config
    const application = await createSite({
      app,
      config,
      environment: process.env,
      directory,
      log,
      hold: HOLD,
      spent: 0,
    })
    await listen(application, gateway.listen, log)
  } catch (error) {
    fail(error, log)
  }
}

/** The configuration, or what is wrong with it, and the log that it asks for. */
export async function prepare(directory: string): Promise<OpenLog & { readonly config: unknown }> {
  const config = await loadConfig(process.env, directory).catch(error => error as unknown)
  const opened = openLog({
    settings: isConfig(config) ? config : withoutConfig(process.env['WEIXIN_LOG']),
    folder: isConfig(config) ? journalFolder(config.store, directory) : directory,
    write: lines => writeLines(2, lines),
    isStamped: !isDirect(2),
    now: Date.now,
    later: setImmediate,
    again: work => void setTimeout(work, LOG_PAUSE).unref(),
    uid: process.geteuid?.(),
  })
  return { config, ...opened }
}

export function gatewayOf(config: unknown): Gateway {
  return detectGateway({
    environment: process.env,
    argv: process.argv.slice(2),
    pid: process.pid,
    isFd0ListeningSocket: () => isSocket(0),
    configuredListen: isConfig(config) ? config.listen : undefined,
  })
}

/** Whoever reads the log gets a little time for its last lines. */
export function flushLast(flush: () => boolean): void {
  for (let tries = 1; !flush() && tries < LAST_TRIES; tries++) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOG_PAUSE)
  }
}

/** How a mistake in the configuration is logged. */
function withoutConfig(log: string | undefined): LogSettings {
  const format = log === 'json' ? 'json' : 'text'
  return { log: format, logLevel: 'info', journal: 'off', journalDays: 1, journalMegabytes: 1 }
}

function isConfig(config: unknown): config is Config {
  return !(config instanceof Error)
}

export interface OnceOptions extends Pick<SiteOptions, 'app' | 'directory' | 'log'> {
  /** The configuration, or what is wrong with it. */
  readonly config: unknown
  readonly holdTermination: () => void
}

/**
 * CGI: the web server is told about a wrong configuration by its client's 500, and by its own error log.
 *
 * @returns the exit code
 */
export async function answerOnce(options: OnceOptions): Promise<number> {
  const { log, holdTermination } = options
  const runs: Promise<unknown>[] = []
  let exitCode: number | undefined
  const application = await createOnce(options, run => runs.push(run)).catch(error => {
    exitCode = EXIT_UNUSABLE
    return unusable(error, log)
  })
  const code = await serveCgi(application, {
    environment: process.env,
    log,
    stdin: () => process.stdin,
    stdout: () => process.stdout,
    holdTermination,
  })
  // What the follower was told to wait for; a handler is given up after "handlerLimit".
  await Promise.allSettled(runs)
  return exitCode ?? code
}

async function createOnce(
  { app, config, directory, log }: OnceOptions,
  begun: (run: Promise<unknown>) => void,
): Promise<Application> {
  if (!isConfig(config)) throw config
  // Nothing lives on after the answer: a delivery whose answer is late is left open for as long as a handler may run.
  const hold = config.handlerLimit * 1000
  const spent = Math.round(process.uptime() * 1000)
  return createSite({ app, config, environment: process.env, directory, log, hold, spent, begun })
}

function unusable(error: unknown, log: Logger): Application {
  log.error(lineOf(error))
  return async () => plainResponse(500, 'internal error')
}

async function listen(application: Application, address: ListenAddress, log: Logger): Promise<void> {
  const { default: cluster } = await import('node:cluster')
  const { serveFastcgi } = await import('./gateway/fastcgi/index.ts')
  const engine = engineName(process.env['WEIXIN_FASTCGI'])
  const umask = (mask: number) => process.umask(mask)
  const responder = await serveFastcgi(application, { listen: address, engine, log, umask, shared: cluster.isWorker })
  // A socket that was handed to us is not for the programs that a handler may start.
  delete process.env['LISTEN_FDS']
  delete process.env['LISTEN_PID']
  log.info('listening', { address: responder.address, pid: process.pid })
  // Whoever read our standard error may go; a warning of Node's that nobody reads is no reason to end.
  process.stderr.on('error', () => {})
  let stopping = false
  const stop = (code: number) => {
    if (!stopping) responder.close().then(() => process.exit(code))
    stopping = true
  }
  // Told again, as mod_fcgid does after a second, it goes on finishing; only Ctrl-C is obeyed at once the second time.
  process.on('SIGTERM', () => stop(0))
  process.once('SIGINT', () => stop(0))
  // systemctl reload: whoever supervises this process starts another, which reads everything anew.
  process.on('SIGHUP', () => stop(0))
  process.on('message', message => message === SHUTDOWN && stop(0))
  // Nobody knows what a process is worth after that: it finishes what it has begun, and its supervisor starts another.
  process.on('uncaughtException', error => {
    log.error(lineOf(error))
    stop(EXIT_FAILED)
  })
}

function engineName(name = 'records'): EngineName {
  if (name === 'records' || name === 'node-fastcgi') return name
  throw new UsageError({
    en: `WEIXIN_FASTCGI is ${JSON.stringify(name)}; permitted: records, node-fastcgi`,
    zh: `WEIXIN_FASTCGI 的值是 ${JSON.stringify(name)}；允许：records、node-fastcgi`,
  })
}

function fail(error: unknown, log: Logger): never {
  // A usage has several lines, and is for a person at a terminal.
  if (error instanceof UsageError) writeLines(2, `${error.message}\n`)
  else log.error(lineOf(error))
  process.exit(error instanceof WeixinError && error.name !== 'ListenError' ? EXIT_UNUSABLE : EXIT_FAILED)
}

/** A mistake of the configuration is one line; a defect comes with its stack. */
function lineOf(error: unknown): string {
  if (error instanceof WeixinError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

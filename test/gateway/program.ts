/** The script that the tests start: the gateways round a simple application, as an owner's script puts them together. */
import { UsageError, WeixinError } from '../../src/errors.ts'
import { serveCgi } from '../../src/gateway/cgi.ts'
import { isSocket, writeLines } from '../../src/gateway/descriptor.ts'
import { detectGateway } from '../../src/gateway/detect.ts'
import { createLogger } from '../../src/log.ts'
import { application } from './application.ts'

const log = createLogger(line => writeLines(2, `${line}\n`))
const environment = process.env

// What some library might have done: it makes descriptor 0 non-blocking.
if (environment['TEST_TOUCH_STDIN']) process.stdin.pause()

try {
  const gateway = detectGateway({
    environment,
    argv: process.argv.slice(2),
    pid: process.pid,
    isFd0ListeningSocket: () => isSocket(0),
  })
  if (gateway.kind === 'cgi') {
    process.exitCode = await serveCgi(application, {
      environment,
      log,
      stdin: () => process.stdin,
      stdout: () => process.stdout,
      holdTermination() {
        process.on('SIGTERM', () => {})
        if (environment['TEST_ANNOUNCE']) log.info('running')
      },
      bodyTimeout: Number(environment['TEST_BODY_TIMEOUT'] ?? 4500),
    })
  } else {
    const { default: cluster } = await import('node:cluster')
    const { serveFastcgi } = await import('../../src/gateway/fastcgi/index.ts')
    const responder = await serveFastcgi(application, {
      listen: gateway.listen,
      engine: environment['TEST_ENGINE'] === 'node-fastcgi' ? 'node-fastcgi' : 'records',
      log,
      umask: mask => process.umask(mask),
      shared: cluster.isWorker,
      ...JSON.parse(environment['TEST_LIMITS'] ?? '{}'),
    })
    log.info('listening', { address: responder.address })
    process.once('SIGTERM', () => responder.close().then(() => process.exit(0)))
  }
} catch (error) {
  if (!(error instanceof WeixinError)) throw error
  writeLines(2, `${error.name}: ${error.message}\n`)
  process.exitCode = error instanceof UsageError ? 2 : 1
}

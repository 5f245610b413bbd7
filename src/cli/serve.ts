import cluster, { type Worker } from 'node:cluster'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { loadConfig } from '../config/load.ts'
import { SOCKET_UMASK } from '../gateway/listen.ts'
import { type ListenAddress, parseListenAddress } from '../gateway/listen-address.ts'
import { SHUTDOWN } from '../gateway/shutdown.ts'
import { checkSocketPath, removeStaleSocket } from '../gateway/socket-file.ts'
import type { Command, Terminal } from './terminal/command.ts'
import { readWholeNumber } from './terminal/number-option.ts'

const OPTIONS = {
  listen: { type: 'string' },
  workers: { type: 'string', default: '1' },
  log: { type: 'string' },
} as const

const DEFAULT_LISTEN = '127.0.0.1:9000'

/** A worker that dies is replaced after this many milliseconds, so that a broken one cannot spin. */
const RESPAWN_DELAY = 200

/** `weixin serve`: FastCGI by hand, in as many processes on one socket as wanted. */
export const serve: Command = {
  summary: { en: 'run the FastCGI service by hand', zh: '手动运行 FastCGI 服务' },
  usage: {
    en: `Usage: weixin serve [--listen ADDRESS] [--workers N] [--log text|json]

  --listen ADDRESS  /path.sock, host:port or :port (default: "listen" in weixin.config.json, else ${DEFAULT_LISTEN})
  --workers N       processes on that one socket, 1 to 64 (default 1); one that dies is replaced
  --log FORMAT      text (default), or json: one object a line

Ctrl-C, SIGTERM or pm2's message shutdown: running answers are finished, then all processes end.`,
    zh: `用法：weixin serve [--listen 地址] [--workers N] [--log text|json]

  --listen 地址     /路径.sock、主机:端口 或 :端口（默认取 weixin.config.json 的 "listen"，否则 ${DEFAULT_LISTEN}）
  --workers N       共用该套接字的进程数，1 到 64（默认 1）；进程意外退出会自动补上
  --log 格式        text（默认），或 json：每行一个对象

Ctrl-C、SIGTERM 或 pm2 的 shutdown 消息：处理完正在进行的回复后全部退出。`,
  },
  async run(words, terminal) {
    const { values } = parseArgs({ args: words, options: OPTIONS })
    const count = readWholeNumber('--workers', values.workers, 1, 64)
    const logging = values.log === undefined ? {} : { WEIXIN_LOG: values.log }
    const config = await loadConfig({ ...terminal.environment, ...logging }, terminal.directory)
    return superviseWorkers(values.listen ?? config.listen ?? DEFAULT_LISTEN, count, logging, terminal)
  },
}

async function superviseWorkers(
  listen: string,
  count: number,
  logging: Readonly<Record<string, string>>,
  terminal: Terminal,
): Promise<number> {
  await prepareSocket(parseListenAddress(listen))
  cluster.schedulingPolicy = cluster.SCHED_NONE
  cluster.setupPrimary({
    exec: path.join(terminal.directory, 'cgi-bin', 'weixin'),
    args: ['--listen', listen],
    execArgv: ['--max-semi-space-size=2'],
  })
  const environment = { WEIXIN_GATEWAY: 'fastcgi', ...logging }
  let stopping = false
  const listened = new Set<number>()
  cluster.on('listening', worker => listened.add(worker.id))
  const failed = new Promise<number>(resolve => {
    cluster.on('exit', (worker, code, signal) => {
      if (stopping) return
      // A mistake in the configuration, or an address that cannot be had: neither gets better by trying again.
      if (!listened.has(worker.id) && (code === 1 || code === 2)) return resolve(code)
      terminal.printError(`weixin: worker ${worker.process.pid} ended (${signal ?? code}), starting another`)
      setTimeout(() => stopping || cluster.fork(environment), RESPAWN_DELAY)
    })
  })
  for (let index = 0; index < count; index++) cluster.fork(environment)
  narrowSocket()
  const exitCode = await Promise.race([failed, terminal.stopRequested().then(() => 0)])
  stopping = true
  const workers = Object.values(cluster.workers ?? {}).filter(worker => worker !== undefined)
  await Promise.all(workers.map(worker => endWorker(worker, listened.has(worker.id))))
  return exitCode
}

/** The socket is this process's, and the workers share it: a stale one is replaced here. */
async function prepareSocket(address: ListenAddress): Promise<void> {
  if (!('path' in address)) return
  checkSocketPath(address.path)
  await removeStaleSocket(address.path)
}

/** It is bound when the first worker asks for it, with mode 0660; the workers that run by then keep their own umask. */
function narrowSocket(): void {
  const before = process.umask(SOCKET_UMASK)
  cluster.once('listening', () => process.umask(before))
}

/** Windows has no signals: there SIGTERM ends a process at once, and with it the answers that it is giving. */
function endWorker(worker: Worker, isListening: boolean): Promise<void> | undefined {
  if (worker.isDead()) return
  return new Promise(resolve => {
    worker.once('exit', () => resolve())
    if (isListening && worker.isConnected()) worker.send(SHUTDOWN)
    else worker.process.kill('SIGTERM')
  })
}

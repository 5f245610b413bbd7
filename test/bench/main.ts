/*
 * `npm run bench -- [--quick] [--output FOLDER] [--memory-messages N]`: how fast the responder is, next to what people would
 * pick instead. It needs a Unix; what else is not installed is left out.
 */
import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { Bilingual } from '../../src/errors.ts'
import { projectDirectory } from '../project.ts'
import { cgiStarts } from './cgi-start.ts'
import { cryptoFunctions, xmlFunctions } from './functions.ts'
import type { LoadJob, LoadResult } from './load.ts'
import { describeAfterwards, describeMachine } from './machine.ts'
import { renderPage } from './page.ts'
import type { Group, Growth, Report } from './result.ts'
import { measureRounds, type Round } from './rounds.ts'
import { type Backend, FRESH, startBackends } from './services.ts'
import { installPackages, openStage, type Stage, startLoad } from './stage.ts'
import { slope } from './statistics.ts'
import { renderGrowth, renderMachine, renderTable } from './table.ts'
import { tokenCache } from './token-cache.ts'

const FULL = { starts: 40, rounds: 9, count: 6000, functions: 20, memory: 1_000_000 }
const QUICK = { starts: 10, rounds: 3, count: 2000, functions: 5, memory: 20_000 }
const CONNECTIONS = 16
const MANY_CONNECTIONS = 100
const MEMORY_SAMPLES = 40

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    output: { type: 'string', default: path.join(projectDirectory, 'dist', 'bench') },
    'memory-messages': { type: 'string' },
  },
})
const size = options.quick ? QUICK : FULL
const memoryMessages = Number(options['memory-messages'] ?? size.memory)
const words = process.argv.slice(2).join(' ')
const machine = describeMachine(`npm run bench${words && ` -- ${words}`}`, new Date())
const groups: Group[] = []
const leftOut: Bilingual[] = []
const failures: string[] = []
const stage = openStage()
let number = 0

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

function leaveOut(what: Bilingual): void {
  leftOut.push(what)
  say(`left out: ${what.en}`)
}

async function measure(
  heading: Omit<Group, 'contestants'>,
  contestants: readonly Round[],
  rounds: number,
): Promise<void> {
  const group = {
    ...heading,
    contestants: await measureRounds(contestants, rounds, {
      progress: round => say(`${heading.title.en}: ${round === 0 ? 'warming up' : `round ${round} of ${rounds}`}`),
      fail(fault) {
        failures.push(fault)
        say(`FAILED ${fault}`)
      },
    }),
  }
  groups.push(group)
  process.stdout.write(`\n${renderTable(group)}\n  ${heading.remark.en}\n\n`)
}

type Load = (job: Omit<LoadJob, 'first'>) => Promise<LoadResult>

/** A backend under load: answers in each second, or the milliseconds of the 99th of 100. */
function underLoad(load: Load, port: number, figure: 'rate' | 'p99', connections: number, count = size.count) {
  return ({ name, host, kind }: Backend): Round => ({
    name,
    async measure() {
      const { [figure]: value, failed, fault } = await load({ port, host, kind, connections, count })
      return failed > 0 ? { value, fault: `${failed} of ${count} without a right answer: ${fault}` } : { value }
    },
  })
}

async function measureFastcgi(stage: Stage, npmFolder: string | undefined): Promise<Growth | undefined> {
  const running = await startBackends(stage, npmFolder, leaveOut)
  if (!running) return undefined
  const { port, backends } = running
  const send = startLoad(stage)
  const load: Load = async job => {
    const first = number
    number += job.count
    return send({ ...job, first })
  }
  const isWorkers = ({ host }: Backend) => host.startsWith('workers')
  const patient = ['plain', 'wechat', 'go']
  await measure(
    {
      id: 'fastcgi',
      title: { en: 'Behind Apache, 16 connections', zh: 'Apache 之后，16 个连接' },
      unit: 'req/s',
      remark: {
        en: 'Every request is a new signed message. Ours keeps a record of each for redeliveries, in files unless said otherwise, and a log. Apache and whoever sends share the processors.',
        zh: '每个请求都是一条新的签名消息。本项目为防重复处理而记录每条消息（除非注明，记录在文件里），并写日志。Apache 和发送程序共用处理器。',
      },
    },
    backends
      .filter(backend => !isWorkers(backend) && backend.host !== FRESH)
      .map(underLoad(load, port, 'rate', CONNECTIONS)),
    size.rounds,
  )
  await measure(
    {
      id: 'latency',
      title: { en: '99 of 100 answers, 100 connections', zh: '99% 的回复时间，100 个连接' },
      unit: 'ms',
      remark: { en: 'As many messages at once as there are connections.', zh: '同时处理的消息数等于连接数。' },
    },
    backends.filter(({ host }) => patient.includes(host)).map(underLoad(load, port, 'p99', MANY_CONNECTIONS)),
    size.rounds,
  )
  await measure(
    {
      id: 'workers',
      title: { en: 'weixin serve, 16 connections', zh: 'weixin serve，16 个连接' },
      unit: 'req/s',
      remark: {
        en: `The handler computes for about a millisecond. This machine has ${machine.cores} processors, and Apache and whoever sends need some of them.`,
        zh: `处理函数约占用处理器 1 毫秒。本机有 ${machine.cores} 个处理器，其中一部分由 Apache 和发送程序占用。`,
      },
    },
    backends.filter(isWorkers).map(underLoad(load, port, 'rate', CONNECTIONS, size.count / 4)),
    size.rounds,
  )
  return measureMemory(
    load,
    port,
    backends.find(({ host }) => host === FRESH),
  )
}

async function measureMemory(load: Load, port: number, backend: Backend | undefined): Promise<Growth | undefined> {
  const { pid, host = '', kind = 'plain' } = backend ?? {}
  const memory = () => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
  if (!pid || !fs.existsSync(`/proc/${pid}/status`)) {
    leaveOut({ en: 'memory: only known on Linux', zh: '内存：仅 Linux 可测' })
    return undefined
  }
  const count = Math.ceil(memoryMessages / MEMORY_SAMPLES)
  const points: [number, number][] = [[0, memory()]]
  for (let sample = 1; sample <= MEMORY_SAMPLES; sample++) {
    if (sample % 10 === 1) say(`Memory: ${(sample - 1) * count} of ${memoryMessages} messages`)
    const { failed, fault } = await load({ port, host, kind, connections: CONNECTIONS, count })
    if (failed > 0) failures.push(`memory: ${failed} of ${count} without a right answer: ${fault}`)
    points.push([sample * count, memory()])
  }
  const growth = { points, slope: slope(points.slice(MEMORY_SAMPLES / 2)) * 100_000 }
  process.stdout.write(`\n${renderGrowth(growth)}\n\n`)
  return growth
}

async function run(): Promise<Report> {
  say('installing npm wechat and express in a temporary folder …')
  const npmFolder = installPackages(stage, ['wechat', 'express'])
  await measure(
    {
      id: 'cgi',
      title: { en: 'CGI: one reply, from start to end', zh: 'CGI：一次回复，从启动到结束' },
      unit: 'ms',
      remark: {
        en: 'A process for each message. Ours is started by the shell that reads cgi-bin/weixin, keeps a record for redeliveries, and logs.',
        zh: '每条消息一个进程。本项目由读取 cgi-bin/weixin 的 shell 启动，并为防重复处理而记录消息、写日志。',
      },
    },
    cgiStarts(stage, leaveOut),
    size.starts,
  )
  const growth = await measureFastcgi(stage, npmFolder)
  if (!npmFolder)
    leaveOut({
      en: 'npm wechat-crypto and xml2js: npm could not install them',
      zh: 'npm wechat-crypto 与 xml2js：npm 未能安装',
    })
  const average = { en: 'On average of 2000 calls.', zh: '2000 次调用的平均值。' }
  await measure(
    { id: 'crypto', title: { en: 'Encryption', zh: '加解密' }, unit: 'µs', remark: average },
    cryptoFunctions(npmFolder),
    size.functions,
  )
  await measure(
    { id: 'xml', title: { en: 'XML', zh: 'XML' }, unit: 'µs', remark: average },
    xmlFunctions(npmFolder),
    size.functions,
  )
  await measure(
    {
      id: 'token',
      title: { en: 'A cached access token', zh: '已缓存的 access_token' },
      unit: 'µs',
      remark: { en: 'Each round is a process of its own.', zh: '每一轮都是独立进程。' },
    },
    tokenCache(stage),
    size.functions,
  )
  return { machine: describeAfterwards(machine), groups, growth, leftOut, failures }
}

function save(report: Report): void {
  fs.mkdirSync(options.output, { recursive: true })
  const file = (ending: string) => path.join(options.output, `bench.${ending}`)
  fs.writeFileSync(file('json'), `${JSON.stringify(report, null, 2)}\n`)
  fs.writeFileSync(file('html'), renderPage(report))
  say(`written: ${file('json')} and ${file('html')}`)
}

process.once('SIGINT', () => void stage.close().then(() => process.exit(130)))
try {
  const report = await run()
  process.stdout.write(`${renderMachine(report.machine)}\n`)
  save(report)
  for (const failure of failures) say(`FAILED ${failure}`)
  process.exitCode = failures.length > 0 ? 1 : 0
} finally {
  await stage.close()
}

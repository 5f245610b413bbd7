import type { ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import type { Test } from 'tap'
import type { Apache } from '../../src/cli/trial/private-apache.ts'
import { APP_ID, ENCODING_AES_KEY, MESSAGE, TOKEN } from '../crypto/vectors.ts'
import { deploy, startApache, startResponder, vhostOf } from '../integration/deployment.ts'
import { type Way, ways } from '../integration/ways.ts'
import { look, type Sample } from '../soak/samples.ts'
import { SIGNED, textXml } from '../webhook/receiver.ts'
import { type Finding, inputs, tryInput } from './fuzz.ts'
import type { Random } from './random.ts'
import { promise, type Target } from './target.ts'

/** Resident memory and descriptors. */
export type Weight = Pick<Sample, 'megabytes' | 'descriptors'>

/** The target, what it has seen, and what its services have come to. */
export interface ApacheTarget extends Target {
  /** How often each status was answered. */
  readonly seen: ReadonlyMap<number, number>
  /** Of the services together. */
  weigh(): Weight
  /** What is answered to a message that was answered before, in each way, but for the time. */
  answers(): Promise<readonly string[]>
  /** What no log should hold: errors of ours, and processes of Apache's that ended by themselves. */
  complaints(): readonly string[]
}

/** Milliseconds. Others may be at work on the machine: what takes longer three times is a finding. */
const PATIENCE = 1000
const ATTEMPTS = 3
const HANG = 20_000

/** What Apache or the responder may answer to a client who sends anything at all. */
const STATUSES = [100, 200, 206, 301, 304, 400, 403, 404, 405, 408, 411, 412, 413, 414, 415, 416, 417, 431, 501, 505]
const PRIVATE = [TOKEN, ENCODING_AES_KEY, '"token"', 'createApp', 'private-test']

/** So many connections at once. */
const AT_ONCE = 10
/** Megabytes and descriptors that the services together may have more after so many rounds than before. */
const LOOK_EVERY = 5000
const GROWTH = { megabytes: 32, descriptors: 32 }
const ENOUGH = 3

/** A way in, and how many of 32 inputs go there. */
interface Door {
  readonly name: string
  readonly share: number
  readonly port: number
  readonly service: ChildProcess | undefined
  readonly errorLog: string
}

const SHARES: Readonly<Record<string, number>> = {
  'CGI, mod_cgid': 1,
  mod_fcgid: 5,
  'mod_proxy_fcgi, unix socket': 13,
  'mod_proxy_fcgi, node-fastcgi': 13,
}

/**
 * What goes over a connection to an Apache with the built responder behind it, in four ways; the input's
 * length decides which one. Everything ends with the test.
 */
export async function startApacheTarget(t: Test, apache: Apache): Promise<ApacheTarget> {
  const complaints: string[] = []
  const doors = await Promise.all(
    ways.filter(({ name }) => name in SHARES).map(way => openDoor(t, apache, way, line => complaints.push(line))),
  )
  const turns = doors.flatMap(door => Array.from({ length: door.share }, () => door))
  const services = doors.flatMap(({ service }) => service?.pid ?? [])
  const seen = new Map<number, number>()
  return {
    name: 'apache',
    seeds: SEEDS.map(seed => Buffer.from(seed)),
    words: WORDS,
    seen,
    weigh() {
      const samples = services.flatMap(pid => look(pid, 0) ?? [])
      const sum = (values: readonly number[]) => values.reduce((one, other) => one + other, 0)
      return {
        megabytes: sum(samples.map(({ megabytes }) => megabytes)),
        descriptors: sum(samples.map(({ descriptors }) => descriptors)),
      }
    },
    answers: () =>
      Promise.all(
        doors.map(async door =>
          (await send(door, Buffer.from(sized(TEXT)))).replaceAll(/^Date: .*$|<CreateTime>\d+/gm, ''),
        ),
      ),
    complaints: () => [...complaints, ...doors.flatMap(({ errorLog }) => complaintsIn(errorLog))],
    async check(input) {
      const door = turns[input.length % turns.length]
      if (!door) throw new Error('there is no way in')
      const text = await sendInTime(door, connectionOf(input))
      for (const [, status] of text.matchAll(/HTTP\/1\.[01] (\d{3}) /g)) {
        seen.set(Number(status), (seen.get(Number(status)) ?? 0) + 1)
        // Whatever keeps mod_fcgid from reading a request it calls a failure of the server, with a page of Apache's own.
        const isApaches =
          door.name === 'mod_fcgid' && status === '500' && text.includes('<h1>Internal Server Error</h1>')
        promise(isApaches || STATUSES.includes(Number(status)), `${door.name}: the status ${status}`)
      }
      for (const words of PRIVATE) promise(!text.includes(words), `${door.name}: ${words} is not told`)
      promise((door.service?.exitCode ?? null) === null, `${door.name}: the service lives`)
    },
  }
}

/** Tries inputs for as long as it is told to, or until there are three findings; growth is one. */
export async function batter(
  target: ApacheTarget,
  random: Random,
  isToGoOn: (rounds: number) => boolean,
): Promise<{ readonly rounds: number; readonly findings: readonly Finding[] }> {
  const candidates = inputs(target, random)
  const findings: Finding[] = []
  let before: Weight | undefined
  let rounds = 0
  for (; isToGoOn(rounds) && findings.length < ENOUGH; rounds += AT_ONCE) {
    const batch = Array.from({ length: AT_ONCE }, () => tryInput(target, candidates.next().value))
    for (const found of await Promise.all(batch)) if (found) findings.push(found)
    if ((rounds + AT_ONCE) % LOOK_EVERY !== 0) continue
    const now = target.weigh()
    before ??= now
    const isLarger =
      now.megabytes - before.megabytes > GROWTH.megabytes || now.descriptors - before.descriptors > GROWTH.descriptors
    const what = `the services grew from ${JSON.stringify(before)} to ${JSON.stringify(now)}`
    if (isLarger) findings.push({ input: Buffer.alloc(0), what })
  }
  return { rounds, findings }
}

async function openDoor(t: Test, apache: Apache, way: Way, complain: (line: string) => void): Promise<Door> {
  // A timestamp that is good for ever: inputs are the same for the same seed.
  const keys = { token: TOKEN, appId: APP_ID, aesKey: ENCODING_AES_KEY, replayWindow: 0 }
  const deployment = deploy(t, { ...keys, logLevel: 'error' })
  fs.writeFileSync(path.join(deployment.directory, 'var', 'private.txt'), 'private-test')
  const environment = { WEIXIN_LOG_LEVEL: 'info', ...(way.engine && { WEIXIN_FASTCGI: way.engine }) }
  const socket = path.join(deployment.scratch, 'weixin.sock')
  const service = way.listen && (await startResponder(t, deployment, socket, environment))
  service?.stderr?.on('data', text => String(text).includes('weixin error') && complain(String(text)))
  const { url, errorLog } = await startApache(t, apache, deployment, vhostOf(way.file, deployment))
  return { name: way.name, share: SHARES[way.name] ?? 0, port: Number(new URL(url).port), service, errorLog }
}

function complaintsIn(errorLog: string): string[] {
  const lines = fs.readFileSync(errorLog, 'utf8').split('\n')
  return lines.filter(line =>
    /weixin error|Premature end|End of script output|communication error|AH01067|AH01075.*End of file/.test(line),
  )
}

/**
 * The first byte says how deep the others go: the whole connection, the body of a request that is right otherwise, its
 * query or its headers.
 */
function connectionOf(input: Buffer): Buffer {
  const text = input.toString('latin1', 1)
  const { length } = Buffer.from(TEXT)
  switch (input[0]) {
    case 0x31:
      return Buffer.from(post(`Content-Length: ${text.length}\r\n`, text), 'latin1')
    case 0x32:
      return Buffer.from(sized(TEXT).replace(SIGNED, `${SIGNED}${text.replaceAll(/[^!-\xff]/g, '%20')}`), 'latin1')
    case 0x33:
      return Buffer.from(post(`Content-Length: ${length}\r\n${text}\r\n`, TEXT), 'latin1')
    default:
      return Buffer.from(text, 'latin1')
  }
}

async function sendInTime(door: Door, input: Buffer): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const begun = performance.now()
    const text = await send(door, input)
    if (performance.now() - begun < PATIENCE) return text
    promise(attempt < ATTEMPTS, `${door.name}: an answer within a second`)
  }
}

/** Everything that comes back until Apache closes the connection. */
function send({ name, port }: Door, input: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = net.connect(port, '127.0.0.1', () => socket.end(input))
    const timer = setTimeout(() => {
      reject(new Error(`not as promised: ${name}: an answer at all`))
      socket.destroy()
    }, HANG)
    socket.on('data', chunk => chunks.push(chunk))
    // Apache closes a connection on which it does not want to read on.
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(Buffer.concat(chunks).toString('latin1'))
    })
  })
}

const post = (more: string, body: string, version = '1.1') =>
  `POST /?${SIGNED} HTTP/${version}\r\nHost: localhost\r\nContent-Type: text/xml\r\n${more}\r\n${body}`
const sized = (body: string, more = '') => post(`Content-Length: ${Buffer.byteLength(body)}\r\n${more}`, body)
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
const TEXT = textXml('hi')
const { msgSignature, encrypt } = MESSAGE
const ENCRYPTED = `<xml><ToUserName>gh_a0b1c2d3e4f5</ToUserName><Encrypt>${encrypt}</Encrypt></xml>`

const CONNECTIONS: readonly string[] = [
  `GET /?${SIGNED}&echostr=5838479218127813673 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
  sized(TEXT, 'Connection: close\r\nUser-Agent: Mozilla/4.0\r\nAccept: */*\r\nPragma: no-cache\r\n'),
  sized(textXml('木棉 🌳 ]]]]><![CDATA[> & <b>')),
  sized(ENCRYPTED, 'Connection: close\r\n').replace(SIGNED, `${SIGNED}&encrypt_type=aes&msg_signature=${msgSignature}`),
  post('Transfer-Encoding: chunked\r\n', `${chunk(TEXT.slice(0, 9))}${chunk(TEXT.slice(9))}0\r\n\r\n`),
  sized(TEXT, 'Expect: 100-continue\r\nConnection: close\r\n'),
  sized(TEXT).replace('HTTP/1.1', 'HTTP/1.0'),
  `GET /?${SIGNED}&echostr=1 HTTP/1.0\r\n\r\n`,
  [1, 2, 3].map(number => sized(textXml(`pipelined ${number}`).replace(/<MsgId>\d+/, `<MsgId>${number}`))).join(''),
  'HEAD /static/index.txt HTTP/1.1\r\nHost: localhost\r\nRange: bytes=0-3\r\n\r\n',
  'GET /static/../weixin.config.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
]

const SEEDS: readonly string[] = [
  ...CONNECTIONS.map(connection => `0${connection}`),
  ...[TEXT, textXml('木棉 🌳 ]]]]><![CDATA[> & <b>'), ENCRYPTED].map(body => `1${body}`),
  ...['&echostr=5838479218127813673', `&encrypt_type=aes&msg_signature=${msgSignature}`].map(query => `2${query}`),
  ...['User-Agent: Mozilla/4.0\r\nAccept: */*', 'Expect: 100-continue\r\nX-Forwarded-For: 127.0.0.1'].map(
    head => `3${head}`,
  ),
]

const WORDS: readonly string[] = [
  ...['\r\n', '\r\n\r\n', '\n', '\0', ' ', ':', '?', '&', '=', '/', '..', '%2e%2e/', '%00', '%zz', '//', ';', ','],
  ...[
    'GET',
    'POST',
    'HEAD',
    'OPTIONS',
    'TRACE',
    'PROPFIND',
    'CONNECT',
    'post',
    ' HTTP/1.1',
    ' HTTP/1.0',
    ' HTTP/0.9',
    ' HTTP/2.0',
  ],
  ...[
    'Content-Length: 0\r\n',
    'Content-Length: -1\r\n',
    'Content-Length: 65537\r\n',
    'Content-Length: 99999999999999999999\r\n',
  ],
  ...[
    'Transfer-Encoding: chunked\r\n',
    'Transfer-Encoding: gzip, chunked\r\n',
    '0\r\n\r\n',
    'ffffffff\r\n',
    'fffffffffffffffff\r\n',
  ],
  ...[
    'Expect: 100-continue\r\n',
    'Expect: x\r\n',
    'Connection: close\r\n',
    'Connection: keep-alive, Upgrade\r\n',
    'Upgrade: h2c\r\n',
  ],
  ...[
    'Content-Encoding: gzip\r\n',
    'Content-Type: application/json\r\n',
    'Proxy: http://127.0.0.1:1\r\n',
    'Host: evil.example\r\n',
  ],
  ...[
    'Range: bytes=0-1,0-1,0-1\r\n',
    'If-None-Match: *\r\n',
    'Accept-Encoding: gzip\r\n',
    `X-Long: ${'x'.repeat(4000)}\r\n`,
  ],
  ...[
    '/static/',
    '/weixin.config.json',
    '/cgi-bin/weixin',
    '/var/private.txt',
    '/src/app.ts',
    'http://evil.example/',
    '*',
  ],
  ...[SIGNED, '&echostr=1', '&encrypt_type=aes', '&msg_signature=', 'signature=', '--version', '-e+1'],
  ...['<xml>', '</xml>', '<![CDATA[', ']]>', '<!DOCTYPE x>', '<FromUserName>x</FromUserName>', '\u00ff', '木', '{'],
]

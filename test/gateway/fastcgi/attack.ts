import type { Test } from 'tap'
import { type Engine, onUnixSocket } from '../transports.ts'
import { ask, begin, connect, END, PARAMS, pairs, record, request, STDIN, STDOUT, stream, type Wire } from './client.ts'

export const ENGINES: readonly Engine[] = ['records', 'node-fastcgi']

/** What a peer sends, on connections that it opens, and what must come of it. */
export type Attack = (t: Test, open: () => Wire) => Promise<void>

/** The connection is closed, without an answer. */
export const closes =
  (...bytes: Buffer[]): Attack =>
  async (t, open) => {
    const wire = open()
    wire.send(Buffer.concat(bytes))
    t.same(await wire.records(), [])
  }

/** The next request on the same connection is answered: what came before was ignored. */
export const ignores =
  (...bytes: Buffer[]): Attack =>
  async (t, open) => {
    const wire = open()
    wire.send(Buffer.concat([...bytes, request('after')]))
    t.match((await wire.reply()).document, '"query":"after"')
    t.same(new Set((await wire.records()).map(({ type }) => type)), new Set([STDOUT, END]))
  }

/** The request is answered with this status. */
export const answers =
  (status: string, ...bytes: Buffer[]): Attack =>
  async (t, open) => {
    const wire = open()
    wire.send(Buffer.concat(bytes))
    t.match((await wire.reply()).document, `Status: ${status}`)
  }

/** Attacks a responder with either engine; after each attack the same process answers a good request. */
export function withstand(t: Test, attacks: Readonly<Record<string, Attack>>): void {
  for (const engine of ENGINES) {
    t.test(engine, async t => {
      const { where, program } = await onUnixSocket(t, engine)
      const open = () => connect(where)
      for (const [name, attack] of Object.entries(attacks)) {
        t.test(name, async t => {
          await attack(t, open)
          t.match(await ask(where, 'good', 'body'), '"query":"good"', 'a good request is answered')
          t.equal((await processOf(open)).pid, program.child.pid, 'by the same process')
        })
      }
    })
  }
}

/** A request whose PARAMS are these bytes, without a body. */
export const params = (content: Buffer) => Buffer.concat([begin(1), stream(PARAMS, 1, content), record(STDIN, 1)])

/** The variables of a request with a body of this length. */
export const post = (contentLength: string) => pairs({ REQUEST_METHOD: 'POST', CONTENT_LENGTH: contentLength })

/** The beginning of a request with a body, up to the end of its PARAMS. */
export const opened = (contentLength: string) => Buffer.concat([begin(1), stream(PARAMS, 1, post(contentLength))])

/** The header of an empty record. */
export const header = (version: number, type: number) => Buffer.from([version, type, 0, 1, 0, 0, 0, 0])

interface Process {
  readonly pid: number
  readonly descriptors: number
  readonly megabytes: number
}

/** The responder’s own process, as it sees itself. */
export async function processOf(open: () => Wire): Promise<Process> {
  const wire = open()
  wire.send(request('process'))
  const { document } = await wire.reply()
  await wire.records()
  return JSON.parse(document.slice(document.indexOf('{')))
}

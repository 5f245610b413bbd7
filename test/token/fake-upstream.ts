import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

/** What was asked, as far as a test wants to know. */
export interface Question {
  readonly method: string
  readonly url: string
  readonly body: string
}

/** Plays api.weixin.qq.com on the loopback interface. */
export interface FakeUpstream {
  readonly base: string
  readonly questions: readonly Question[]
}

export type Answer = (response: ServerResponse, question: Question, number: number) => void

/** Gives another token to each question, so that two that are alike come from the same one. */
export const anotherToken: Answer = (response, _, number) =>
  response.end(JSON.stringify({ access_token: tokenNumber(number), expires_in: 7200 }))

/** The token that `anotherToken` gives to the first question, the second… */
export function tokenNumber(number: number): string {
  return `token-${number}-`.padEnd(136, 'x')
}

export async function startUpstream(t: Test, answer: Answer = anotherToken): Promise<FakeUpstream> {
  const questions: Question[] = []
  const server = createServer(async (request, response) => {
    const question = { method: request.method ?? '', url: request.url ?? '', body: await read(request) }
    questions.push(question)
    answer(response, question, questions.length)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { base: `http://127.0.0.1:${port}`, questions }
}

async function read(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  return text
}

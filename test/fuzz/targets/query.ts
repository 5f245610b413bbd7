import { readQuery } from '../../../src/query.ts'
import { Refusal } from '../../../src/refusal.ts'
import { COMPATIBLE, SIGNED } from '../../webhook/receiver.ts'
import { createWatched, echo } from '../receiver.ts'
import { promise, type Target } from '../target.ts'

const ask = createWatched(COMPATIBLE, echo)

/** Query strings. What is accepted must be what every other program reads in it: each parameter once. */
export const query: Target = {
  name: 'query',
  seeds: [
    `${SIGNED}&echostr=5838479218127813673`,
    `${SIGNED}&openid=oFan&encrypt_type=aes&msg_signature=${'a'.repeat(40)}`,
    'a=b&%73ignature=%zz&nonce[]=1',
  ].map(text => Buffer.from(text)),
  words: ['&', '=', '%', '+', '%00', '%zz', '%c0%af', '%ed%a0%80', '%26', ';', '?', '#', '[]', 'signature=', 'nonce=1']
    .concat(['timestamp=1893456000', 'echostr=', 'encrypt_type=aes', 'msg_signature=', 's%69gnature', '__proto__=1'])
    .concat([SIGNED, '木棉', '\ud800']),
  async check(input) {
    const text = input.toString('latin1')
    const accepted = read(text)
    const response = await ask({ query: text })
    promise(accepted !== undefined || response.status === 403, '403 for a query that cannot be read')
    await ask({ query: text, method: 'POST', body: Buffer.from('<xml></xml>') })
    if (!accepted) return
    const others = new URLSearchParams(text)
    for (const [name, value] of [
      ['signature', accepted.signature],
      ['timestamp', accepted.timestamp],
      ['nonce', accepted.nonce],
    ] as const) {
      promise(others.getAll(name).join('\n') === value, `${name} once`)
    }
  },
}

function read(text: string): ReturnType<typeof readQuery> | undefined {
  try {
    return readQuery(text)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

import t from 'tap'
import { createRandom, type Random } from '../../fuzz/random.ts'
import { type Engine, onUnixSocket } from '../transports.ts'
import { ask, connect, request } from './client.ts'

const ROUNDS = 10_000
const SEED = 20_170_109

/** One to eight bytes changed, and in every third session a piece left out, doubled or moved. */
function mutate(session: Buffer, { below, one }: Random): Buffer {
  const mutated = Buffer.from(session)
  for (let changes = 1 + below(8); changes > 0; changes--) {
    // Half of the changes go where the headers of the first records are.
    mutated[below(below(2) === 0 ? 64 : mutated.length)] = below(3) === 0 ? one([0, 1, 127, 128, 255], 0) : below(256)
  }
  const [from = 0, to = 0] = [below(mutated.length), below(mutated.length)].sort((a, b) => a - b)
  const piece = mutated.subarray(from, to)
  const kind = below(9)
  if (kind === 0) return Buffer.concat([mutated.subarray(0, from), mutated.subarray(to)])
  if (kind === 1) return Buffer.concat([mutated.subarray(0, to), piece, mutated.subarray(to)])
  if (kind === 2) return Buffer.concat([piece, mutated])
  return mutated
}

for (const engine of ['records', 'node-fastcgi'] satisfies Engine[]) {
  t.test(`${engine}: ${ROUNDS} mutated sessions end, and good requests are answered between them`, async t => {
    const { where, program } = await onUnixSocket(t, engine)
    const random = createRandom(SEED)
    const session = Buffer.concat([
      request('first', 'b'.repeat(300), { keep: true }),
      request('second', '<xml></xml>', { id: 2, keep: true }),
      request('third'),
    ])
    let answered = 0
    for (let round = 0; round < ROUNDS; round += 20) {
      const wires = Array.from({ length: 20 }, () => {
        const wire = connect(where)
        wire.socket.end(mutate(session, random))
        return wire.records()
      })
      await Promise.all(wires)
      if ((await ask(where, 'good', 'body')).includes('"query":"good"')) answered++
    }
    t.equal(answered, ROUNDS / 20)
    t.match(await ask(where, 'process'), `"pid":${program.child.pid},`)
    const unexpected = program
      .log()
      .split('\n')
      .filter(line => !/FastCGI connection closed|listening|^$/.test(line))
    t.same(unexpected, [])
  })
}

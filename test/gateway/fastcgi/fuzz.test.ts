import t from 'tap'
import { type Engine, onUnixSocket } from '../transports.ts'
import { ask, connect, request } from './client.ts'

const ROUNDS = 3000
const SEED = 20_170_109

/** The mulberry32 generator: the same numbers from 0 to below 1 for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One to eight bytes changed, and in every third session a piece left out, doubled or moved. */
function mutate(session: Buffer, random: () => number): Buffer {
  const below = (limit: number) => Math.floor(random() * limit)
  const mutated = Buffer.from(session)
  for (let changes = 1 + below(8); changes > 0; changes--) {
    // Half of the changes go where the headers of the first records are.
    mutated[below(random() < 0.5 ? 64 : mutated.length)] =
      random() < 0.3 ? ([0, 1, 127, 128, 255][below(5)] ?? 0) : below(256)
  }
  const [from, to] = [below(mutated.length), below(mutated.length)].sort((a, b) => a - b)
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
    const random = randomNumbers(SEED)
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

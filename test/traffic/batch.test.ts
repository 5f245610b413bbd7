import t from 'tap'
import { createBatch } from '../../src/traffic/batch.ts'

/** A reader who takes so many bytes at a time, and the work that was put off. */
function machine() {
  const world = {
    takes: Number.POSITIVE_INFINITY,
    written: [] as string[],
    later: [] as (() => void)[],
    again: [] as (() => void)[],
  }
  const batch = createBatch({
    write(bytes) {
      const taken = bytes.subarray(0, world.takes)
      if (taken.length > 0) world.written.push(taken.toString())
      return bytes.subarray(taken.length)
    },
    later: work => world.later.push(work),
    again: work => world.again.push(work),
  })
  return { world, batch }
}

t.test('the lines of one turn are written together at its end', async t => {
  const { world, batch } = machine()
  batch.add('a')
  batch.add('b')
  t.strictSame(world.written, [])
  t.equal(world.later.length, 1)
  world.later[0]?.()
  t.strictSame(world.written, ['a\nb\n'])
  batch.add('c')
  t.ok(batch.flush())
  t.strictSame(world.written, ['a\nb\n', 'c\n'])
  world.later[1]?.()
  t.ok(batch.flush())
  t.equal(world.written.length, 2, 'and nothing twice')
})

t.test('what a slow reader does not take is written later, in order and whole', async t => {
  const { world, batch } = machine()
  world.takes = 3
  batch.add('first')
  t.notOk(batch.flush())
  batch.add('second')
  t.equal(world.again.length, 1)
  world.takes = Number.POSITIVE_INFINITY
  world.again[0]?.()
  t.equal(world.written.join(''), 'first\nsecond\n')
  t.ok(batch.flush())
})

t.test('for a reader who takes nothing only so much is kept, and no line is torn', async t => {
  const { world, batch } = machine()
  world.takes = 0
  const line = 'x'.repeat(65_536)
  for (let index = 0; index < 100; index++) batch.add(line)
  world.takes = Number.POSITIVE_INFINITY
  t.ok(batch.flush())
  const written = world.written.join('')
  t.ok(written.length > 1_000_000 && written.length < 1_200_000)
  t.ok(
    written
      .split('\n')
      .slice(0, -1)
      .every(each => each === line),
  )
})

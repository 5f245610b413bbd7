import t from 'tap'
import { forget, openFollower } from '../../src/session/follower.ts'
import { createMemoryStore } from '../../src/store/memory.ts'

const T0 = 1_893_456_000_000

function open(store = createMemoryStore(() => T0), now = () => T0, openId = 'oFan', account = 'default') {
  return openFollower({ store, account, openId, now, random: Math.random })
}

const record = { session: { value: { count: 1 }, until: T0 + 1000 }, dialogue: undefined, last: undefined }

t.test('what one holder has written the next one reads', async t => {
  const store = createMemoryStore(() => T0)
  const first = open(store)
  t.strictSame(await first.hold(), {})
  t.equal(first.isHeld(), true)
  await first.write(record)
  await first.release()
  const second = open(store)
  t.strictSame(await second.read(), record)
  t.equal(second.isHeld(), false)
  t.strictSame(await second.hold(), record)
})

t.test('accounts and followers have records of their own', async t => {
  const store = createMemoryStore(() => T0)
  const one = open(store)
  await one.hold()
  await one.write(record)
  t.strictSame(await open(store, () => T0, 'oOther').read(), {})
  t.strictSame(await open(store, () => T0, 'oFan', 'shop').read(), {})
})

t.test('each part of a record has its own time', async t => {
  let now = T0
  const store = createMemoryStore(() => now)
  const dialogue = { name: 'd', start: '<xml/>', match: [], journal: [], message: 'k', until: T0 + 5000 }
  const follower = open(store, () => now)
  await follower.hold()
  await follower.write({ ...record, dialogue })
  now = T0 + 1000
  t.strictSame(await follower.read(), { session: undefined, dialogue, last: undefined })
  now = T0 + 5000
  t.strictSame(await follower.read(), { session: undefined, dialogue: undefined, last: undefined })
  now = T0 + 65_000
  t.strictSame(await follower.read(), {}, 'and a minute later nothing is stored')
})

const lost = {
  name: 'FollowerLostError',
  message: /^session or dialogue not kept: /,
  zh: /^会话未保存：/,
}

t.test('who does not hold a record cannot write it', async t => {
  const store = createMemoryStore(() => T0)
  const follower = open(store)
  await follower.read()
  await t.rejects(follower.write(record), lost)
  t.strictSame(await follower.read(), {})
  const holder = open(store)
  await holder.hold()
  await holder.write(record)
  await holder.release()
  await t.rejects(holder.write({ ...record, session: undefined }), lost)
  t.strictSame(await follower.read(), record)
})

t.test('what another one has written meanwhile stays', async t => {
  const store = createMemoryStore(() => T0)
  const sleeper = open(store)
  await sleeper.hold()
  await store.remove('follower-lease:default:oFan')
  const quick = open(store)
  await quick.hold()
  await quick.write(record)
  await quick.release()
  await t.rejects(sleeper.write({ ...record, session: undefined }), lost)
  t.strictSame(await quick.read(), record)
})

t.test('forget erases a record, and a holder cannot bring it back', async t => {
  for (const written of [true, false]) {
    const store = createMemoryStore(() => T0)
    const follower = open(store)
    await follower.hold()
    if (written) await follower.write(record)
    await forget(store, 'default', 'oFan')
    t.strictSame(await follower.read(), {})
    await t.rejects(follower.write(record), lost)
    t.strictSame(await open(store).read(), {})
    t.equal(await store.get('follower-lease:default:oFan'), undefined)
  }
})

t.test('forget is for one follower of one account, and may come twice', async t => {
  const store = createMemoryStore(() => T0)
  for (const [openId, account] of [
    ['oFan', 'default'],
    ['oOther', 'default'],
    ['oFan', 'shop'],
  ] as const) {
    const follower = open(store, () => T0, openId, account)
    await follower.hold()
    await follower.write(record)
    await follower.release()
  }
  await forget(store, 'default', 'oFan')
  await forget(store, 'default', 'oFan')
  t.strictSame(await open(store).read(), {})
  t.strictSame(await open(store, () => T0, 'oOther').read(), record)
  t.strictSame(await open(store, () => T0, 'oFan', 'shop').read(), record)
})

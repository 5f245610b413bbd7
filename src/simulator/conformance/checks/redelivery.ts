import type { Check } from '../check.ts'
import { Finding } from '../finding.ts'
import { one, type Reply } from '../judge.ts'
import { createFollower, type PlayedMessage, type Player } from '../player.ts'
import type { WireAnswer, WireRequest } from '../wire.ts'

/** What WeChat does when it hears nothing: the same request again, at 0, 5 and 10 seconds, from another address. */
export const redeliveryChecks: readonly Check[] = [
  {
    name: 'redelivery-taken',
    severity: 'must',
    title: { en: 'the same request is taken again', zh: '同一请求再次到达时同样被接收' },
    why: {
      en: 'redeliveries have the same signature and nonce; who takes them for replays loses the follower’s answer',
      zh: '重试的签名和随机数都不变；当作重放拒绝，用户就收不到回复',
    },
    async run(player) {
      for (const answer of await deliverAgain(player, player.compose('text'), 3)) player.read(answer)
    },
  },
  {
    name: 'redelivery-same',
    severity: 'should',
    title: { en: 'a redelivery gets the same reply', zh: '重试得到相同的回复' },
    why: {
      en: 'the first answer may have been lost on its way; success in its place leaves the follower without one',
      zh: '第一次的回复可能在途中丢失；这时只回 success，用户就什么也收不到',
    },
    async run(player) {
      expectSame(player, await deliverAgain(player, player.compose('text'), 2))
    },
  },
  {
    name: 'redelivery-together',
    severity: 'should',
    title: { en: 'deliveries of one message at one time get one reply', zh: '同一消息同时多次到达时回复相同' },
    why: {
      en: 'while the first is still running, the next ones arrive: who handles each orders three times',
      zh: '第一次还在处理时重试就到了：逐个处理等于下了三次单',
    },
    async run(player) {
      const request = await firstRequest(player, player.compose('text'))
      const again = () => player.send(request.method, request.query, request.body)
      expectSame(player, await Promise.all([again(), again(), again()]))
    },
  },
  {
    name: 'redelivery-followers',
    severity: 'must',
    title: { en: 'two followers with one MsgId get a reply each', zh: '两个用户的 MsgId 相同时各得各的回复' },
    why: {
      en: 'who remembers answers by MsgId alone sends one follower what another was told',
      zh: '只按 MsgId 去重，会把一个用户的回复发给另一个用户',
    },
    async run(player) {
      const MsgId = `2${Date.now()}0000`
      for (const from of [createFollower(), createFollower()]) {
        const reply = await player.ask(player.compose('text', [`I am ${from}`], { MsgId, FromUserName: from }))
        expectFor(reply, from)
      }
    },
  },
  {
    name: 'redelivery-second',
    severity: 'must',
    title: { en: 'what one follower sends within a second stays apart', zh: '同一用户一秒内的多条消息互不混淆' },
    why: {
      en: 'CreateTime has whole seconds; who takes it for an id drops the second message',
      zh: 'CreateTime 只精确到秒；用它当编号会丢掉第二条消息',
    },
    async run(player) {
      const from = createFollower()
      const CreateTime = String(Math.floor(player.stage.now() / 1000))
      const echoes = await player.echoes()
      for (const word of ['first', 'second']) {
        const reply = await player.ask(player.compose('text', [word], { FromUserName: from, CreateTime }))
        if (echoes && one(reply?.root['Content']) !== word) {
          throw new Finding({
            en: `“${word}” is answered with “${one(reply?.root['Content'])}”`,
            zh: `“${word}”得到的回复是“${one(reply?.root['Content'])}”`,
          })
        }
      }
      for (const key of ['one', 'two']) {
        expectFor(await player.ask(player.compose('event:CLICK', [key], { FromUserName: from, CreateTime })), from)
      }
    },
  },
]

async function firstRequest(player: Player, message: PlayedMessage): Promise<WireRequest> {
  player.read(await player.deliver(message))
  const request = player.traces.at(-1)?.request
  if (!request) throw new Error('what was delivered is not on record')
  return request
}

/** The same request byte for byte, one delivery after the other. */
async function deliverAgain(player: Player, message: PlayedMessage, times: number): Promise<WireAnswer[]> {
  const request = await firstRequest(player, message)
  const answers = player.traces.slice(-1).flatMap(({ answer }) => answer ?? [])
  while (answers.length < times) answers.push(await player.send(request.method, request.query, request.body))
  return answers
}

/** CreateTime may differ, and the envelope does. */
function expectSame(player: Player, answers: readonly WireAnswer[]): void {
  const replies = answers.map(answer => JSON.stringify({ ...player.read(answer)?.root, CreateTime: '' }))
  if (new Set(replies).size > 1) {
    throw new Finding({
      en: `${new Set(replies).size} different replies`,
      zh: `出现了 ${new Set(replies).size} 种不同的回复`,
    })
  }
}

function expectFor(reply: Reply | undefined, from: string): void {
  const to = one(reply?.root['ToUserName'])
  if (!reply || to === from) return
  throw new Finding({ en: `the reply for ${from} goes to ${to}`, zh: `给 ${from} 的回复发给了 ${to}` })
}

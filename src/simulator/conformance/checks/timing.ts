import type { Check } from '../check.ts'
import { Finding } from '../finding.ts'
import { percentile } from '../percentile.ts'
import type { Player } from '../player.ts'

const TOGETHER = 8

/** How long followers, and WeChat, wait. */
export const timingChecks: readonly Check[] = [
  {
    name: 'timing-together',
    severity: 'must',
    alone: true,
    title: {
      en: `${TOGETHER} messages at one time are all answered in time`,
      zh: `同时到达的 ${TOGETHER} 条消息都能及时应答`,
    },
    why: {
      en: 'after an article went out, followers write at the same time',
      zh: '推文发出之后，用户会同时发来消息',
    },
    async run(player) {
      const asked = Array.from({ length: TOGETHER }, () => player.ask(player.compose('text')))
      // All of them are waited for, so that none is still on its way when the next check begins.
      for (const outcome of await Promise.allSettled(asked)) if (outcome.status === 'rejected') throw outcome.reason
    },
  },
  {
    name: 'timing-deadline',
    severity: 'must',
    alone: true,
    title: { en: 'every answer comes within five seconds', zh: '每次应答都在五秒之内' },
    why: {
      en: 'then WeChat hangs up, delivers twice more, and shows the error line',
      zh: '超时后微信断开连接，再重试两次，然后向用户显示故障提示',
    },
    async run(player) {
      const { latencies, messages } = player.stage
      latencies.length = 0
      while (latencies.length < messages) latencies.push((await timed(player)).milliseconds)
    },
  },
  {
    name: 'timing-usual',
    severity: 'should',
    alone: true,
    title: { en: 'the usual answer takes a fifth of that at most', zh: '通常的应答时间不超过其五分之一' },
    why: {
      en: 'name lookup, TLS and the way to WeChat come on top, and a busy hour as well',
      zh: '还要加上域名解析、TLS 和到微信的网络时间，以及高峰时段',
    },
    async run(player) {
      const { latencies, patience } = player.stage
      const measured = latencies.length > 0 ? latencies : [(await timed(player)).milliseconds]
      const median = percentile(measured, 0.5)
      if (median > patience / 5) {
        throw new Finding({ en: `the median is ${Math.round(median)} ms`, zh: `中位数为 ${Math.round(median)} ms` })
      }
    },
  },
]

async function timed(player: Player) {
  const answer = await player.deliver(player.compose('text'))
  player.read(answer)
  return answer
}

import type { Bilingual, Language } from '../errors.ts'
import { bilingualPage, both, escapeHtml } from '../html.ts'
import { duration, grouped, percent } from './figures.ts'
import { heatMap } from './heat-map.ts'
import { latencyByDay, latencyHistogram } from './latency-charts.ts'
import { DETOURS, kindName, reasonText } from './names.ts'
import { STYLE } from './page-style.ts'
import { type Count, dateOf, PATIENCE, percentile, type Statistics, shareInTime } from './statistics.ts'

/**
 * The traffic as one HTML page in both languages that needs nothing else.
 *
 * @param language the one that is shown first
 */
export function renderReport(statistics: Statistics, language: Language): string {
  const parts = [overview, hours, kinds, latency, redeliveries, refused, words, tokens, troubles]
  const body = parts.map(part => part(statistics)).join('\n')
  return bilingualPage({ title: `weixin report ${dateOf(statistics.to)}`, style: STYLE, body, language })
}

function overview(statistics: Statistics): string {
  const { from, to, accounts, messages, followers, latencies, failures } = statistics
  const again = sumOf(statistics.redeliveries)
  const refused = sumOf(statistics.refusals)
  const inTime = shareInTime(latencies)
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const period = `${dateOf(from)} – ${dateOf(to)} (${zone})`
  const answered = latencies.length > 0
  return `<h1>${both({ en: 'Traffic of the account', zh: '公众号流量报告' })}</h1>
<p class="soft">${escapeHtml([accounts.join(', '), period].filter(Boolean).join(' · '))}</p>
<dl class="tiles">
${tile({ en: 'messages and events', zh: '消息和事件' }, grouped(messages))}
${tile({ en: 'followers who wrote', zh: '互动用户' }, grouped(followers))}
${tile({ en: 'answered within 5 s', zh: '5 秒内应答' }, answered ? percent(inTime) : '–', answered ? (inTime === 1 ? 'good' : inTime < 0.99 ? 'bad' : '') : '')}
${tile({ en: 'half are answered in', zh: '应答时间中位数' }, answered ? duration(percentile(latencies, 0.5)) : '–')}
${tile({ en: '95 % are answered in', zh: '95% 的应答时间' }, answered ? duration(percentile(latencies, 0.95)) : '–')}
${tile({ en: 'delivered again', zh: '重复推送' }, grouped(again))}
${tile({ en: 'refused requests', zh: '被拒绝的请求' }, grouped(refused))}
${tile({ en: 'handlers failed', zh: '处理程序出错' }, grouped(failures), failures > 0 ? 'bad' : '')}
</dl>`
}

function tile(name: Bilingual, value: string, tone = ''): string {
  return `<div${tone && ` class="${tone}"`}><dt>${both(name)}</dt><dd>${value}</dd></div>`
}

function hours({ days, messages }: Statistics): string {
  const title = { en: 'When they come', zh: '每天每小时的消息' }
  if (messages === 0) return section(title, note({ en: 'No message in this time.', zh: '这段时间没有消息。' }))
  return section(title, heatMap(days))
}

function kinds({ kinds }: Statistics): string {
  if (kinds.length === 0) return ''
  const items = kinds.map(({ name, count }) => {
    const known = kindName(name)
    return {
      name: known ? `${both(known)} <code>${escapeHtml(name)}</code>` : `<code>${escapeHtml(name)}</code>`,
      count,
    }
  })
  return section({ en: 'What they are', zh: '消息类型' }, bars(items))
}

function latency({ latencies, days }: Statistics): string {
  if (latencies.length === 0) return ''
  const [p50, p95, p99, max] = [0.5, 0.95, 0.99, 1].map(share => duration(percentile(latencies, share)))
  const late = latencies.filter(ms => ms > PATIENCE).length
  const busy = days.filter(day => day.latencies.length > 0)
  const byDay =
    busy.length < 2
      ? ''
      : `<h3>${both({ en: 'Day by day', zh: '逐日' })}</h3><figure>${latencyByDay(days)}<figcaption>${both({
          en: 'Each bar goes from what half of the answers took to what 95 of 100 did; the dot is the slowest.',
          zh: '每根柱从中位数（p50）到 p95；圆点是当天最慢的一次。',
        })}</figcaption></figure>`
  return section(
    { en: 'How fast they are answered', zh: '应答时间' },
    `<figure>${latencyHistogram(latencies)}<figcaption>${both({
      en: `Half of ${grouped(latencies.length)} answers took ${p50} at the most, 95 % ${p95}, 99 % ${p99}, the slowest ${max}. ${late === 0 ? 'None was' : late === 1 ? 'One was' : `${grouped(late)} were`} beyond the red line, where WeChat hangs up and delivers the message again.`,
      zh: `共 ${grouped(latencies.length)} 次应答：一半在 ${p50} 内，95% 在 ${p95} 内，99% 在 ${p99} 内，最慢 ${max}。${late === 0 ? '没有' : `有 ${grouped(late)} 次`}超过红线；超过红线微信会断开连接并重新推送。`,
    })}</figcaption></figure>${byDay}`,
  )
}

function redeliveries({ redeliveries, detours, messages }: Statistics): string {
  const title = { en: 'Delivered again', zh: '重复推送' }
  if (messages === 0) return ''
  if (sumOf(redeliveries) + sumOf(detours) === 0) {
    return section(
      title,
      note({ en: 'WeChat got every answer the first time.', zh: '每条消息第一次推送就得到了回复。' }),
    )
  }
  const again = redeliveries.map(({ name, count }) => ({
    name: both({ en: `delivery ${name}`, zh: `第 ${name} 次推送` }),
    count,
  }))
  const slow = detours.map(({ name, count }) => ({ name: both(DETOURS[name] ?? { en: name, zh: name }), count }))
  return section(title, bars([...again, ...slow]))
}

function refused({ refusals }: Statistics): string {
  const title = { en: 'What was refused', zh: '被拒绝的请求' }
  if (refusals.length === 0) return section(title, note({ en: 'Nothing.', zh: '没有。' }))
  const rows = refusals.map(({ name, status, count, message, last }) => {
    const what = reasonText(name) ?? { en: message, zh: `日志原文：${message}` }
    return `<tr><td><code>${status} ${escapeHtml(name)}</code></td><td class="what">${both(what)}</td>
<td class="when">${timeOf(last)}</td><td class="number">${grouped(count)}</td></tr>`
  })
  const heads = [{ en: 'reason', zh: '原因' }, { en: 'what it means', zh: '说明' }, LAST]
  return section(title, table(heads, rows))
}

function words({ hasContents, words, unanswered }: Statistics): string {
  if (!hasContents) return ''
  const list = (counts: readonly Count[]) => bars(counts.map(({ name, count }) => ({ name: escapeHtml(name), count })))
  const silent =
    unanswered.length > 0 ? list(unanswered) : note({ en: 'None: all were answered.', zh: '没有：全部得到了回复。' })
  return `<div class="pair">${section({ en: 'What they write most', zh: '用户常发的内容' }, list(words))}
${section({ en: 'What nobody answers', zh: '无人应答的内容' }, silent, 'bad')}</div>`
}

/** The dots of so many fetches are looked at. */
const DOTS = 400

function tokens({ tokens }: Statistics): string {
  if (tokens.length === 0) return ''
  const failed = tokens.filter(({ failed }) => failed)
  const reasons = [...new Set(failed.map(({ reason }) => reason))].join(', ')
  const dots = tokens.slice(-DOTS).map(({ time, failed, reason = '' }) => {
    const told = escapeHtml(`${timeOf(time)} ${reason}`.trim())
    return `<i${failed ? ' class="bad"' : ''} title="${told}"></i>`
  })
  const fetched = tokens.length - failed.length
  return section(
    { en: 'Access tokens', zh: 'access token' },
    `<div class="dots" role="img" aria-label="${fetched} / ${tokens.length}">${dots.join('')}</div>${note({
      en: `Fetched ${grouped(fetched)} times, failed ${grouped(failed.length)} times${reasons && ` (${reasons})`}. One lasts for two hours, so some twelve a day are usual.`,
      zh: `获取成功 ${grouped(fetched)} 次，失败 ${grouped(failed.length)} 次${reasons && `（${reasons}）`}。每个有效期两小时，一天十余次属正常。`,
    })}`,
  )
}

function troubles({ troubles }: Statistics): string {
  if (troubles.length === 0) return ''
  const rows = troubles.map(
    ({ name, count, last }) => `<tr><td class="what">${escapeHtml(name)}</td><td class="when">${timeOf(last)}</td>
<td class="number">${grouped(count)}</td></tr>`,
  )
  return section(
    { en: 'What else the log complains about', zh: '日志中的其他警告和错误' },
    table([{ en: 'line', zh: '内容' }, LAST], rows),
  )
}

const LAST: Bilingual = { en: 'last', zh: '最近一次' }

function table(heads: readonly Bilingual[], rows: readonly string[]): string {
  const cells = heads.map(head => `<th>${both(head)}</th>`).join('')
  const times = `<th class="number">${both({ en: 'times', zh: '次数' })}</th>`
  return `<div class="table"><table><thead><tr>${cells}${times}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>`
}

function bars(items: readonly { readonly name: string; readonly count: number }[]): string {
  const most = Math.max(1, ...items.map(({ count }) => count))
  const rows = items.map(({ name, count }) => {
    const share = Math.round((count / most) * 1000) / 1000
    return `<li><span class="name">${name}</span><span class="track"><i style="--v:${share}"></i></span><span class="number">${grouped(count)}</span></li>`
  })
  return `<ul class="bars">${rows.join('\n')}</ul>`
}

function section(title: Bilingual, content: string, tone = ''): string {
  return `<section${tone && ` class="${tone}"`}><h2>${both(title)}</h2>${content}</section>`
}

function note(text: Bilingual): string {
  return `<p class="note">${both(text)}</p>`
}

function sumOf(counts: readonly Count[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0)
}

function timeOf(time: number): string {
  const date = new Date(time)
  const two = (number: number) => String(number).padStart(2, '0')
  return `${dateOf(time)} ${two(date.getHours())}:${two(date.getMinutes())}`
}

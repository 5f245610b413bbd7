import type { Bilingual } from '../../src/errors.ts'
import { STYLE } from '../../src/simulator/conformance/report-style.ts'
import { growthPlot, roundsPlot } from './plots.ts'
import type { Contestant, Group, Growth, Report } from './result.ts'
import { tableRow } from './table.ts'

const PLOTS = `
svg .name { fill: var(--ink); font-size: 13px }
svg .bar { fill: var(--good); fill-opacity: .3 }
svg .baseline { fill: var(--soft); fill-opacity: .3 }
svg .growth { fill: none; stroke: var(--good); stroke-width: 2 }
figure { margin-bottom: .75rem }
`

/** A run as one HTML page that needs nothing else, neither network nor script; both languages are in it. */
export function renderPage({ machine, groups, growth, leftOut, failures }: Report): string {
  const { date, command, processor, cores, system, versions, load } = machine
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>weixin-cgi benchmark</title>
<style>${STYLE}${PLOTS}</style>
<header><fieldset class="language"><legend>Language / 语言</legend>
<label><input type="radio" name="language" id="en" checked>English</label>
<label><input type="radio" name="language" id="zh">中文</label>
</fieldset></header>
<main>
<h1>${both({ en: 'How fast weixin-cgi is', zh: 'weixin-cgi 性能测试' })}</h1>
<p class="target">${escapeHtml(`${date} · ${command} · ${cores} × ${processor} · ${system} · ${programs.join(', ')}`)}</p>
<p class="verdict ${failures.length > 0 ? 'failed' : 'passed'}">${both(verdict(failures))}</p>
<p>${both({
    en: `Measured in turn in one run, everything on this machine. ${load[0]} processes wanted to run before, ${load[1]} after. A ratio is taken within each round; what is given is the median, and from where to where it went.`,
    zh: `同一次运行中轮流测量，全部程序都在本机。系统负载：开始前 ${load[0]}，结束后 ${load[1]}。比值在每一轮内计算，列出中位数及其范围。`,
  })}</p>
${list(failures.map(failure => ({ en: failure, zh: failure })))}
${groups.map(section).join('\n')}
${growth ? memory(growth) : ''}
${leftOut.length > 0 ? `<h2>${both({ en: 'Left out', zh: '未测项目' })}</h2>${list(leftOut)}` : ''}
</main>
</html>
`
}

function verdict(failures: readonly string[]): Bilingual {
  if (failures.length === 0) return { en: 'Every answer was right', zh: '所有回复均正确' }
  return {
    en: `${failures.length} measurements with missing or wrong answers`,
    zh: `${failures.length} 次测量有丢失或错误的回复`,
  }
}

function section(group: Group): string {
  const { title, unit, contestants, remark } = group
  const baseline = contestants[0]?.values ?? []
  const heads: readonly Bilingual[] = [
    { en: 'ratio', zh: '比值' },
    { en: 'from – to', zh: '范围' },
    { en: `min, ${unit}`, zh: `最小，${unit}` },
    { en: `median, ${unit}`, zh: `中位数，${unit}` },
    { en: `max, ${unit}`, zh: `最大，${unit}` },
  ]
  return `<h2>${both(title)}</h2>
<figure>${roundsPlot(group)}<figcaption>${both(remark)}</figcaption></figure>
<div class="table" tabindex="0" role="region" aria-label="${escapeHtml(`${title.en} / ${title.zh}`)}"><table>
<thead><tr><th></th>${heads.map(head => `<th class="number">${both(head)}</th>`).join('')}</tr></thead>
<tbody>${contestants.map(contestant => row(contestant, baseline)).join('\n')}</tbody></table></div>`
}

function row({ name, values }: Contestant, baseline: readonly number[]): string {
  const { ratio, spread, min, median, max } = tableRow(values, baseline)
  const cells = [ratio, spread, min, median, max].map(cell => `<td class="number">${cell}</td>`)
  return `<tr><td>${both(name)}</td>${cells.join('')}</tr>`
}

function memory(growth: Growth): string {
  const more = growth.slope.toFixed(2)
  return `<h2>${both({ en: 'Memory of a FastCGI process', zh: 'FastCGI 进程的内存' })}</h2>
<figure>${growthPlot(growth)}<figcaption>${both({
    en: `Resident memory while messages are answered; ${more} MB more with each 100 000 of the second half.`,
    zh: `处理消息期间的常驻内存；后半段每 100 000 条消息增加 ${more} MB。`,
  })}</figcaption></figure>`
}

function list(items: readonly Bilingual[]): string {
  return items.length === 0 ? '' : `<ul>${items.map(item => `<li>${both(item)}</li>`).join('')}</ul>`
}

function both({ en, zh }: Bilingual): string {
  return `<span lang="en">${escapeHtml(en)}</span><span lang="zh-CN">${escapeHtml(zh)}</span>`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`)
}

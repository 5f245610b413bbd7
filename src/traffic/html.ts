import type { Bilingual } from '../errors.ts'

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** What a follower has written must not become part of the page. */
export function escapeHtml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach the page
  return text.replace(/[\0-\x08\x0b-\x1f\x7f]/g, '\ufffd').replace(/[&<>"']/g, character => ESCAPES[character] ?? '')
}

/** A text in both languages, of which the page shows one. */
export function both({ en, zh }: Bilingual): string {
  if (en === zh) return escapeHtml(en)
  return `<span lang="en">${escapeHtml(en)}</span><span lang="zh-CN">${escapeHtml(zh)}</span>`
}

/** 12 345: with narrow blanks, which both languages read. */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, '\u202f')
}

/** `0.4 ms`, `35 ms`, `1.3 s`. */
export function duration(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(ms < 9950 ? 1 : 0)} s`
  return `${ms < 9.95 ? Math.round(ms * 10) / 10 : Math.round(ms)} ms`
}

/** `99.8 %`, and 100 % only when it is all. */
export function percent(share: number): string {
  return share === 1 ? '100 %' : `${(Math.floor(share * 1000) / 10).toFixed(1)} %`
}

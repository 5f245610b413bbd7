import type { Bilingual, Language } from './errors.ts'

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** What somebody else has written must not become part of the page. */
export function escapeHtml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach the page
  return text.replace(/[\0-\x08\x0b-\x1f\x7f]/g, '\ufffd').replace(/[&<>"']/g, character => ESCAPES[character] ?? '')
}

/** A text in both languages, of which the page shows one. */
export function both({ en, zh }: Bilingual): string {
  if (en === zh) return escapeHtml(en)
  return `<span lang="en">${escapeHtml(en)}</span><span lang="zh-CN">${escapeHtml(zh)}</span>`
}

/** What makes a page; all but the title is HTML and CSS as it stands. */
export interface BilingualPage {
  readonly title: string
  /** Of what the page shows; the colours `--ground`, `--ink` and `--soft` must be among it. */
  readonly style: string
  readonly body: string
  /** The one that is shown first. */
  readonly language: Language
}

/** A page that needs nothing else, neither network nor script; both languages are in it, and the reader switches. */
export function bilingualPage({ title, style, body, language }: BilingualPage): string {
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${FRAME}${style}</style>
<header><fieldset class="language"><legend>Language / 语言</legend>
<label><input type="radio" name="language" id="en"${language === 'en' ? ' checked' : ''}>English</label>
<label><input type="radio" name="language" id="zh"${language === 'zh' ? ' checked' : ''}>中文</label>
</fieldset></header>
<main>
${body}
</main>
</html>
`
}

/** By day and by night and on paper. */
const FRAME = `
:root { color-scheme: light dark }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.5 -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif }
.language { border: 0; margin: 0; padding: .5rem 1rem; text-align: right }
.language legend { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden }
.language label { margin-left: 1rem }
body:has(#en:checked) [lang="zh-CN"], body:has(#zh:checked) [lang="en"] { display: none }
@media print { .language { display: none } body { background: none } }
`

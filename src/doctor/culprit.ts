import type { Setting } from '../apache/configuration.ts'
import type { Bilingual } from '../errors.ts'
import type { Patient } from './patient.ts'

/** A line of Apache's configuration that can give an answer in our place, or change ours. */
type Suspicion = (setting: Setting) => boolean

const named =
  (pattern: RegExp, words = /^/): Suspicion =>
  ({ name, words: written }) =>
    pattern.test(name) && words.test(written.join(' '))

const FORBIDS: readonly Suspicion[] = [
  named(/^rewriterule$/, /\[(.*,)?F(,.*)?\]$/i),
  named(/^require$/, /^(?!all granted)/),
  named(/^(deny|order|allowmethods|secruleengine|limitexcept|satisfy)$/),
  ({ sections }) => sections.some(({ name }) => name === 'limit' || name === 'limitexcept'),
]
const CHANGES: readonly Suspicion[] = [
  named(/^(substitute|setoutputfilter|addoutputfilter|addoutputfilterbytype|extfilterdefine)$/),
  named(/^(rewriterule|aliasmatch|directoryindex|fallbackresource|sethandler|redirect|redirectmatch)$/),
]

const SUSPICIONS: Readonly<Record<number, readonly Suspicion[]>> = {
  200: CHANGES,
  301: [named(/^(redirect|redirectmatch|redirectpermanent)$/), named(/^rewriterule$/, /\[(.*,)?R/i)],
  302: [named(/^(redirect|redirectmatch|redirecttemp)$/), named(/^rewriterule$/, /\[(.*,)?R/i)],
  401: [named(/^(authtype|authuserfile)$/)],
  403: FORBIDS,
  404: [named(/^(rewriterule|redirect|alias|aliasmatch|scriptalias)$/)],
  405: [named(/^allowmethods$/), ...FORBIDS],
  413: [named(/^limitrequestbody$|^fcgidmaxrequestlen$/)],
  414: [named(/^limitrequestline$/)],
  431: [named(/^limitrequestfields(ize)?$/)],
}

/** The line of Apache's configuration that most likely stands behind a status; undefined when none is known. */
export function culpritOf(status: number, patient: Patient): Bilingual | undefined {
  return sentenceOf(lineOf(SUSPICIONS[status] ?? [], patient))
}

/** The line that may take the query away. */
export function queryThief(patient: Patient): Bilingual | undefined {
  return sentenceOf(lineOf([named(/^(rewriterule|proxypassmatch)$/, /\?/), named(/^rewriterule$/)], patient))
}

/** Those of the virtual host before those of the server; the block that we ship has none, its `Require` aside. */
function lineOf(suspicions: readonly Suspicion[], patient: Patient): Setting | undefined {
  const settings = [...(patient.block()?.settings ?? [])].reverse().filter(each => !isHarmless(each, patient))
  return suspicions.map(fits => settings.find(fits)).find(found => found !== undefined)
}

/** What is about other addresses, folders and files keeps WeChat from nothing; nor does what our own block says. */
function isHarmless({ sections, name, words }: Setting, { block }: Patient): boolean {
  const inner = sections.at(-1)
  const elsewhere = sections.some(each => /^location/.test(each.name) && !/^\^?\/(\.\*)?$/.test(each.words[0] ?? ''))
  const ours = [block()?.lead?.words[1], block()?.lead?.words[0]]
  return (
    elsewhere ||
    (inner !== undefined && /^(directory|files)/.test(inner.name) && name === 'require') ||
    (/^(scriptalias|alias)$/.test(name) && (words[0] === '/static' || ours.includes(words[1])))
  )
}

function sentenceOf(setting: Setting | undefined): Bilingual | undefined {
  if (!setting) return undefined
  const { file, line, name, words } = setting
  const written = [name, ...words].join(' ')
  return { en: `look at ${file}:${line}: ${written}`, zh: `请检查 ${file}:${line}：${written}` }
}

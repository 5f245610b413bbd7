import { LEASE } from './ledger.ts'

/*
 * The lines of a page. A kind of one character, an ID, a blank, and the rest:
 *
 *   +ID TIME HOLDER    somebody wants the claim
 *   ~ID TIME HOLDER    and keeps it
 *   =ID VALUE CR       how it ended; without the CR, which no value holds, a full disk has cut the line short
 *
 * Their order in the page is the order in which all who share it see them; times are milliseconds since 1970.
 */

/** Who has claimed an ID, and when that was last heard of; and the value, if there is one. */
export interface Standing {
  readonly holder: string
  readonly heard: number
  readonly value?: string
}

const CLAIM = '+'
const RENEWAL = '~'
const VALUE = '='
const WHOLE = '\r'
const LINE_END = 10

export function claimLine(id: string, holder: string, time: number): string {
  return `${CLAIM}${id} ${time} ${holder}`
}

export function renewalLine(id: string, holder: string, time: number): string {
  return `${RENEWAL}${id} ${time} ${holder}`
}

export function valueLine(id: string, value: string): string {
  return `${VALUE}${id} ${value}${WHOLE}`
}

/** The IDs that are claimed or settled in whole lines, as often as they are. */
export function* idsIn(lines: string): Generator<string> {
  for (let at = 0, end = lines.indexOf('\n'); end >= 0; at = end + 1, end = lines.indexOf('\n', at)) {
    if (lines[at] === CLAIM || lines[at] === VALUE) yield lines.slice(at + 1, lines.indexOf(' ', at))
  }
}

/** What a page says about an ID; undefined when it says nothing. The first value counts. */
export function standingOf(id: string, page: Buffer): Standing | undefined {
  let standing: Standing | undefined
  for (const { kind, rest } of linesAbout(id, page)) {
    if (kind === VALUE) {
      if (rest.endsWith(WHOLE)) return { ...(standing ?? NOBODY), value: rest.slice(0, -WHOLE.length) }
      continue
    }
    const blank = rest.indexOf(' ')
    const heard = Number(rest.slice(0, blank))
    const holder = rest.slice(blank + 1)
    const counts = kind === CLAIM ? !standing || isLost(standing, heard) : standing?.holder === holder
    if (counts) standing = { holder, heard }
  }
  return standing
}

const NOBODY: Standing = { holder: '', heard: 0 }

/** Whether a claim was not renewed in time. */
export function isLost({ heard }: Standing, now: number): boolean {
  return Math.abs(now - heard) >= LEASE
}

interface Line {
  readonly kind: string
  readonly rest: string
}

/** Of a page that may have megabytes only the lines that are asked for become text. */
function* linesAbout(id: string, page: Buffer): Generator<Line> {
  const word = `${id} `
  for (let at = page.indexOf(word); at >= 0; at = page.indexOf(word, at + word.length)) {
    if (page[at - 2] !== LINE_END) continue
    const end = page.indexOf(LINE_END, at)
    if (end >= 0)
      yield { kind: page.toString('latin1', at - 1, at), rest: page.toString('utf8', at + word.length, end) }
  }
}

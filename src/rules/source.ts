import { isUtf8 } from 'node:buffer'
import fs from 'node:fs'
import path from 'node:path'
import { parseCommentedJson } from '../config/json.ts'
import type { Config } from '../config/types.ts'
import { ConfigError } from '../errors.ts'
import type { Logger } from '../log.ts'
import { parseRules } from './parse.ts'
import { RuleError } from './rule-error.ts'
import type { Rule } from './types.ts'

/** How long a look at the file is good for, in milliseconds. */
const LOOK_EVERY = 1000

/** Where the rules stand. */
export interface RuleSourceOptions {
  /** The setting: rules, the name of a file that holds them, seen from the configuration's folder, or nothing yet. */
  readonly rules: Config['rules']
  /** The configuration file, which holds the rules, or may do so one day, unless another one does. */
  readonly configFile: string
  /** Where it holds them: `['rules']`, or `['accounts', 'shop', 'rules']`. */
  readonly place: readonly string[]
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly log: Logger
}

/** The rules that are in force now. It never rejects. */
export type RuleSource = () => Promise<readonly Rule[]>

/**
 * Reads the rules, and again when their file has changed: it is looked at when a message comes, once a second at most.
 * After an edit with a mistake the rules of before stay in force, and the log says so once.
 *
 * @throws {ConfigError} in one line with the file, the line and what is permitted
 */
export async function createRuleSource(options: RuleSourceOptions): Promise<RuleSource> {
  const { rules: setting, configFile, now, log } = options
  const file = typeof setting === 'string' ? path.resolve(path.dirname(configFile), setting) : configFile
  const place = typeof setting === 'string' ? [] : options.place
  let looked = now()
  // Before the file is read: what is written in between is seen at the next look.
  let version = versionOf(file)
  let rules = setting === undefined ? [] : await readRules(file, place, setting)
  return async () => {
    if (Math.abs(now() - looked) < LOOK_EVERY) return rules
    looked = now()
    const latest = versionOf(file)
    if (latest === version) return rules
    version = latest
    try {
      const read = await readRules(file, place, setting)
      if (read.length + rules.length > 0) log.info('read the rules again', { file, rules: read.length })
      rules = read
    } catch (error) {
      log.error(`${error instanceof Error ? error.message : error}; the rules of before stay in force`)
    }
    return rules
  }
}

/** Changes with every edit, in place or by a new file under the same name. */
function versionOf(file: string): string {
  try {
    const { mtimeMs, ctimeMs, size, ino } = fs.statSync(file)
    return `${mtimeMs} ${ctimeMs} ${size} ${ino}`
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code)
  }
}

async function readRules(file: string, place: readonly string[], setting: Config['rules']): Promise<readonly Rule[]> {
  const text = readText(file)
  try {
    const value = place.reduce(entryOf, await parseCommentedJson(text))
    if (value === undefined && setting === undefined) return []
    if (typeof value === 'string' && place.length > 0) throw new RuleError(place, NAMES_A_FILE)
    return parseRules(value, place)
  } catch (error) {
    throw await located(error, file, text)
  }
}

const NAMES_A_FILE = {
  en: 'names a file now, which counts after a restart; a list of rules counts at once',
  zh: '现在是文件名，重启后才生效；规则列表则立即生效',
}

function entryOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined
}

function readText(file: string): string {
  const bytes = readBytes(file)
  if (!isUtf8(bytes)) {
    throw new ConfigError({
      en: `${file}: not UTF-8; save it as UTF-8 in your editor`,
      zh: `${file}：不是 UTF-8 编码；请在编辑器中另存为 UTF-8`,
    })
  }
  return bytes.toString().replace(/^\uFEFF/, '')
}

function readBytes(file: string): Buffer {
  try {
    return fs.readFileSync(file)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    throw new ConfigError({ en: `cannot read ${file}: ${code}`, zh: `无法读取 ${file}：${code}` }, { cause })
  }
}

const LIST_OF_RULES = {
  en: 'a list of rules, [ { "when": …, "reply": … } ]',
  zh: '规则列表：[ { "when": …, "reply": … } ]',
}

async function located(error: unknown, file: string, text: string): Promise<unknown> {
  const { lineOf, notJson } = await import('../config/locate.ts')
  if (error instanceof SyntaxError) return notJson(file, text, LIST_OF_RULES)
  if (!(error instanceof RuleError)) return error
  // What is missing has no line, but what it is missing from has.
  const { path: at, message, zh } = error
  const line = lineOf(text, at) ?? lineOf(text, at.slice(0, -1)) ?? 1
  return new ConfigError({ en: `${file}:${line}: ${message}`, zh: `${file}:${line}：${zh}` })
}

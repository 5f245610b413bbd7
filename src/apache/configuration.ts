import { type Directive, parseDirectives } from './directive.ts'
import type { Environment, Machine } from './machine.ts'

/** A section that a directive stands in, such as `<VirtualHost *:80>`. */
export interface Section {
  readonly name: string
  readonly words: readonly string[]
  readonly file: string
  readonly line: number
}

/** A directive that is in force: its conditions are fulfilled and its variables are filled in. */
export interface Setting {
  readonly name: string
  readonly words: readonly string[]
  readonly file: string
  readonly line: number
  /** From the outermost to the innermost; conditions such as `<IfModule>` are left out. */
  readonly sections: readonly Section[]
}

/** Everything that Apache would read at its start, in that order. */
export interface Configuration {
  readonly settings: readonly Setting[]
  /** The files that were read. */
  readonly files: readonly string[]
  /** What `Include` names and is not there, or may not be read; Apache would not start. */
  readonly missing: readonly string[]
  readonly serverRoot: string
  /** Modules that are compiled in or loaded, by their short names: `cgid`, `proxy_fcgi`. */
  readonly modules: ReadonlySet<string>
}

export interface ReadOptions {
  readonly file: string
  /** What relative names refer to until `ServerRoot` says otherwise. */
  readonly serverRoot: string
  /** Short names of what is compiled in. */
  readonly builtIn: readonly string[]
  /** Variables that Apache is started with, such as those of Debian's envvars. */
  readonly environment: Environment
  readonly version: string | undefined
}

interface Reading {
  readonly machine: Machine
  readonly version: string | undefined
  readonly settings: Setting[]
  readonly files: string[]
  readonly missing: string[]
  readonly modules: Set<string>
  readonly variables: Map<string, string>
  serverRoot: string
}

const DEEPEST = 32

/** Reads an installation's configuration from its files alone: no Apache is run, and a broken one can be looked at. */
export function readConfiguration(machine: Machine, options: ReadOptions): Configuration {
  const variables = Object.entries(options.environment).filter((entry): entry is [string, string] => !!entry[1])
  const reading: Reading = {
    machine,
    version: options.version,
    settings: [],
    files: [],
    missing: [],
    modules: new Set(options.builtIn),
    variables: new Map(variables),
    serverRoot: options.serverRoot,
  }
  readFile(options.file, [], reading)
  return reading
}

/** A name as a configuration writes it, as a whole path of this machine. */
export function resolveIn(machine: Machine, serverRoot: string, name: string): string {
  return machine.path.isAbsolute(name) ? machine.path.normalize(name) : machine.path.join(serverRoot, name)
}

function readFile(file: string, sections: readonly Section[], reading: Reading): void {
  const text = reading.machine.readText(file)
  if (text === undefined || reading.files.filter(each => each === file).length > DEEPEST) {
    reading.missing.push(file)
    return
  }
  reading.files.push(file)
  const open: (Section | 'condition')[] = []
  let skipped = 0
  for (const directive of parseDirectives(text)) {
    const { kind, name, line } = directive
    const words = directive.words.map(word => fillIn(word, reading))
    if (kind === 'close') {
      if (skipped > 0) skipped--
      else open.pop()
    } else if (skipped > 0) skipped += kind === 'open' ? 1 : 0
    else if (kind === 'plain') {
      const around = open.filter((each): each is Section => each !== 'condition')
      act({ name, words, file, line, sections: [...sections, ...around] }, reading)
    } else {
      const fulfilled = conditionOf(directive, words, reading)
      if (fulfilled === false) skipped = 1
      else open.push(fulfilled ? 'condition' : { name, words, file, line })
    }
  }
}

function act(setting: Setting, reading: Reading): void {
  const { machine, variables, modules } = reading
  const [first = '', second = ''] = setting.words
  reading.settings.push(setting)
  if (setting.name === 'define') variables.set(first, second)
  if (setting.name === 'undefine') variables.delete(first)
  if (setting.name === 'loadmodule') modules.add(shortName(first))
  if (setting.name === 'serverroot') reading.serverRoot = machine.path.normalize(first)
  if (setting.name === 'include' || setting.name === 'includeoptional') {
    const files = included(resolveIn(machine, reading.serverRoot, first), reading)
    if (files.length === 0 && setting.name === 'include' && !/[*?[]/.test(first)) reading.missing.push(first)
    for (const file of files) readFile(file, setting.sections, reading)
  }
}

/** @returns undefined for a section that is no condition */
function conditionOf({ name }: Directive, words: readonly string[], reading: Reading): boolean | undefined {
  const [first = '', second] = words
  const negated = first.startsWith('!')
  const subject = negated ? first.slice(1) : first
  switch (name) {
    case 'ifmodule':
      return reading.modules.has(shortName(subject)) !== negated
    case 'ifdefine':
      return reading.variables.has(subject) !== negated
    case 'iffile':
      return (reading.machine.status(resolveIn(reading.machine, reading.serverRoot, subject)) !== undefined) !== negated
    case 'ifversion':
      return isVersion(reading.version, subject, second) !== negated
    case 'ifdirective':
    case 'ifsection':
      return true
    case 'macro':
      return false
    default:
      return undefined
  }
}

/** `cgid` for `mod_cgid.c`, `mod_cgid.so` and `cgid_module`; an MPM's file is `event.c`, its name `mpm_event`. */
export function shortName(module: string): string {
  const name = module.trim().replace(/^mod_|_module$|\.(c|so)$/g, '')
  return /^(event|worker|prefork)$/.test(name) ? `mpm_${name}` : name
}

/** An unknown version is taken for a current one. */
function isVersion(version = '2.4.60', operator: string, wanted = operator): boolean {
  const difference = compareVersions(version, wanted)
  if (operator.startsWith('>')) return operator === '>=' ? difference >= 0 : difference > 0
  if (operator.startsWith('<')) return operator === '<=' ? difference <= 0 : difference < 0
  return difference === 0
}

/** Below 0 when `one` is the older, 0 when both are equal as far as `other` says: 2.4.6 before 2.4.10. */
export function compareVersions(one: string, other: string): number {
  const numbers = one.split('.').map(Number)
  for (const [index, wanted] of other.split('.').map(Number).entries()) {
    const difference = (numbers[index] ?? 0) - wanted
    if (difference !== 0) return difference
  }
  return 0
}

/** A variable that nobody has defined stays as it is written, as in Apache. */
function fillIn(word: string, { variables }: Reading): string {
  return word.replace(/\$\{([^}]+)\}/g, (written, name: string) => variables.get(name) ?? written)
}

/** A folder stands for all files below it. */
function included(pattern: string, { machine }: Reading): string[] {
  return matching(machine, pattern).flatMap(each => filesBelow(machine, each, 0))
}

function filesBelow(machine: Machine, name: string, depth: number): string[] {
  const kind = machine.status(name)?.kind
  if (kind === 'file') return [name]
  if (kind !== 'directory' || depth > DEEPEST) return []
  return machine.list(name).flatMap(each => filesBelow(machine, machine.path.join(name, each), depth + 1))
}

/** The paths that fit a pattern with `*`, `?` and `[…]` in any of its parts, in alphabetical order. */
export function matching(machine: Machine, pattern: string): string[] {
  const { root } = machine.path.parse(pattern)
  const parts = pattern.slice(root.length).split(/[\\/]/).filter(Boolean)
  let found = [root]
  for (const part of parts) {
    const { path } = machine
    if (!/[*?[]/.test(part)) found = found.map(folder => path.join(folder, part))
    else {
      const fits = expressionOf(part, machine.platform === 'win32')
      found = found.flatMap(folder =>
        machine
          .list(folder)
          .filter(name => fits.test(name))
          .map(name => path.join(folder, name)),
      )
    }
  }
  return found.filter(each => machine.status(each) !== undefined)
}

function expressionOf(part: string, caseless: boolean): RegExp {
  const source = part
    .replace(/[.+^${}()|\\]|\[(?![^\]]*\])/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
    .replaceAll('[!', '[^')
  // A name that begins with a dot is fitted only by a pattern that does.
  return new RegExp(`^${part.startsWith('.') ? '' : '(?!\\.)'}${source}$`, caseless ? 'i' : '')
}

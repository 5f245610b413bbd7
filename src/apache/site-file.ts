import type { Site } from './site.ts'

/** Our block in a file that may hold others. */
export interface PlacedBlock {
  /** From 1, that of its first and of its last line. */
  readonly first: number
  readonly last: number
  /** The modules that were switched on for it. */
  readonly modules: readonly string[]
  /** The file without it. */
  readonly rest: string
}

/** The block between two lines by which it is found again, with the modules that are switched off with it. */
export function blockOf({ name }: Pick<Site, 'name'>, body: string, modules: readonly string[]): string {
  const enabled = modules.length > 0 ? [`# modules: ${modules.join(' ')}`] : []
  const about = '# Made by "weixin vhost"; "weixin vhost --undo" takes it away.'
  return [`# BEGIN weixin-cgi ${name}`, about, ...enabled, '', body.trim(), '', `# END weixin-cgi ${name}`, ''].join(
    '\n',
  )
}

/** Finds the block of a name; undefined when it is not there. */
export function findBlock(text: string, name: string): PlacedBlock | undefined {
  const lines = text.split(/\r?\n/)
  const first = lines.indexOf(`# BEGIN weixin-cgi ${name}`)
  const last = lines.indexOf(`# END weixin-cgi ${name}`, first)
  if (first < 0 || last < 0) return undefined
  const listed = lines.slice(first, last).find(line => line.startsWith('# modules: '))
  const modules =
    listed
      ?.slice('# modules: '.length)
      .split(' ')
      .filter(each => /^\w+$/.test(each)) ?? []
  const before = lines.slice(0, first)
  while (before.at(-1) === '') before.pop()
  const after = lines.slice(last + 1)
  const end = text.includes('\r\n') ? '\r\n' : '\n'
  const rest = [...before, ...(before.length > 0 && after[0] !== '' ? [''] : []), ...after].join(end)
  return { first: first + 1, last: last + 1, modules, rest }
}

/** The file with the block in the place of the old one, or at its end, in the line ends that the file has. */
export function withBlock(text: string, name: string, block: string): string {
  const rest = (findBlock(text, name)?.rest ?? text).trimEnd()
  const end = text.includes('\r\n') ? '\r\n' : '\n'
  const written = block.replaceAll('\n', end)
  return rest === '' ? written : `${rest}${end}${end}${written}`
}

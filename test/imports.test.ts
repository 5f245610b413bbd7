import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { projectDirectory } from './project.ts'

/**
 * What each room of src/ may import from the others: a whole room, or one file of it. `errors` and `log` are open to
 * everyone.
 */
const permitted: Readonly<Record<string, string>> = {
  errors: '',
  log: '',
  html: '',
  build: '',
  apache: '',
  config: '',
  gateway: '',
  store: '',
  xml: '',
  crypto: 'xml',
  message: 'xml',
  reply: 'xml',
  token: 'store',
  client: 'reply/types store token',
  session: 'store',
  account: 'config crypto',
  refusal: 'crypto message xml',
  query: 'refusal',
  dispatch: 'client/client client/pages message reply session store xml/parse',
  rules: 'config dispatch message reply',
  delivery: 'dispatch/dispatch dispatch/trace message reply store',
  webhook: 'account crypto dispatch gateway/request gateway/response message query refusal reply xml',
  router: 'gateway/request gateway/response refusal webhook',
  'open-account': 'client config store',
  index: 'client dispatch message open-account reply token xml',
  app: 'index',
  site: 'account client config delivery dispatch gateway/response message reply router rules store webhook',
  traffic: 'config crypto html refusal xml',
  responder: 'app config gateway site traffic',
  snapshot: 'index responder',
  simulator: 'crypto html xml',
  doctor: 'apache client config crypto simulator store token traffic/reasons',
  cli: 'account apache client config crypto doctor gateway reply simulator store token traffic',
}

const src = path.join(projectDirectory, 'src')
const files = filesOf(src)
const rooms = new Set(files.map(roomOf))
const imports = files.flatMap(file => relativeImports(src, file).map(target => ({ file, target })))

t.test('every import in src/ runs in a permitted direction', async t => {
  t.ok(imports.length > 1000, `${imports.length} imports`)
  for (const { file, target } of imports) {
    const allowed = [...namesIn(permitted[roomOf(file)]), 'errors', 'log', roomOf(file)]
    t.ok(
      allowed.some(name => isIn(name, target)),
      `src/${file} may import src/${target}`,
    )
  }
})

t.test('the table has every room of src/ and no other, and nothing that nobody needs', async t => {
  t.strictSame(Object.keys(permitted).sort(), [...rooms].sort())
  for (const [room, names] of Object.entries(permitted)) {
    for (const name of namesIn(names)) {
      t.ok(
        imports.some(({ file, target }) => roomOf(file) === room && isIn(name, target)),
        `${room} needs ${name}`,
      )
    }
  }
})

t.test('imports run one way: no room leads back to itself', async t => {
  const leadsTo = new Map(Object.entries(permitted).map(([room, names]) => [room, namesIn(names).map(roomOf)]))
  for (const room of rooms) t.notOk(reachable(leadsTo, room).has(room), room)
})

t.test('no file has to be loaded before itself', async t => {
  const leadsTo = new Map(files.map(file => [nameOf(file), relativeImports(src, file, 'values')]))
  for (const file of files) t.notOk(reachable(leadsTo, nameOf(file)).has(nameOf(file)), file)
})

t.test('the page of the phone needs nothing but its own folder, and WeUI for its style', async t => {
  const page = path.join(projectDirectory, 'templates', 'phone')
  for (const file of fs.readdirSync(page).filter(name => /\.(js|css)$/.test(name))) {
    const text = fs.readFileSync(path.join(page, file), 'utf8')
    for (const [, target = ''] of text.matchAll(/(?:from|import\(?|@import) ?['"]([^'"]+)['"]/g)) {
      t.ok(target.startsWith('weui/') || fs.existsSync(path.join(page, target)), `${file} imports ${target}`)
    }
  }
})

function filesOf(folder: string): readonly string[] {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.filter(name => /\.(ts|mjs)$/.test(name)).map(name => name.split(path.sep).join('/'))
}

/** Relative to the folder, without the ending: `message/types`. */
function nameOf(file: string): string {
  return file.replace(/\.\w+$/, '')
}

function roomOf(file: string): string {
  return nameOf(file).split('/')[0] ?? ''
}

function namesIn(names = ''): readonly string[] {
  return names.split(' ').filter(Boolean)
}

/** Whether a file is this one, or in this room. */
function isIn(name: string, file: string): boolean {
  return file === name || file.startsWith(`${name}/`)
}

/** @param which with `values` those that are loaded with the file: no types, and nothing that is loaded on demand */
function relativeImports(folder: string, file: string, which: 'all' | 'values' = 'all'): readonly string[] {
  const text = fs.readFileSync(path.join(folder, file), 'utf8')
  const pattern =
    which === 'all' ? /(?:from|import\(?)\s*'(\.[^']+)'/g : /^(?:import|export) (?!type )(?:[^']*? from )?'(\.[^']+)'/gm
  const specifiers = [...text.matchAll(pattern)].map(match => match[1] ?? '')
  return specifiers.map(specifier => nameOf(path.posix.join(path.posix.dirname(file), specifier)))
}

/** Everything that one leads to, by way of others too. */
function reachable(leadsTo: ReadonlyMap<string, readonly string[]>, from: string): ReadonlySet<string> {
  const found = new Set<string>()
  const rest = [...(leadsTo.get(from) ?? [])]
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (found.has(next)) continue
    found.add(next)
    rest.push(...(leadsTo.get(next) ?? []))
  }
  return found
}

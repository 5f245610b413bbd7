import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { projectDirectory } from '../project.ts'

const page = fs.readFileSync(path.join(projectDirectory, '.github', 'SECURITY.md'), 'utf8')

/** A test that SECURITY.md names. */
interface Named {
  readonly file: string
  /** With `…` for what the title takes from a variable. */
  readonly title: string
}

const ROW = /^\| `([a-z\d-]+)` \| [^|]+ \| (.+) \|$/gm
const TEST = /\[[\w-]+\]\(\.\.\/(test\/[\w/-]+\.test\.ts)\) “([^”]+)”/g

const cases = new Map<string, readonly Named[]>()
const repeated: string[] = []
for (const [, name = '', tests = ''] of page.matchAll(ROW)) {
  if (cases.has(name)) repeated.push(name)
  cases.set(
    name,
    [...tests.matchAll(TEST)].map(([, file = '', title = '']) => ({ file, title })),
  )
}

t.test('every case of SECURITY.md names tests that exist', async t => {
  t.ok(cases.size >= 85, `${cases.size} cases`)
  t.strictSame(repeated, [], 'each has a name of its own')
  const missing: string[] = []
  for (const [name, tests] of cases) {
    if (tests.length === 0) missing.push(`${name}: names no test`)
    for (const { file, title } of tests) if (!isTitleIn(file, title)) missing.push(`${name}: ${file} “${title}”`)
  }
  t.strictSame(missing, [])
})

t.test('every test of faults is named there', async t => {
  const named = new Set([...cases.values()].flat().map(({ file }) => file))
  const folder = path.join(projectDirectory, 'test', 'faults')
  const files = fs.readdirSync(folder).filter(name => name.endsWith('.test.ts') && !name.startsWith('security-page'))
  t.ok(files.length > 0)
  for (const name of files) t.ok(named.has(`test/faults/${name}`), name)
})

/** Whether a string of the test file is this title. */
function isTitleIn(file: string, title: string): boolean {
  const source = path.join(projectDirectory, file)
  if (!fs.existsSync(source)) return false
  const words = title.split('…').map(part => part.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&'))
  return new RegExp(`['"\`]${words.join('\\$\\{[^`\\n]+?\\}')}['"\`]`).test(fs.readFileSync(source, 'utf8'))
}

import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { projectDirectory } from './project.ts'

/** What each room of src/ may import from the others. `errors` and `log` are open to everyone. */
const permitted: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  log: [],
  apache: [],
  refusal: ['crypto', 'message', 'xml'],
  query: ['refusal'],
  gateway: [],
  config: [],
  xml: [],
  crypto: ['xml'],
  message: ['xml'],
  reply: ['xml', 'message'],
  account: ['config', 'crypto'],
  middleware: [],
  dispatch: ['client/client', 'client/pages', 'message', 'middleware', 'reply', 'session', 'store', 'xml/parse'],
  app: ['index'],
  index: ['client', 'dispatch', 'message', 'open-account', 'reply', 'token', 'xml'],
  'open-account': ['client', 'config', 'store'],
  webhook: [
    'account',
    'crypto',
    'dispatch',
    'gateway/request',
    'gateway/response',
    'message',
    'query',
    'refusal',
  ].concat(['reply', 'xml']),
  store: [],
  token: ['store'],
  client: ['reply/types', 'store', 'token'],
  session: ['message', 'store'],
  rules: ['config', 'dispatch', 'message', 'reply'],
  delivery: ['dispatch/dispatch', 'dispatch/trace', 'message', 'reply', 'store'],
  router: ['gateway/request', 'gateway/response', 'refusal', 'webhook'],
  simulator: ['crypto', 'xml'],
  site: [
    'account',
    'app',
    'client',
    'config',
    'delivery',
    'dispatch',
    'gateway/response',
    'message',
    'reply',
    'router',
  ].concat(['rules', 'store', 'token', 'webhook']),
  traffic: ['config', 'crypto', 'refusal'],
  responder: ['config', 'gateway', 'site', 'snapshot-fit', 'traffic'],
  snapshot: ['config', 'gateway', 'responder', 'site', 'snapshot-fit'],
  'snapshot-fit': [],
  doctor: ['apache', 'client', 'config', 'crypto', 'refusal', 'simulator', 'snapshot-fit', 'store', 'token', 'xml'],
  cli: [
    'account',
    'apache',
    'client',
    'config',
    'crypto',
    'doctor',
    'gateway',
    'reply',
    'simulator',
    'store',
    'token',
    'traffic',
    'xml',
  ],
}

const src = path.join(projectDirectory, 'src')

t.test('every import in src/ runs in a permitted direction', async t => {
  for (const file of sourceFiles()) {
    const room = roomOf(file)
    const allowed = [...(permitted[room] ?? []), 'errors', 'log', room]
    for (const target of relativeImports(file)) {
      t.ok(
        allowed.some(name => target === name || target.startsWith(`${name}/`)),
        `src/${file} may import src/${target}`,
      )
    }
  }
})

t.test('every room of src/ is in the table', async t => {
  const rooms = new Set(sourceFiles().map(roomOf))
  t.strictSame(
    [...rooms].filter(room => !Object.hasOwn(permitted, room)),
    [],
  )
})

function sourceFiles(): string[] {
  const files = fs.readdirSync(src, { recursive: true, encoding: 'utf8' })
  return files.filter(file => file.endsWith('.ts')).map(file => file.split(path.sep).join('/'))
}

function roomOf(file: string): string {
  return file.split('/')[0]?.replace(/\.ts$/, '') ?? ''
}

/** Relative to src/, without the ending: `message/types`. */
function relativeImports(file: string): string[] {
  const text = fs.readFileSync(path.join(src, file), 'utf8')
  const specifiers = [...text.matchAll(/(?:from|import\() ?'(\.[^']+)'/g)].map(match => match[1] ?? '')
  return specifiers.map(specifier => path.posix.join(path.posix.dirname(file), specifier).replace(/\.ts$/, ''))
}

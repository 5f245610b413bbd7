import { nameOfUser, type User, userNamed } from '../apache/access.ts'
import { type Apache, describeApache } from '../apache/apache.ts'
import { findInstallations } from '../apache/installation.ts'
import { configPath, loadConfig } from '../config/load.ts'
import type { Config } from '../config/types.ts'
import { type OpenApi, openApi } from './api.ts'
import { type Block, findBlocks } from './block.ts'
import { secretsOf, withoutSecrets } from './secrets.ts'
import type { World } from './world.ts'

/** Where the responder is asked. */
export interface Target {
  readonly url: URL
  /** Loopback, when it is this machine's Apache. */
  readonly address: string | undefined
  /** That of the account that answers there. */
  readonly token: string
}

/** The installation under examination: each fact is found out once, by the first check that asks for it. */
export interface Patient extends World {
  /** @throws {ConfigError} */
  config(): Promise<Config>
  apache(): Apache | undefined
  /** What leads to this project in Apache's configuration. */
  blocks(): readonly Block[]
  /** The first of them. */
  block(): Block | undefined
  /** Whose rights the script or the service has; undefined where nobody can tell (Windows, a service started by hand). */
  runner(): User | undefined
  /** Whose rights Apache's own children have. */
  apacheUser(): User | undefined
  /** Undefined without an AppSecret. */
  api(): Promise<OpenApi | undefined>
  /** The URL that was named, else each account in each of our virtual hosts, https first. */
  targets(): Promise<readonly Target[]>
  /** The first of them. */
  target(): Promise<Target | undefined>
  /** Somebody else's words on one line, for a finding: without secrets, and without what commands a terminal. */
  quote(text: string, length?: number): string
  /** The responder's and Apache's log: what was there before the examination, and what has come since. */
  log(): { readonly file: string | undefined; readonly before: string; since(): string }
}

export function createPatient(world: World): Patient {
  const { machine, directory, environment, wanted } = world
  const config = once(() => loadConfig(environment, directory))
  const apache = once(() => apacheFor(world))
  const blocks = once(() => {
    const found = apache()
    return found ? findBlocks(machine, found, directory) : []
  })
  const block = () => blocks()[0]
  const apacheUser = once(() => {
    const name = apache()?.user
    return machine.platform === 'win32' || name === undefined ? undefined : userNamed(machine, name)
  })
  const targets = once(async (): Promise<readonly Target[]> => {
    const { token, path = '/', accounts } = await config()
    if (wanted.url) return [{ url: wanted.url, address: undefined, token }]
    const secureFirst = [...blocks()].sort((one, other) => Number(other.secure) - Number(one.secure))
    return secureFirst.flatMap(({ secure, port, serverName = 'localhost' }) => {
      const bound = apache()?.listens.find(listen => listen.port === port)?.address
      const address = bound?.replace(/^\[|\]$/g, '') ?? '127.0.0.1'
      const host = serverName.replace(/^\w+:\/\//, '').replace(/:\d+$/, '')
      const base = `${secure ? 'https' : 'http'}://${host}:${port}`
      return [{ token, path }, ...Object.values(accounts)].map(each => {
        return { url: new URL(each.path, base), address, token: each.token }
      })
    })
  })
  const secrets = once(() => secretsOf(world, configPath(environment, directory)))
  return {
    ...world,
    quote: (text, length = 160) => shorten(printable(withoutSecrets(text.trim(), secrets())), length),
    config,
    apache,
    blocks,
    block,
    apacheUser,
    runner: once(() => {
      const way = block()?.way
      if (way === 'cgi' || way === 'fcgid') return apacheUser()
      if (way === undefined) return wanted.url ? undefined : apacheUser()
      const unit = machine.readText(`/etc/systemd/system/${block()?.service}.service`)
      const name = /^User=(\S+)/m.exec(unit ?? '')?.[1]
      return name === undefined ? undefined : userNamed(machine, name)
    }),
    api: once(async () => openApi(await config(), world)),
    targets,
    target: async () => (await targets())[0],
    log: once(() => logOf(world, apache(), block())),
  }
}

/** Of several Apaches that which leads to this project, else the likeliest. */
function apacheFor({ machine, directory, wanted }: World): Apache | undefined {
  const all = findInstallations(machine, wanted.apache).map(each => describeApache(machine, each))
  return all.find(each => findBlocks(machine, each, directory)[0]?.lead) ?? all[0]
}

const BEFORE = 262_144

function logOf(world: World, apache: Apache | undefined, block: Block | undefined) {
  const { machine, readPart } = world
  const named = block?.settings.findLast(
    ({ name, sections }) => name === 'errorlog' && sections.some(each => each.name === 'virtualhost'),
  )?.words[0]
  const own = named && !/^(\||syslog)/.test(named) ? named : undefined
  const root = apache?.configuration.serverRoot ?? ''
  const file = own === undefined ? apache?.errorLog : machine.path.resolve(root, own)
  const part = file === undefined ? undefined : readPart(file, -BEFORE, BEFORE)
  const journal = block?.way === 'unix' || block?.way === 'tcp' ? journalOf(world, block.service) : ''
  return {
    file: part && file,
    before: (part?.text ?? '') + journal,
    since: () => {
      const added = file === undefined ? undefined : readPart(file, part?.end ?? 0)
      const more = journal && journalOf(world, block?.service ?? '')
      return (added?.text ?? '') + more.slice(more.startsWith(journal) ? journal.length : 0)
    },
  }
}

function journalOf({ machine }: World, service: string): string {
  if (!machine.status('/run/systemd/system')) return ''
  return machine.run('journalctl', ['-u', service, '--since', '-1day', '-n', '400', '-o', 'cat', '--no-pager']).stdout
}

/** What a person calls a user. */
export function nameOf(machine: World['machine'], user: User | undefined): string {
  return user?.name ?? (machine.userId === undefined ? '' : nameOfUser(machine, machine.userId))
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}

function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach a terminal
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffd]+/g, ' ')
}

function once<Value>(find: () => Value): () => Value {
  let found: { readonly value: Value } | undefined
  return () => {
    found ??= { value: find() }
    return found.value
  }
}

import { nameOfUser, type User, userNamed } from '../apache/access.ts'
import { type Apache, describeApache } from '../apache/apache.ts'
import { findInstallations } from '../apache/installation.ts'
import { configPath, loadConfig } from '../config/load.ts'
import type { AccountConfig, Config } from '../config/types.ts'
import { ConfigError } from '../errors.ts'
import { type OpenApi, openApis } from './api.ts'
import { type Block, findBlocks } from './block.ts'
import { secretsOf, withoutSecrets } from './secrets.ts'
import type { World } from './world.ts'

/** Where the responder is asked. */
export interface Target {
  readonly url: URL
  /** Loopback, when it is this machine's Apache. */
  readonly address: string | undefined
  /** The account that answers there, and its name. */
  readonly account: AccountConfig
  readonly name: string
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
  /** Of each account that has an AppSecret. */
  apis(): Promise<readonly OpenApi[]>
  /** The URL that was named, else each account in each of our virtual hosts, https first. */
  targets(): Promise<readonly Target[]>
  /** The first of them. */
  target(): Promise<Target | undefined>
  /** Each account once, at the first of its addresses. */
  doors(): Promise<readonly Target[]>
  /** Somebody else's words on one line, for a finding: without secrets, and without what commands a terminal. */
  quote(text: string, length?: number): string
  /** The responder's and Apache's log: what was there when it was asked for first, and what has come since. */
  log(): { readonly file: string | undefined; readonly before: string; since(): string }
}

export function createPatient(world: World): Patient {
  const { machine, directory, environment, wanted } = world
  const config = once(async () => {
    const file = configPath(environment, directory)
    // To read a named pipe would mean to wait for ever.
    if (machine.status(file)?.kind === 'other') throw noFile(file)
    return loadConfig(environment, directory)
  })
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
    const accounts = accountsOf(await config())
    if (wanted.url) return accounts.slice(0, 1).map(each => ({ ...each, url: wanted.url as URL, address: undefined }))
    const secureFirst = [...blocks()].sort((one, other) => Number(other.secure) - Number(one.secure))
    return secureFirst.flatMap(({ secure, port, serverName = 'localhost' }) => {
      const bound = apache()?.listens.find(listen => listen.port === port)?.address
      const address = bound?.replace(/^\[|\]$/g, '') ?? '127.0.0.1'
      const host = serverName.replace(/^\w+:\/\//, '').replace(/:\d+$/, '')
      const base = `${secure ? 'https' : 'http'}://${host}:${port}`
      return accounts.map(each => ({ ...each, url: new URL(each.account.path ?? '/', base), address }))
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
    apis: once(async () => openApis(await config(), world)),
    targets,
    target: async () => (await targets())[0],
    doors: async () => (await targets()).filter(({ url }, _, [first]) => url.origin === first?.url.origin),
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
  const service = block?.way === 'unix' || block?.way === 'tcp' ? block.service : undefined
  const journal = journalOf(world, service)
  return {
    file: part && file,
    before: (part?.text ?? '') + journal.text,
    since: () => {
      const added = file === undefined ? undefined : readPart(file, part?.end ?? 0)
      return (added?.text ?? '') + journalOf(world, service, journal.cursor).text
    },
  }
}

/** @param cursor where an earlier look ended; that at an empty journal has none */
function journalOf({ machine }: World, service: string | undefined, cursor?: string) {
  if (service === undefined || !machine.status('/run/systemd/system')) return { text: '', cursor: undefined }
  const from = cursor === undefined ? ['--since', '-1day', '-n', '400'] : [`--after-cursor=${cursor}`]
  const words = ['-u', service, ...from, '-o', 'cat', '--no-pager', '--quiet', '--show-cursor']
  const [text = '', end] = machine.run('journalctl', words).stdout.split(/^-- cursor: /m)
  return { text, cursor: end?.trim() }
}

/** The first is the top level of the configuration. */
function accountsOf({ accounts, ...account }: Config): readonly Pick<Target, 'account' | 'name'>[] {
  return [{ name: 'default', account }, ...Object.entries(accounts).map(([name, each]) => ({ name, account: each }))]
}

function noFile(file: string): ConfigError {
  return new ConfigError({ en: `${file} is a pipe or a device, and no file`, zh: `${file} 是管道或设备，不是文件` })
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

import { type Configuration, readConfiguration, resolveIn, type Setting, shortName } from './configuration.ts'
import type { Installation, Layout } from './installation.ts'
import type { Finished, Machine } from './machine.ts'

export type Mpm = 'event' | 'worker' | 'prefork' | 'winnt'

/** One `Listen`. */
export interface Listen {
  /** Undefined for every address. */
  readonly address: string | undefined
  readonly port: number
  readonly file: string
  readonly line: number
}

/** One `<VirtualHost>`. */
export interface VirtualHost {
  /** As written: `*:80`, `192.0.2.1:443`, `_default_:80`. */
  readonly addresses: readonly string[]
  readonly serverName: string | undefined
  readonly aliases: readonly string[]
  /** What stands in it, in order. */
  readonly settings: readonly Setting[]
  readonly file: string
  readonly line: number
}

/** Everything that is known of an installed Apache. */
export interface Apache extends Installation {
  /** `2.4.62`; undefined when the program cannot be run. */
  readonly version: string | undefined
  readonly mpm: Mpm | undefined
  /** Short names of the modules that are in force: `cgid`, `proxy_fcgi`. */
  readonly loaded: ReadonlySet<string>
  /** Those that could be, loaded or not. */
  readonly available: ReadonlySet<string>
  /** The folder of the modules' files, as `LoadModule` would name it. */
  readonly modulesFolder: string
  /** Whose rights a script has; undefined where the configuration does not say (Windows). */
  readonly user: string | undefined
  readonly group: string | undefined
  /** The main error log, as a whole path; undefined when it is a pipe or syslog. */
  readonly errorLog: string | undefined
  /** Written anew whenever Apache reads its configuration. */
  readonly pidFile: string
  /** Whether the process that the pid file names is there; undefined on Windows, where nothing says so. */
  readonly running: boolean | undefined
  /** What Apache calls a virtual host that has no `ServerName`: the main server's, else the machine's. */
  readonly ownName: string | undefined
  readonly listens: readonly Listen[]
  /** In Apache's order: of two that fit a request equally, the first answers. */
  readonly vhosts: readonly VirtualHost[]
  readonly configuration: Configuration
}

/** Reads what there is to know of an installation; its program is run for the version and what is compiled in, if it can be. */
export function describeApache(machine: Machine, installation: Installation): Apache {
  const { binary, root } = installation
  const version = binary && /Apache\/([\d.]+)/.exec(machine.run(binary, ['-v']).stdout)?.[1]
  const configuration = readConfiguration(machine, {
    file: installation.file,
    serverRoot: root,
    builtIn: builtIn(machine, installation),
    environment: installation.variables,
    version,
  })
  const { settings, modules } = configuration
  const modulesFolder = modulesFolderOf(machine, configuration)
  const own = settings.filter(({ sections }) => sections.length === 0)
  const last = (name: string) => own.findLast(setting => setting.name === name)?.words[0]
  const whole = (name: string | undefined) => name && resolveIn(machine, configuration.serverRoot, name)
  const errorLog = last('errorlog') ?? 'logs/error_log'
  const pidFile = whole(last('pidfile')) ?? PID_FILES[installation.layout](configuration.serverRoot)
  return {
    ...installation,
    version: version || undefined,
    mpm: mpmOf(modules, machine),
    loaded: modules,
    available: new Set([...modules, ...availableModules(machine, installation, modulesFolder)]),
    modulesFolder,
    user: last('user'),
    group: last('group'),
    errorLog: /^(\||syslog)/.test(errorLog) ? undefined : whole(errorLog),
    pidFile,
    running: isRunning(machine, pidFile),
    ownName: last('servername') ?? (machine.run('hostname', ['-f']).stdout.trim() || undefined),
    listens: own.filter(({ name }) => name === 'listen').flatMap(listenOf),
    vhosts: virtualHostsOf(settings),
    configuration,
  }
}

/** Runs Apache's control program: `-t` checks the configuration, and says on stderr what is wrong. */
export function control(
  machine: Machine,
  { control: { command, words, environment } }: Installation,
  ...more: string[]
): Finished {
  return machine.run(command, [...words, ...more], environment)
}

const ALWAYS = ['core', 'so', 'http_core', 'http']
const DEBIANS = ['watchdog', 'log_config', 'logio', 'version', 'unixd']

/** What `httpd -l` lists, which needs no configuration; what is usual where it cannot be run. */
function builtIn(machine: Machine, { binary, layout }: Installation): string[] {
  const { code, stdout } = binary ? machine.run(binary, ['-l']) : { code: undefined, stdout: '' }
  const listed = code === 0 ? [...stdout.matchAll(/^\s+(\S+\.c)$/gm)].map(([, name = '']) => shortName(name)) : []
  if (listed.length > 0) return [...listed, ...ALWAYS]
  if (machine.platform === 'win32') return [...ALWAYS, 'mpm_winnt', 'win32']
  return layout === 'debian' ? [...ALWAYS, ...DEBIANS] : ALWAYS
}

const PID_FILES: Readonly<Record<Layout, (serverRoot: string) => string>> = {
  debian: () => '/run/apache2/apache2.pid',
  redhat: () => '/run/httpd/httpd.pid',
  classic: serverRoot => `${serverRoot}/logs/httpd.pid`,
}

function isRunning(machine: Machine, pidFile: string): boolean | undefined {
  if (machine.platform === 'win32') return undefined
  const pid = machine.readText(pidFile)?.trim()
  return !!pid && /^(apache2|httpd)/.test(machine.readText(`/proc/${pid}/comm`) ?? '')
}

function mpmOf(modules: ReadonlySet<string>, machine: Machine): Mpm | undefined {
  const found = (['event', 'worker', 'prefork'] as const).find(name => modules.has(`mpm_${name}`))
  return found ?? (machine.platform === 'win32' ? 'winnt' : undefined)
}

function modulesFolderOf(machine: Machine, { settings, serverRoot }: Configuration): string {
  const first = settings.find(({ name }) => name === 'loadmodule')?.words[1]
  return machine.path.dirname(resolveIn(machine, serverRoot, first ?? 'modules/x.so'))
}

/** On Debian a module is installed when a2enmod knows it, elsewhere when its file is there. */
function availableModules(machine: Machine, { layout, root }: Installation, modulesFolder: string): string[] {
  if (layout === 'debian') {
    const names = machine.list(machine.path.join(root, 'mods-available'))
    return names.filter(name => name.endsWith('.load')).map(name => name.slice(0, -'.load'.length))
  }
  return machine
    .list(modulesFolder)
    .filter(name => /^mod_.*\.so$/.test(name))
    .map(shortName)
}

function listenOf({ words: [word = ''], file, line }: Setting): Listen[] {
  const [, address, port] = /^(?:(.*):)?(\d+)$/.exec(word) ?? []
  if (!port) return []
  const every = address === undefined || ['*', '0.0.0.0', '[::]'].includes(address)
  return [{ address: every ? undefined : address, port: Number(port), file, line }]
}

function virtualHostsOf(settings: readonly Setting[]): VirtualHost[] {
  const inside = new Map<string, { section: Setting['sections'][number]; settings: Setting[] }>()
  for (const setting of settings) {
    const section = setting.sections.find(({ name }) => name === 'virtualhost')
    if (!section) continue
    const key = `${section.file}:${section.line}`
    const host = inside.get(key) ?? { section, settings: [] }
    inside.set(key, host)
    host.settings.push(setting)
  }
  return [...inside.values()].map(({ section: { words, file, line }, settings }) => {
    // Not in the sections inside it.
    const own = settings.filter(({ sections }) => sections.at(-1)?.name === 'virtualhost')
    const named = (name: string) => own.filter(setting => setting.name === name)
    return {
      addresses: words,
      serverName: named('servername').at(-1)?.words[0],
      aliases: named('serveralias').flatMap(setting => setting.words),
      settings,
      file,
      line,
    }
  })
}

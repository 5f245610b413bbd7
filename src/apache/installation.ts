import { matching } from './configuration.ts'
import type { Environment, Machine } from './machine.ts'

/** How an Apache is laid out, and so where a site belongs and how modules are switched on. */
export type Layout =
  /** Debian and Ubuntu: sites-available, a2ensite, a2enmod. */
  | 'debian'
  /** Red Hat, Rocky, CentOS, Fedora: conf.d. */
  | 'redhat'
  /** Apache's own layout, which wamp, XAMPP, phpStudy and 宝塔 keep: conf/extra/httpd-vhosts.conf. */
  | 'classic'

/** An Apache found on a machine, by its files alone. */
export interface Installation {
  readonly layout: Layout
  /** What an admin calls it: Debian, wamp, XAMPP, phpStudy, 宝塔. */
  readonly label: string
  /** The folder that relative names in the configuration start from, until `ServerRoot` says otherwise. */
  readonly root: string
  /** The main configuration file. */
  readonly file: string
  /** The program itself; undefined when it is not where this layout has it. */
  readonly binary: string | undefined
  /** What tests and controls it (`-t`, `-v`, `-M`): the program itself, or Debian's apache2ctl, which sets its environment. */
  readonly control: { readonly command: string; readonly words: readonly string[]; readonly environment: Environment }
  /** Variables that the configuration may use: Debian's envvars. */
  readonly variables: Environment
  /** The file that our block goes into, for a site of this name. */
  siteFile(name: string): string
  /** What `--apache` takes to choose this one: the root. */
  readonly name: string
}

const LINUX_ROOTS = [
  '/etc/apache2',
  '/etc/httpd',
  '/usr/local/apache2',
  '/www/server/apache',
  '/opt/lampp',
  '/opt/homebrew/etc/httpd',
]
const WINDOWS_ROOTS = ['wamp64', 'wamp', 'xampp', 'Apache24', 'phpstudy_pro', 'laragon', 'BtSoft/apache']
const DRIVES = ['C:', 'D:', 'E:', 'F:']

/**
 * The Apaches of a machine, the likeliest first; with `folder` only those in it, which may be the root, or what an
 * installer made: `C:/wamp64`.
 */
export function findInstallations(machine: Machine, folder?: string): Installation[] {
  const windows = DRIVES.flatMap(drive => WINDOWS_ROOTS.map(name => `${drive}\\${name}`))
  const usual =
    machine.platform === 'win32'
      ? [...windows, 'C:\\Program Files\\Apache Software Foundation\\Apache2.4']
      : LINUX_ROOTS
  const roots = folder === undefined ? usual : [machine.path.normalize(folder)]
  return roots.flatMap(root => installationsIn(machine, root))
}

function installationsIn(machine: Machine, folder: string): Installation[] {
  if (!machine.status(folder)) return []
  const found = installationAt(machine, folder)
  if (found) return [found]
  const { join } = machine.path
  const nested = ['bin/apache/*', 'apache', 'Extensions/Apache*'].flatMap(each => matching(machine, join(folder, each)))
  const inUse = /^\s*apacheVersion\s*=\s*"?([\d.]+)/m.exec(
    machine.readText(join(folder, 'wampmanager.conf')) ?? '',
  )?.[1]
  return nested
    .sort(
      (one, other) =>
        Number(other.endsWith(`apache${inUse}`)) - Number(one.endsWith(`apache${inUse}`)) || newerFirst(one, other),
    )
    .flatMap(each => installationAt(machine, each) ?? [])
}

function newerFirst(one: string, other: string): number {
  return other.localeCompare(one, 'en', { numeric: true })
}

function installationAt(machine: Machine, root: string): Installation | undefined {
  const { join } = machine.path
  const isFile = (name: string) => machine.status(join(root, name))?.kind === 'file'
  if (isFile('apache2.conf') && machine.status(join(root, 'sites-available'))) return debian(machine, root)
  const folder = ['conf', 'etc', '.'].find(each => isFile(join(each, 'httpd.conf')))
  if (folder === undefined) return undefined
  const file = join(root, folder, 'httpd.conf')
  const redhat = machine.status(join(root, 'conf.d')) !== undefined
  const binary = programOf(machine, root, redhat)
  return {
    layout: redhat ? 'redhat' : 'classic',
    label: redhat ? 'Red Hat' : labelOf(root),
    name: root,
    root,
    file,
    binary,
    control: {
      command: binary ?? 'httpd',
      words: redhat && root === '/etc/httpd' ? [] : ['-d', root, '-f', file],
      environment: {},
    },
    variables: machine.environment,
    siteFile: name =>
      redhat ? join(root, 'conf.d', `${name}.conf`) : join(root, folder, 'extra', 'httpd-vhosts.conf'),
  }
}

function programOf(machine: Machine, root: string, redhat: boolean): string | undefined {
  const { join } = machine.path
  const inside = [join(root, 'bin', 'httpd.exe'), join(root, 'bin', 'httpd')]
  const system = ['/usr/sbin/httpd', '/opt/homebrew/bin/httpd']
  return (redhat ? system : [...inside, ...system]).find(each => machine.status(each)?.kind === 'file')
}

function debian(machine: Machine, root: string): Installation {
  const { join } = machine.path
  const present = (file: string) => (machine.status(file) ? file : undefined)
  const binary = present('/usr/sbin/apache2')
  const environment = root === '/etc/apache2' ? {} : { APACHE_CONFDIR: root }
  return {
    layout: 'debian',
    label: 'Debian',
    name: root,
    root,
    file: join(root, 'apache2.conf'),
    binary,
    control: { command: '/usr/sbin/apache2ctl', words: [], environment },
    variables: { ...machine.environment, ...exportedIn(machine.readText(join(root, 'envvars')) ?? '') },
    siteFile: name => join(root, 'sites-available', `${name}.conf`),
  }
}

/** `export NAME=value` of a shell file, as far as no program is run; `$SUFFIX` is that of a second instance, and empty here. */
function exportedIn(text: string): Environment {
  const variables: Record<string, string> = {}
  for (const [, name = '', quoted = ''] of text.matchAll(/^\s*export\s+(\w+)=(.*)$/gm)) {
    const value = quoted.trim().replace(/^(["'])(.*)\1$/, '$2')
    variables[name] = value.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, one, other) => variables[one ?? other] ?? '')
  }
  return variables
}

const LABELS: readonly (readonly [RegExp, string])[] = [
  [/wamp/i, 'wamp'],
  [/xampp|lampp/i, 'XAMPP'],
  [/phpstudy/i, 'phpStudy'],
  [/laragon/i, 'Laragon'],
  [/\/www\/server\/apache|BtSoft/i, '宝塔'],
]

function labelOf(root: string): string {
  return LABELS.find(([pattern]) => pattern.test(root))?.[1] ?? 'Apache'
}

/** What our units must know of the machine that they are for. */
export interface UnitSite {
  readonly name: string
  readonly directory: string
  readonly node: string
  readonly user: string
  /** Apache's group, which may connect to the socket. */
  readonly group: string
  /** `/run/weixin/weixin.sock`, or host:port. */
  readonly listen: string
  /** The folder of the responder's state, undefined when it keeps none here. */
  readonly state: string | undefined
}

/** The socket's unit from the shipped one. A TCP port has no group. */
export function renderSocket(shipped: string, { name, group, listen }: UnitSite): string {
  const unit = withoutNotes(shipped)
    .replace(/weixin\.service/g, `${name}.service`)
    .replace(/^ListenStream=.*$/m, () => `ListenStream=${specifiersEscaped(listen)}`)
    .replace(/^SocketGroup=.*$/m, () => `SocketGroup=${group}`)
  return listen.startsWith('/') ? unit : unit.replace(/^#.*group.*\nSocketGroup=.*\nSocketMode=.*\n/m, '')
}

/** The service's unit from the shipped one, with the walls moved where the project lies behind them. */
export function renderService(shipped: string, site: UnitSite): string {
  const { name, directory, node, user, state } = site
  const script = `${directory}/cgi-bin/weixin`
  const inside = (folders: RegExp) => [directory, node].some(path => folders.test(path))
  return withoutNotes(shipped)
    .replace(/weixin\.socket/g, `${name}.socket`)
    .replace(/^ExecStart=\S+ (.*) \S+$/m, (_, options) => `ExecStart=${quoted(node)} ${options} ${quoted(script)}`)
    .replace(/^User=.*$/m, () => `User=${user}`)
    .replace(/^ReadWritePaths=.*\n/m, () => (state === undefined ? '' : `ReadWritePaths=${pathWord(state)}\n`))
    .replace(/^ProtectHome=yes$/m, line => (inside(/^\/(home|root)\//) ? 'ProtectHome=read-only' : line))
    .replace(/^PrivateTmp=yes$/m, line => (inside(/^\/(var\/)?tmp\//) ? 'PrivateTmp=no' : line))
}

/** The comment that the shipped file begins with is about filling it in. */
function withoutNotes(shipped: string): string {
  return shipped
    .replaceAll('\r\n', '\n')
    .replace(/^(#.*\n)+(?=\[Unit\])/, '# Made by "weixin service"; "weixin service --undo" takes it away.\n')
}

/** A word of a command line ("Command lines", systemd.service(5)). */
function quoted(word: string): string {
  const escaped = specifiersEscaped(word).replaceAll('$', '$$$$')
  return /^[\w@+=:,./$%-]+$/.test(word) ? escaped : `"${escaped.replace(/[\\"]/g, '\\$&')}"`
}

function pathWord(path: string): string {
  const escaped = specifiersEscaped(path)
  return /[\s"'\\]/.test(path) ? `"${escaped.replace(/[\\"]/g, '\\$&')}"` : escaped
}

function specifiersEscaped(text: string): string {
  return text.replaceAll('%', '%%')
}

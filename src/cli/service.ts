import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { hindranceOf, type User, userNamed } from '../apache/access.ts'
import { describeApache } from '../apache/apache.ts'
import { findInstallations } from '../apache/installation.ts'
import { nodeOf } from '../apache/interpreter.ts'
import { type Machine, thisMachine } from '../apache/machine.ts'
import { socketPath } from '../apache/site.ts'
import { configPath } from '../config/load.ts'
import { UsageError } from '../errors.ts'
import { granting } from './install/grant.ts'
import { stateFolder } from './install/state-folder.ts'
import { carryOut, removing, requireRights, running, type Step, writing } from './install/step.ts'
import { renderService, renderSocket, type UnitSite } from './install/systemd-unit.ts'
import { hindranceSentence } from './install/vhost-remarks.ts'
import { windowsCommands } from './install/windows-service.ts'
import type { Command, Terminal } from './terminal/command.ts'
import { invocation } from './terminal/invocation.ts'

const OPTIONS = {
  install: { type: 'boolean', default: false },
  undo: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
  name: { type: 'string', default: 'weixin' },
  user: { type: 'string', default: 'weixin' },
  group: { type: 'string' },
  listen: { type: 'string' },
  windows: { type: 'boolean', default: false },
  directory: { type: 'string' },
  node: { type: 'string' },
} as const

/** `weixin service`: the FastCGI service as the system's own, printed or installed. */
export const service: Command = {
  summary: { en: 'the FastCGI service under systemd or Windows', zh: '生成或安装系统服务（systemd 或 Windows）' },
  usage: {
    en: `Usage: weixin service [options]             print the systemd units, or the commands for Windows
       weixin service --install [options]   write them, make the user, start; asks first
       weixin service --undo                take it away again

It is what the ways unix and tcp of weixin vhost lead to. systemd holds the socket: a restart loses no message.

  --user NAME       whom it runs as; made where it is not there (default weixin)
  --group NAME      Apache's group, which may connect (default: what Apache's configuration says)
  --listen ADDRESS  default /run/weixin/weixin.sock; on Windows 127.0.0.1:9000
  --name NAME       of the units and the socket, as in weixin vhost (default weixin)
  --yes             do it without a question
  --windows         print for a Windows machine, with --directory and --node as they are there`,
    zh: `用法：weixin service [选项]             输出 systemd 单元，或 Windows 上的命令
      weixin service --install [选项]   写入单元、创建用户并启动；执行前会询问
      weixin service --undo             撤销安装

weixin vhost 的 unix 和 tcp 方式需要这个服务。套接字由 systemd 持有，重启服务不丢消息。

  --user 名称       以哪个用户运行；不存在时会创建（默认 weixin）
  --group 名称      Apache 所在的组，可以连接套接字（默认取 Apache 的配置）
  --listen 地址     默认 /run/weixin/weixin.sock；Windows 上为 127.0.0.1:9000
  --name 名称       单元和套接字的名称，与 weixin vhost 一致（默认 weixin）
  --yes             不询问，直接执行
  --windows         为 Windows 机器生成，用 --directory 和 --node 填写那边的路径`,
  },
  run: (words, terminal) => runService(words, terminal, thisMachine(terminal.environment)),
}

const UNITS = '/etc/systemd/system'

/** The command on a machine that may be another than this one. */
export async function runService(words: string[], terminal: Terminal, machine: Machine): Promise<number> {
  const { values } = parseArgs({ args: words, options: OPTIONS })
  const { name, user } = values
  for (const each of [name, user, values.group ?? 'www-data']) checkName(each)
  const directory = values.directory ?? terminal.directory
  const node = values.node ?? nodeOf(machine, terminal.directory, process.execPath)
  if (values.windows || machine.platform === 'win32') {
    terminal.print(terminal.say(windowsCommands({ name, directory, node, listen: values.listen ?? '127.0.0.1:9000' })))
    return 0
  }
  const systemd = machine.status('/run/systemd/system') !== undefined
  if ((values.install || values.undo) && !systemd) throw noSystemd()
  if (values.install || values.undo) requireRights(machine, UNITS)
  if (values.undo) return undo(name, values.yes, terminal, machine)
  const group = values.group ?? webGroup(machine)
  const state = await stateFolder(terminal)
  const site = { name, directory, node, user, group, listen: values.listen ?? socketPath(name), state }
  warn(site, terminal, machine)
  if (values.install) return install(site, values.yes, terminal, machine)
  for (const [file, text] of unitsOf(site, terminal)) terminal.print(`# ${file}\n${text}`)
  return 0
}

function checkName(name: string): void {
  if (/^[a-z_][a-z0-9_-]{0,30}$/.test(name)) return
  throw new UsageError({
    en: `${name}: small letters, digits, - and _ are permitted`,
    zh: `${name}：只能用小写字母、数字、- 和 _`,
  })
}

function webGroup(machine: Machine): string {
  const [first] = findInstallations(machine)
  return (first && describeApache(machine, first).group) || 'www-data'
}

/** Each file with its text. */
function unitsOf(site: UnitSite, { directory }: Terminal): (readonly [string, string])[] {
  const shipped = (file: string) => fs.readFileSync(path.join(directory, 'apache', file), 'utf8')
  return [
    [`${UNITS}/${site.name}.socket`, renderSocket(shipped('weixin.socket'), site)],
    [`${UNITS}/${site.name}.service`, renderService(shipped('weixin.service'), site)],
  ]
}

/** A user who is not there yet is in nobody's group. */
function warn({ user: name, node, directory }: UnitSite, { printError, say }: Terminal, machine: Machine): void {
  const user: User = userNamed(machine, name) ?? { name, uid: -1, gid: -1, groups: [] }
  const { join } = machine.path
  const asked = [
    hindranceOf(machine, user, node, 'run'),
    hindranceOf(machine, user, join(directory, 'cgi-bin', 'weixin'), 'read'),
    hindranceOf(machine, user, join(directory, 'dist', 'responder.cjs'), 'read'),
  ]
  const sentences = asked.flatMap(each => (each ? [say(hindranceSentence(name, each))] : []))
  for (const sentence of new Set(sentences)) printError(`${say({ en: 'Note:', zh: '注意：' })} ${sentence}`)
}

async function install(site: UnitSite, yes: boolean, terminal: Terminal, machine: Machine): Promise<number> {
  const { print, say } = terminal
  const { name, user, directory, state } = site
  const units = unitsOf(site, terminal)
  const written = units.flatMap(([file, text]) => writing(machine, file, text))
  const add = ['useradd', '--system', '--home-dir', directory, '--no-create-home', '--shell', '/usr/sbin/nologin', user]
  const steps = [
    ...(userNamed(machine, user) ? [] : [running(machine, add, ['userdel', user])]),
    ...granting(machine, user, configPath(terminal.environment, terminal.directory), state),
    ...written,
    ...(written.length > 0 ? starting(machine, name) : []),
  ]
  if (steps.length === 0) {
    print(say({ en: 'Everything is installed already.', zh: '已经安装好，无需改动。' }))
    return 0
  }
  const done = await carryOut(steps, yes, terminal, () => {})
  if (!done) return 1
  print(
    say({
      en: `After a change of code or configuration: systemctl restart ${name}`,
      zh: `修改代码或配置之后：systemctl restart ${name}`,
    }),
  )
  print(say({ en: `Its log: journalctl -u ${name} -f`, zh: `日志：journalctl -u ${name} -f` }))
  const back = invocation(`service --undo${name === 'weixin' ? '' : ` --name ${name}`}`, machine)
  print(say({ en: `To take it back: ${back}`, zh: `撤销：${back}` }))
  return 0
}

/** systemd's own check comes first: it refuses what it could not run. */
function starting(machine: Machine, name: string): Step[] {
  const reload = ['systemctl', 'daemon-reload']
  const files = [`${UNITS}/${name}.socket`, `${UNITS}/${name}.service`]
  const verify =
    machine.run('systemd-analyze', ['--version']).code === 0
      ? [running(machine, ['systemd-analyze', 'verify', ...files], undefined)]
      : []
  return [
    ...verify,
    running(machine, reload, reload),
    running(
      machine,
      ['systemctl', 'enable', '--now', `${name}.socket`],
      ['systemctl', 'disable', '--now', `${name}.socket`],
    ),
    running(machine, ['systemctl', 'try-restart', `${name}.service`], undefined),
  ]
}

async function undo(name: string, yes: boolean, terminal: Terminal, machine: Machine): Promise<number> {
  const { print, say } = terminal
  const files = [`${UNITS}/${name}.socket`, `${UNITS}/${name}.service`]
  const ours = files.filter(file => machine.readText(file)?.includes('Made by "weixin service"'))
  if (ours.length === 0) {
    print(
      say({
        en: `there is no service ${name} that weixin service has installed`,
        zh: `没有由 weixin service 安装的服务 ${name}`,
      }),
    )
    return 1
  }
  const units = [`${name}.socket`, `${name}.service`]
  const steps = [
    running(machine, ['systemctl', 'disable', '--now', ...units], ['systemctl', 'enable', '--now', `${name}.socket`]),
    ...ours.flatMap(file => removing(machine, file)),
    running(machine, ['systemctl', 'daemon-reload'], ['systemctl', 'daemon-reload']),
  ]
  if (!(await carryOut(steps, yes, terminal, () => {}))) return 1
  print(
    say({
      en: 'Configuration, state and the user of the service stay as they are.',
      zh: '配置、状态目录和服务的用户保持不变。',
    }),
  )
  return 0
}

function noSystemd(): UsageError {
  return new UsageError({
    en: 'systemd does not run this machine; weixin vhost --way fcgid needs no service, and weixin serve is one for your own supervisor',
    zh: '本机没有运行 systemd；weixin vhost --way fcgid 不需要服务，也可以用自己的进程管理器运行 weixin serve',
  })
}

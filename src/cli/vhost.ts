import { parseArgs } from 'node:util'
import { type Apache, describeApache } from '../apache/apache.ts'
import { type Conflict, conflictsWith } from '../apache/conflicts.ts'
import { findInstallations } from '../apache/installation.ts'
import { interpreterLine, nodeOf } from '../apache/interpreter.ts'
import { type Machine, thisMachine } from '../apache/machine.ts'
import { type Site, socketPath } from '../apache/site.ts'
import { blockOf } from '../apache/site-file.ts'
import { wayNames } from '../apache/ways.ts'
import { type Bilingual, UsageError } from '../errors.ts'
import { siteText } from './install/site-text.ts'
import { installVhost, undoVhost } from './install/vhost-install.ts'
import { tellNext } from './install/vhost-next.ts'
import { planFor, VHOST_OPTIONS, type VhostPlan, type VhostValues } from './install/vhost-plan.ts'
import { runService } from './service.ts'
import type { Command, Terminal } from './terminal/command.ts'

/** `weixin vhost`: Apache's block for this machine, printed or installed. */
export const vhost: Command = {
  summary: { en: "Apache's block for this machine, printed or installed", zh: '生成或安装适合本机的 Apache 虚拟主机' },
  usage: {
    en: `Usage: weixin vhost HOST [options]             print the block
       weixin vhost HOST --install [options]   write it, switch on what it needs, check, reload, and install
                                               the service that it leads to (systemd); asks first
       weixin vhost --undo [options]           take it away again

HOST is the host in the URL that you give to WeChat.

  --way WAY          cgi, fcgid (mod_fcgid), unix or tcp (mod_proxy_fcgi), balancer; default: the best for this machine
  --apache DIR       which Apache, where several are installed: /etc/apache2, C:/wamp64
  --port N           default 80; WeChat talks to 80 and 443 only
  --address ADDRESS  where the other virtual hosts are bound to one (default *)
  --backend H:PORT   where the service listens (tcp; default 127.0.0.1:9000); for balancer once for each machine
  --certificate FILE --key FILE   for https on port 443
  --name NAME        of the site, its socket and its service, where there are several (default weixin)
  --yes              do it without a question
  --windows          print for a Windows machine, with --directory and --node as they are there`,
    zh: `用法：weixin vhost 域名 [选项]             输出虚拟主机配置
      weixin vhost 域名 --install [选项]   写入配置、启用所需模块、检查并重新加载，并安装所指向的服务（systemd）；
                                           执行前会询问
      weixin vhost --undo [选项]           撤销安装

域名即填给微信的 URL 中的域名。

  --way 方式         cgi、fcgid（mod_fcgid）、unix 或 tcp（mod_proxy_fcgi）、balancer；默认取最适合本机的
  --apache 目录      装有多个 Apache 时指定其一：/etc/apache2、C:/wamp64
  --port N           默认 80；微信只访问 80 和 443
  --address 地址     其他虚拟主机绑定了某个地址时填写（默认 *）
  --backend 主机:端口 服务监听的地址（tcp，默认 127.0.0.1:9000）；balancer 每台机器写一次
  --certificate 文件 --key 文件   用于 443 端口的 https
  --name 名称        站点、套接字和服务的名称，装有多个时用来区分（默认 weixin）
  --yes              不询问，直接执行
  --windows          为 Windows 机器生成，用 --directory 和 --node 填写那边的路径`,
  },
  run: (words, terminal) => runVhost(words, terminal, thisMachine(terminal.environment)),
}

/** The command on a machine that may be another than this one. */
export async function runVhost(words: string[], terminal: Terminal, machine: Machine): Promise<number> {
  const { values, positionals } = parseArgs({ args: words, options: VHOST_OPTIONS, allowPositionals: true })
  if (positionals.length > 1) throw new UsageError(vhost.usage)
  if (values.undo) return undoVhost(requireApache(machine, values, terminal), values, terminal, machine)
  const elsewhere = values.windows && machine.platform !== 'win32'
  const apache = elsewhere ? undefined : requireApache(machine, values, terminal)
  const node = values.node ?? nodeOf(machine, terminal.directory, process.execPath)
  const host =
    positionals[0] ??
    (await terminal.ask(terminal.say({ en: 'Host in WeChat’s URL: ', zh: '填给微信的 URL 中的域名：' })))
  const plan = planFor(host, values, apache, machine, terminal.directory, node)
  explain(plan, apache, terminal)
  if (values.install) {
    if (!apache) throw printsOnly()
    const code = await installVhost(plan, apache, values.yes, terminal, machine)
    if (code !== 0) return code
    const served = await installService(plan.site, values.yes, terminal, machine)
    tellNext(plan.site, terminal, machine)
    return served
  }
  terminal.print(blockOf(plan.site, siteText(plan.site, terminal), []).trimEnd())
  interpreterRemark(plan, terminal)
  return 0
}

const THIS_MACHINE = /^(127\.|localhost:)/

/** The ways unix and tcp lead to a service: systemd is given it at once, after a question of its own. */
async function installService(
  { way, name, backends: [backend = ''] }: Site,
  yes: boolean,
  terminal: Terminal,
  machine: Machine,
): Promise<number> {
  if (way !== 'unix' && !(way === 'tcp' && THIS_MACHINE.test(backend))) return 0
  if (machine.status('/run/systemd/system')) {
    const listen = way === 'tcp' ? ['--listen', backend] : []
    terminal.print('')
    return runService(['--install', '--name', name, ...listen, ...(yes ? ['--yes'] : [])], terminal, machine)
  }
  const serve = `npx weixin serve --listen ${way === 'tcp' ? backend : socketPath(name)}`
  terminal.print(
    terminal.say(
      machine.platform === 'win32'
        ? {
            en: 'Next, the service that answers: npx weixin service prints the commands',
            zh: '接下来安装应答的服务：npx weixin service 会输出所需的命令',
          }
        : {
            en: `Next, the service that answers, under a supervisor of your own: ${serve}`,
            zh: `接下来用自己的进程管理器运行应答的服务：${serve}`,
          },
    ),
  )
  return 0
}

function requireApache(machine: Machine, { apache: folder }: VhostValues, { printError, say }: Terminal): Apache {
  const [first, ...others] = findInstallations(machine, folder)
  if (!first) throw noApache(folder)
  if (others.length > 0) {
    const names = others.map(({ name }) => name).join(', ')
    printError(
      say({
        en: `using ${first.name}; --apache chooses: ${names}`,
        zh: `使用 ${first.name}；可用 --apache 选择：${names}`,
      }),
    )
  }
  return describeApache(machine, first)
}

/** On the error output, so that the block alone can go to a file. */
function explain(
  { site, why, remarks, place }: VhostPlan,
  apache: Apache | undefined,
  { printError, say }: Terminal,
): void {
  if (apache) {
    const { label, version, mpm, root } = apache
    printError(`Apache ${version ?? '?'}, ${label} (${root}), MPM ${mpm ?? '?'}`)
  }
  printError(
    say({ en: `Way: ${site.way} (${wayNames[site.way].en})`, zh: `方式：${site.way}（${wayNames[site.way].zh}）` }),
  )
  if (why) printError(`  ${say(why)}`)
  for (const remark of remarks) printError(`${say({ en: 'Note:', zh: '注意：' })} ${say(remark)}`)
  for (const conflict of apache ? conflictsWith(apache, place) : []) printError(say(sentenceOf(conflict)))
  printError('')
}

function sentenceOf({ weight, file, line, what, cure }: Conflict): Bilingual {
  const [en, zh] = weight === 'blocks' ? ['In the way', '冲突'] : ['Warning', '警告']
  return {
    en: `${en}: ${file}:${line}: ${what.en}. ${cure.en}.`,
    zh: `${zh}：${file}:${line}：${what.zh}。${cure.zh}。`,
  }
}

function interpreterRemark({ site, node }: VhostPlan, { printError, say }: Terminal): void {
  if (site.way === 'unix' || site.way === 'tcp') {
    const where = site.way === 'unix' ? socketPath(site.name) : site.backends[0]
    printError('')
    printError(say({ en: `The service on ${where}: weixin service`, zh: `${where} 上的服务：weixin service` }))
  }
  if (site.way !== 'cgi' && site.way !== 'fcgid') return
  const line = interpreterLine(node, site.windows)
  const file = `${site.directory}/cgi-bin/weixin`
  printError('')
  printError(say({ en: `First line of ${file}:`, zh: `${file} 的第一行：` }))
  printError(`  ${line}`)
}

function noApache(folder: string | undefined): UsageError {
  const [where, wo] = folder === undefined ? ['on this machine', '本机'] : [`in ${folder}`, folder]
  return new UsageError({
    en: `there is no Apache ${where}: install it (apt-get install apache2; dnf install httpd), or name its folder with --apache`,
    zh: `${wo} 没有找到 Apache：请先安装（apt-get install apache2；dnf install httpd），或用 --apache 指定其目录`,
  })
}

function printsOnly(): UsageError {
  return new UsageError({
    en: '--windows prints a block for another machine; run weixin vhost --install there',
    zh: '--windows 只为另一台机器输出配置；请在那台机器上运行 weixin vhost --install',
  })
}

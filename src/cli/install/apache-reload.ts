import { type Apache, control, describeApache } from '../../apache/apache.ts'
import type { Finished, Machine } from '../../apache/machine.ts'
import { type Bilingual, WeixinError } from '../../errors.ts'
import type { Terminal } from '../terminal/command.ts'

/** Apache refuses its configuration; its own words say why. */
class ApacheConfigurationError extends WeixinError {
  override name = 'ApacheConfigurationError'
}

/**
 * Lets Apache itself look at its configuration.
 *
 * @throws {ApacheConfigurationError} with Apache's own words
 */
export function checkConfiguration(machine: Machine, apache: Apache): void {
  const { code, stderr, stdout } = control(machine, apache, '-t')
  if (code === 0) return
  const said = `${stderr}${stdout}`.trim()
  throw new ApacheConfigurationError({
    en: `Apache refuses the configuration (${apache.control.command} -t):\n${said}`,
    zh: `Apache 不接受当前配置（${apache.control.command} -t）：\n${said}`,
  })
}

/** Modules with a process of their own beside Apache's, which only a start of Apache starts (Apache 2.4.71). */
const STARTED_ONLY = ['cgid', 'fcgid']

/**
 * Whether Apache must start anew to take modules over: a graceful reload with a new mod_cgid answers 503 to every script, and
 * with a new mod_fcgid all of Apache's children crash.
 */
export function mustStartAnew(missing: readonly string[]): boolean {
  return missing.some(module => STARTED_ONLY.includes(module))
}

/** How Apache takes a change over, for the person who is asked; nothing where it does not run. */
export function taking({ running }: Apache, anew: boolean): Bilingual | undefined {
  if (!running) return undefined
  return anew
    ? { en: 'stop and start Apache (the new module needs it)', zh: '停止并重新启动 Apache（新启用的模块需要）' }
    : { en: 'reload Apache (graceful)', zh: '重新加载 Apache（graceful，不中断）' }
}

/**
 * A graceful reload, with which no request is lost; where Apache must start `anew`, it is stopped and started.
 */
export async function reload(apache: Apache, anew: boolean, terminal: Terminal, machine: Machine): Promise<void> {
  const { print, printError, say } = terminal
  if (!apache.running) {
    print(say(howToStart(apache)))
    return
  }
  const { code, stderr } = anew ? await restart(apache, machine) : control(machine, apache, '-k', 'graceful')
  if (code !== 0) {
    printError(say({ en: `Apache did not take it over: ${stderr}`, zh: `Apache 未能启用新配置：${stderr}` }))
  } else if (anew) print(say({ en: 'Apache has been restarted.', zh: 'Apache 已重启。' }))
  else print(say({ en: 'Apache has reloaded its configuration.', zh: 'Apache 已重新加载配置。' }))
}

const RESTART_TRIES = 50

/** Where no systemd does it: the port is free only once the last of the old processes has ended. */
async function restart(apache: Apache, machine: Machine): Promise<Finished> {
  if (machine.status('/run/systemd/system')) {
    return machine.run('systemctl', ['restart', apache.layout === 'debian' ? 'apache2' : 'httpd'])
  }
  let finished = control(machine, apache, '-k', 'stop')
  for (let tries = 0; tries < RESTART_TRIES; tries++) {
    await pause(200)
    if (describeApache(machine, apache).running) continue
    finished = control(machine, apache, '-k', 'start')
    if (finished.code === 0) return finished
  }
  return finished
}

function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds))
}

function howToStart({ running, layout, label, control: { command } }: Apache): Bilingual {
  if (running === undefined) {
    return {
      en: `Restart Apache now (${label}'s own menu, or its service).`,
      zh: `现在请重启 Apache（${label} 的菜单，或 Windows 服务）。`,
    }
  }
  const start = { debian: 'systemctl start apache2', redhat: 'systemctl start httpd', classic: `${command} -k start` }[
    layout
  ]
  return { en: `Apache is not running; start it: ${start}`, zh: `Apache 没有运行；请启动：${start}` }
}

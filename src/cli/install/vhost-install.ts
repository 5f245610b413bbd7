import type { Apache } from '../../apache/apache.ts'
import { interpreterLine, nodeFile, withInterpreter } from '../../apache/interpreter.ts'
import type { Machine } from '../../apache/machine.ts'
import { blockOf, findBlock, withBlock } from '../../apache/site-file.ts'
import { configPath } from '../../config/load.ts'
import { UsageError } from '../../errors.ts'
import type { Terminal } from '../terminal/command.ts'
import { checkConfiguration, mustStartAnew, reload, taking } from './apache-reload.ts'
import { granting } from './grant.ts'
import { siteText } from './site-text.ts'
import { stateFolder } from './state-folder.ts'
import { carryOut, removing, requireRights, running, type Step, writing } from './step.ts'
import { fileFor, type VhostPlan, type VhostValues } from './vhost-plan.ts'

/**
 * Writes the block and switches on what it needs, after a question, and leaves everything as it was when Apache refuses
 * the result.
 *
 * @returns the exit code
 */
export async function installVhost(
  plan: VhostPlan,
  apache: Apache,
  yes: boolean,
  terminal: Terminal,
  machine: Machine,
): Promise<number> {
  const { print, say } = terminal
  if (!plan.named)
    throw new UsageError({
      en: 'name the host in WeChat’s URL: weixin vhost HOST --install',
      zh: '请写出填给微信的 URL 中的域名：weixin vhost 域名 --install',
    })
  requireRights(machine, machine.path.dirname(plan.file))
  checkConfiguration(machine, apache)
  const steps = await stepsOf(plan, apache, terminal, machine)
  if (steps.length === 0) {
    print(say({ en: 'Everything is installed already.', zh: '已经安装好，无需改动。' }))
    return 0
  }
  const anew = mustStartAnew(plan.missing)
  const done = await carryOut(steps, yes, terminal, () => checkConfiguration(machine, apache), taking(apache, anew))
  if (!done) return 1
  await reload(apache, anew, terminal, machine)
  return 0
}

/** `--undo`: what an installation did, backwards. */
export async function undoVhost(
  apache: Apache,
  { name, yes }: VhostValues,
  terminal: Terminal,
  machine: Machine,
): Promise<number> {
  const { print, say } = terminal
  const file = [fileFor(apache, name), apache.siteFile(name)].find(each =>
    findBlock(machine.readText(each) ?? '', name),
  )
  const block = file && findBlock(machine.readText(file) ?? '', name)
  if (!file || !block) {
    print(
      say({
        en: `there is no site ${name} that weixin vhost has installed`,
        zh: `没有由 weixin vhost 安装的站点 ${name}`,
      }),
    )
    return 1
  }
  requireRights(machine, machine.path.dirname(file))
  const steps = [
    ...(apache.layout === 'debian' && isEnabled(machine, apache, name)
      ? [debianTool(machine, apache, 'site', false, [name])]
      : []),
    ...(block.rest.trim() === '' ? removing(machine, file) : writing(machine, file, block.rest)),
    ...(block.modules.length > 0 ? [debianTool(machine, apache, 'mod', false, [...block.modules].reverse())] : []),
  ]
  const check = () => checkConfiguration(machine, apache)
  const done = await carryOut(steps, yes, terminal, check, taking(apache, false))
  if (!done) return 1
  await reload(apache, false, terminal, machine)
  return 0
}

async function stepsOf(plan: VhostPlan, apache: Apache, terminal: Terminal, machine: Machine): Promise<Step[]> {
  const { site, file, missing } = plan
  const before = machine.readText(file) ?? ''
  const block = findBlock(before, site.name)
  const ownFile = apache.layout !== 'classic'
  if (ownFile && before !== '' && !block) throw foreignFile(file)
  const debian = apache.layout === 'debian'
  const modules = debian ? [...new Set([...(block?.modules ?? []), ...missing])] : []
  const text = blockOf(site, siteText(site, terminal), modules)
  return [
    ...(block ? keeping : writing)(machine, file, ownFile ? text : withBlock(before, site.name, text)),
    ...(debian && missing.length > 0 ? [debianTool(machine, apache, 'mod', true, missing)] : []),
    ...(debian && !isEnabled(machine, apache, site.name)
      ? [debianTool(machine, apache, 'site', true, [site.name])]
      : []),
    ...(await scriptSteps(plan, apache, terminal, machine)),
  ]
}

/** What was changed by hand in a block of ours is not carried over, so the file of before stays beside the new one. */
function keeping(machine: Machine, file: string, text: string): Step[] {
  const steps = writing(machine, file, text)
  return steps.length === 0 ? [] : [...writing(machine, `${file}.before`, machine.readText(file) ?? ''), ...steps]
}

/** As CGI and under mod_fcgid Apache's own user runs the script. */
async function scriptSteps(
  { site, node }: VhostPlan,
  apache: Apache,
  terminal: Terminal,
  machine: Machine,
): Promise<Step[]> {
  if (site.way !== 'cgi' && site.way !== 'fcgid') return []
  const windows = machine.platform === 'win32'
  const script = machine.path.join(site.directory, 'cgi-bin', 'weixin')
  const config = configPath(terminal.environment, terminal.directory)
  return [
    ...interpreterSteps(machine, script, interpreterLine(node, windows)),
    // Elsewhere the script's shell looks there.
    ...(windows ? [] : writing(machine, nodeFile(machine, site.directory), `${node}\n`)),
    ...(apache.user ? granting(machine, apache.user, config, await stateFolder(terminal)) : []),
  ]
}

/** The first line, and the right to be run, which a copy from Windows or a ZIP file does not have. */
function interpreterSteps(machine: Machine, script: string, line: string): Step[] {
  const steps = writing(machine, script, withInterpreter(machine.readText(script) ?? '', line))
  const mode = machine.status(script)?.mode
  if (machine.platform === 'win32' || mode === undefined || (mode & 0o111) === 0o111) return steps
  const what = `chmod 755 ${script}`
  const run = () => machine.setMode(script, 0o755)
  return [...steps, { what: { en: what, zh: what }, run, revert: () => machine.setMode(script, mode) }]
}

function isEnabled(machine: Machine, { root }: Apache, name: string): boolean {
  return machine.list(machine.path.join(root, 'sites-enabled')).includes(`${name}.conf`)
}

/** a2enmod, a2dismod, a2ensite and a2dissite, each taken back by its opposite. */
function debianTool(
  machine: Machine,
  { control: { environment } }: Apache,
  kind: 'mod' | 'site',
  on: boolean,
  names: readonly string[],
): Step {
  const tool = (enable: boolean) => [`/usr/sbin/a2${enable ? 'en' : 'dis'}${kind}`, '-q', ...(enable ? [] : ['-f'])]
  return running(machine, [...tool(on), ...names], [...tool(!on), ...[...names].reverse()], environment)
}

function foreignFile(file: string): UsageError {
  return new UsageError({
    en: `${file} is there and was not made by weixin vhost; move it away, or choose another --name`,
    zh: `${file} 已存在，且不是由 weixin vhost 生成的；请先移走，或用 --name 换一个名称`,
  })
}

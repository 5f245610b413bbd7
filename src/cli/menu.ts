import { parseArgs } from 'node:util'
import type { AccountApi } from '../client/account.ts'
import { ApiError } from '../client/api-error.ts'
import { UsageError } from '../errors.ts'
import { ACCOUNT_OPTIONS, ACCOUNT_USAGE, withAccount } from './account/account-command.ts'
import { neededField } from './account/answer-field.ts'
import { buttonsAsFile, type ConditionalMenu, checkMenus, conditionalAsFile, type Menus } from './account/menu-file.ts'
import { buttonLines, conditionalLines, diffLines, menuLines } from './account/menu-lines.ts'
import type { Command, Terminal } from './terminal/command.ts'
import { isConfirmed } from './terminal/confirm.ts'
import { createProgress } from './terminal/progress.ts'
import { readJsonFile } from './terminal/read-json.ts'
import { writeNewFile } from './terminal/write-file.ts'

const OPTIONS = { ...ACCOUNT_OPTIONS, yes: { type: 'boolean', default: false } } as const

interface Values {
  readonly account: string
  readonly json: boolean
  readonly yes: boolean
}

/** `weixin menu pull|check|diff|push`: the custom menu as a file. */
export const menu: Command = {
  summary: { en: 'pull, check, compare and push the custom menu', zh: '下载、检查、比较和发布自定义菜单' },
  usage: {
    en: `Usage: weixin menu pull [FILE]      the account's menus as JSON, printed or in a new file
       weixin menu check FILE      whether WeChat would take the file; nothing is sent
       weixin menu diff FILE       what push would change; exit code 1 when that is something
       weixin menu push FILE       check, show what changes, ask, and send

The file is { "button": […], "conditionalmenu": [{ "button": […], "matchrule": { "tag_id": "2" } }] }. Where several
conditional menus fit a follower, the last one in the file wins. WeChat edits none: when one differs, all are deleted
and added anew.

  --yes             push without a question
${ACCOUNT_USAGE.en}`,
    zh: `用法：weixin menu pull [文件]       以 JSON 输出账号的菜单，或保存到新文件
      weixin menu check 文件      检查微信是否会接受，不发送任何内容
      weixin menu diff 文件       显示 push 会改变什么；有变化时退出码为 1
      weixin menu push 文件       检查、显示变化、确认后发布

文件格式：{ "button": […], "conditionalmenu": [{ "button": […], "matchrule": { "tag_id": "2" } }] }。多个个性化菜单
同时符合时，以文件中最后一个为准。微信不支持修改个性化菜单：只要有一个不同，就会全部删除后重新添加。

  --yes             不询问，直接发布
${ACCOUNT_USAGE.zh}`,
  },
  async run(words, terminal) {
    const { values, positionals } = parseArgs({ args: words, options: OPTIONS, allowPositionals: true })
    const [action, file, ...others] = positionals
    if (others.length > 0) throw new UsageError(menu.usage)
    if (action === 'pull') return pull(file, values, terminal)
    if (file === undefined) throw new UsageError(menu.usage)
    if (action === 'check') return check(file, terminal) ? 0 : 1
    if (action === 'diff') return diff(file, values, terminal)
    if (action === 'push') return push(file, values, terminal)
    throw new UsageError(menu.usage)
  },
}

function pull(file: string | undefined, { account }: Values, terminal: Terminal): Promise<number> {
  return withAccount(account, terminal, async api => {
    const { menus } = await currentMenus(api, terminal)
    const text = JSON.stringify(menus, null, 2)
    if (file === undefined) terminal.print(text)
    else await writeNewFile(file, `${text}\n`)
    return 0
  })
}

/** The file's menus, or undefined when WeChat would refuse them; each reason has been told. */
function check(file: string, { printError, say }: Terminal): Menus | undefined {
  const { menus, mistakes } = checkMenus(readJsonFile(file))
  for (const mistake of mistakes) printError(`weixin: ${file}: ${say(mistake)}`)
  return mistakes.length > 0 ? undefined : menus
}

async function diff(file: string, { account, json }: Values, terminal: Terminal): Promise<number> {
  const wanted = check(file, terminal)
  if (!wanted) return 1
  return withAccount(account, terminal, async api => {
    const { menus } = await currentMenus(api, terminal)
    const lines = diffLines(menuLines(sorted(menus)), menuLines(sorted(wanted)))
    const changed = lines.filter(isChange)
    if (json) terminal.print(JSON.stringify({ changed: changed.length > 0, lines }, null, 2))
    else for (const line of changed.length > 0 ? lines : []) terminal.print(line)
    return changed.length > 0 ? 1 : 0
  })
}

async function push(file: string, { account, yes }: Values, terminal: Terminal): Promise<number> {
  const wanted = check(file, terminal)
  if (!wanted) return 1
  return withAccount(account, terminal, async api => {
    const current = await currentMenus(api, terminal)
    const lines = diffLines(menuLines(sorted(current.menus)), menuLines(sorted(wanted)))
    if (!lines.some(isChange)) {
      terminal.print(terminal.say({ en: 'nothing to change', zh: '没有变化' }))
      return 0
    }
    for (const line of lines) terminal.print(line)
    if (!yes && !(await isConfirmed(PUSH_THIS, terminal))) return 1
    await send(wanted, current, api, terminal)
    terminal.print(terminal.say({ en: 'pushed; followers see it within minutes', zh: '已发布；关注者几分钟内可见' }))
    return 0
  })
}

const PUSH_THIS = { en: 'Push this?', zh: '确认发布？' }

interface CurrentMenus {
  readonly menus: Menus
  /** Of the conditional menus. */
  readonly ids: readonly string[]
}

const NO_MENU = 46003

async function currentMenus({ client }: AccountApi, { printError, say }: Terminal): Promise<CurrentMenus> {
  const answer = await client.menu.get().catch((error: unknown) => {
    if (error instanceof ApiError && error.errcode === NO_MENU) return undefined
    throw error
  })
  if (!answer) return { ids: [], menus: { button: [], conditionalmenu: [] } }
  const { button } = neededField(answer, 'menu', 'GET /cgi-bin/menu/get')
  const given = answer.conditionalmenu ?? []
  const conditionalmenu = given.map(conditionalAsFile).filter(each => each !== undefined)
  const dead = given.length - conditionalmenu.length
  if (dead > 0) {
    printError(
      say({
        en: `weixin: left out ${dead} conditional menu(s) that nobody sees: WeChat no longer looks at sex, region and language`,
        zh: `weixin：忽略 ${dead} 个不再生效的个性化菜单：微信已不再支持按性别、地区、语言匹配`,
      }),
    )
  }
  return { ids: given.map(({ menuid }) => menuid), menus: { button: buttonsAsFile(button), conditionalmenu } }
}

/** In an order that both sides share: WeChat does not say in which it gives them. */
function sorted({ button, conditionalmenu }: Menus): Menus {
  const text = (each: ConditionalMenu) => conditionalLines(each).join('\n')
  return { button, conditionalmenu: [...conditionalmenu].sort((one, other) => (text(one) < text(other) ? -1 : 1)) }
}

function isChange(line: string): boolean {
  return !line.startsWith(' ')
}

function isSame(before: readonly string[], after: readonly string[]): boolean {
  return !diffLines(before, after).some(isChange)
}

interface Step {
  readonly name: string
  take(): Promise<unknown>
}

async function send(wanted: Menus, current: CurrentMenus, { client }: AccountApi, terminal: Terminal): Promise<void> {
  const steps = stepsOf(wanted, current, client)
  const progress = createProgress(terminal, 'menu')
  for (const [index, { take }] of steps.entries()) {
    progress.report(index, steps.length)
    await take().catch(error => {
      progress.end()
      if (steps.length > 1) tellHowFar(steps, index, terminal)
      throw error
    })
  }
  progress.end()
}

/** The menu for everybody goes first, so that there is one all the time. */
function stepsOf(wanted: Menus, current: CurrentMenus, { menu: calls }: AccountApi['client']): Step[] {
  const linesOf = ({ conditionalmenu }: Menus) => conditionalmenu.flatMap(conditionalLines)
  const steps: Step[] = []
  // What has been checked against the tables has their types.
  const checked = (parameters: Pick<Menus, 'button'> | ConditionalMenu) => parameters as never
  if (!isSame(buttonLines(current.menus.button), buttonLines(wanted.button))) {
    steps.push({ name: 'create button', take: () => calls.create(checked({ button: wanted.button })) })
  }
  if (!isSame(linesOf(sorted(current.menus)), linesOf(sorted(wanted)))) {
    for (const menuid of current.ids) {
      steps.push({ name: `delete ${menuid}`, take: () => calls.deleteConditional({ menuid }) })
    }
    for (const [index, each] of wanted.conditionalmenu.entries()) {
      steps.push({ name: `add conditionalmenu[${index}]`, take: () => calls.addConditional(checked(each)) })
    }
  }
  return steps
}

/** What followers see now is neither the menu of before nor that of the file. */
function tellHowFar(steps: readonly Step[], failed: number, { printError, say }: Terminal): void {
  const names = (part: readonly Step[], none: string) => part.map(({ name }) => name).join(', ') || none
  const [done, left] = [steps.slice(0, failed), steps.slice(failed)]
  printError(
    say({
      en: `weixin: the push stopped. Done: ${names(done, 'nothing')}. Not done: ${names(left, 'nothing')}. When the reason is gone, push again: it sends what is missing`,
      zh: `weixin：发布中断。已完成：${names(done, '无')}。未完成：${names(left, '无')}。排除原因后请再次 push，会补上缺少的部分`,
    }),
  )
}

import type { Bilingual } from '../../errors.ts'

export interface WindowsService {
  readonly name: string
  readonly directory: string
  readonly node: string
  /** host:port */
  readonly listen: string
}

/** The longest command that `schtasks /TR` takes. */
const LONGEST = 261

/**
 * The commands that keep the responder running on Windows, for a Command Prompt of an administrator: with the Task Scheduler, or
 * with NSSM. It runs as LOCAL SERVICE (S-1-5-19), which may read, and write only to `var`. Long because two programs are told the same, in two languages.
 */
export function windowsCommands({ name, directory, node, listen }: WindowsService): Bilingual {
  const folder = directory.replaceAll('/', '\\')
  const program = node.replaceAll('/', '\\')
  const command = `\\"${program}\\" \\"${folder}\\dist\\cli.js\\" serve --listen ${listen}`
  const rights = [
    `mkdir "${folder}\\var"`,
    `icacls "${folder}" /grant "*S-1-5-19:(OI)(CI)RX"`,
    `icacls "${folder}\\var" /grant "*S-1-5-19:(OI)(CI)M"`,
  ]
  // A task made by schtasks is ended after three days, and not started again when it ends by itself.
  const settings =
    'New-ScheduledTaskSettingsSet -ExecutionTimeLimit ([TimeSpan]::Zero) -RestartCount 999 -RestartInterval (New-TimeSpan -Minutes 1) -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries'
  const task = [
    `schtasks /Create /F /TN "${name}" /SC ONSTART /RU "NT AUTHORITY\\LOCAL SERVICE" /TR "${command}"`,
    `powershell -NoProfile -Command "Set-ScheduledTask -TaskName '${name}' -Settings (${settings})"`,
    `schtasks /Run /TN "${name}"`,
  ]
  const nssm = [
    `nssm install ${name} "${program}" dist\\cli.js serve --listen ${listen}`,
    `nssm set ${name} AppDirectory "${folder}"`,
    `nssm set ${name} ObjectName "NT AUTHORITY\\LocalService"`,
    `nssm set ${name} AppStderr "${folder}\\var\\service.log"`,
    `nssm set ${name} AppRotateFiles 1`,
    `nssm start ${name}`,
  ]
  const tooLong = command.replaceAll('\\"', '"').length > LONGEST
  return {
    en: [
      'In a Command Prompt that runs as administrator:',
      '',
      'rem LOCAL SERVICE may read the project, and write to var only',
      ...rights,
      '',
      ...(tooLong ? ['rem schtasks takes 261 characters: move the project to a shorter path, or use NSSM'] : []),
      'rem with the Task Scheduler: at start-up, without a time limit, started again when it ends',
      ...task,
      '',
      'rem or with NSSM (nssm.cc)',
      ...nssm,
      '',
      'rem after a change of code or configuration',
      `schtasks /End /TN "${name}" & schtasks /Run /TN "${name}"`,
      '',
      'rem to undo',
      `schtasks /End /TN "${name}" & schtasks /Delete /F /TN "${name}"`,
      `nssm stop ${name} & nssm remove ${name} confirm`,
    ].join('\n'),
    zh: [
      '请在以管理员身份运行的命令提示符中执行：',
      '',
      'rem LOCAL SERVICE 账户可读取项目，只能写入 var',
      ...rights,
      '',
      ...(tooLong ? ['rem schtasks 的命令最长 261 个字符：请把项目移到更短的路径，或使用 NSSM'] : []),
      'rem 使用任务计划程序：开机启动，不限时长，意外结束后自动重启',
      ...task,
      '',
      'rem 或使用 NSSM（nssm.cc）',
      ...nssm,
      '',
      'rem 修改代码或配置之后',
      `schtasks /End /TN "${name}" & schtasks /Run /TN "${name}"`,
      '',
      'rem 撤销',
      `schtasks /End /TN "${name}" & schtasks /Delete /F /TN "${name}"`,
      `nssm stop ${name} & nssm remove ${name} confirm`,
    ].join('\n'),
  }
}

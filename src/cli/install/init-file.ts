import fs from 'node:fs'
import path from 'node:path'
import { hindranceOf, nameOfUser, userNamed } from '../../apache/access.ts'
import { describeApache } from '../../apache/apache.ts'
import { findInstallations } from '../../apache/installation.ts'
import type { Machine } from '../../apache/machine.ts'
import { UsageError } from '../../errors.ts'
import type { Terminal } from '../terminal/command.ts'
import { unreadable } from '../terminal/read-json.ts'
import { readConfigText } from './config-text.ts'
import { INIT_KEYS, type InitValues } from './init-values.ts'

/** A configuration file as it is, and what of it `weixin init` knows. */
export interface InitFile {
  /** Undefined when there is no file yet. */
  readonly text: string | undefined
  readonly values: InitValues
}

/** @throws {UsageError | ConfigError} for a file that may not be read, or is no JSON */
export function readInitFile(file: string): InitFile {
  const text = readConfig(file)
  return { text, values: text === undefined ? {} : valuesOf(readConfigText(text, file)) }
}

function readConfig(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw unreadable(file, error)
  }
}

function valuesOf(config: Readonly<Record<string, unknown>>): InitValues {
  const entries = INIT_KEYS.map(key => [key, config[key]] as const)
  return Object.fromEntries(entries.filter(([, value]) => typeof value === 'string' && value !== ''))
}

/** @throws {UsageError} when it cannot be written */
export function writeInitFile(machine: Machine, file: string, text: string): void {
  try {
    machine.writeText(file, text, 0o600)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new UsageError({ en: `cannot write ${file}: ${code}`, zh: `无法写入 ${file}：${code}` })
  }
}

/** Only its owner may read the file; made by root, it is handed to whom Apache's scripts run as. */
export function protectInitFile(machine: Machine, file: string, isNew: boolean, { print, say }: Terminal): void {
  if (machine.platform === 'win32') return
  const status = machine.status(file)
  if (status && (status.mode & 0o077) !== 0) machine.setMode(file, 0o600)
  const user = readerOf(machine, file)
  if (user === undefined) return
  const reader = userNamed(machine, user)
  if (machine.userId === 0 && isNew && status?.uid !== reader?.uid) {
    const { code } = machine.run('chown', [`${user}:`, file])
    if (code === 0)
      print(
        say({
          en: `It belongs to ${user}, and nobody else may read it.`,
          zh: `文件归 ${user} 所有，其他用户无法读取。`,
        }),
      )
  }
  const hindrance = reader && hindranceOf(machine, reader, file, 'read')
  if (!hindrance) return
  print(
    say(
      hindrance.needs === 'enter'
        ? {
            en: `${user} may not enter ${hindrance.path}: move the project to /srv, or chmod o+x ${hindrance.path}`,
            zh: `用户 ${user} 无权进入 ${hindrance.path}：请把项目移到 /srv，或执行 chmod o+x ${hindrance.path}`,
          }
        : {
            en: `${user}, as whom Apache runs scripts, may not read it yet; weixin vhost --install or weixin service --install (with sudo) hands it over`,
            zh: `运行 Apache 脚本的用户 ${user} 还不能读取它；用 sudo 运行 weixin vhost --install 或 weixin service --install 时会移交`,
          },
    ),
  )
}

/** The owner of the responder's state, or whom Apache names, or the owner of the folder. */
function readerOf(machine: Machine, file: string): string | undefined {
  const folder = path.dirname(file)
  const state = machine.status(path.join(folder, 'var'))
  if (state && state.uid !== 0) return nameOfUser(machine, state.uid)
  const [first] = findInstallations(machine)
  return first && describeApache(machine, first).user
}

import path from 'node:path'
import { nameOfUser } from '../../apache/access.ts'
import { hindranceFor, runAs } from '../as-user.ts'
import { type Check, type Finding, failure, ok, skipped, warning } from '../check.ts'
import { nameOf, type Patient } from '../patient.ts'

const SCARCE = 20_000_000
const WRITABLE_BY_OTHERS = 0o022

/** The folder of the file store: the web server's user owns it, alone, and may write there; really written to by root. */
export const state: Check = {
  name: 'state',
  title: { en: 'folder of the store', zh: '状态目录' },
  needs: ['config', 'access'],
  async look(patient) {
    const { store } = await patient.config()
    if (!store.startsWith('file:')) return skipped({ en: 'the store is not in files', zh: '状态不保存在文件中' })
    const { machine, directory, freeSpace } = patient
    const folder = machine.path.resolve(directory, store.slice('file:'.length))
    const problem = machine.status(folder) ? wrongFolder(folder, patient) : missingFolder(folder, patient)
    if (problem) return problem
    const free = freeSpace(folder)
    if (free !== undefined && free < SCARCE) {
      return failure(
        {
          en: `the disk of ${folder} is full: ${Math.round(free / 1_000_000)} MB are left`,
          zh: `${folder} 所在磁盘已满，只剩 ${Math.round(free / 1_000_000)} MB`,
        },
        { en: 'make room', zh: '请清理空间' },
      )
    }
    return ok({ en: `${folder} can be written to`, zh: `${folder} 可以写入` })
  },
}

function wrongFolder(folder: string, patient: Patient): Finding | undefined {
  const { machine } = patient
  const status = machine.status(folder)
  const user = patient.runner()
  if (status?.kind !== 'directory') {
    return failure(
      { en: `${folder} is not a folder`, zh: `${folder} 不是目录` },
      { en: `rm ${folder}`, zh: `请删除 ${folder}` },
    )
  }
  if (!user) return undefined
  const name = nameOf(machine, user)
  if (status.uid !== user.uid || (status.mode & 0o700) !== 0o700) {
    const cure = `chown -R ${name} ${folder}; chmod 700 ${folder}`
    return failure(
      {
        en: `${folder} is not ${name}'s: without it there is no protection from redeliveries, no session and no shared token`,
        zh: `${folder} 不属于用户 ${name}，或其无权写入：重复消息、会话和共享的 access token 都会失效`,
      },
      { en: cure, zh: `请执行 ${cure}` },
    )
  }
  if (status.mode & WRITABLE_BY_OTHERS) {
    return failure(
      {
        en: `other users may write to ${folder}; the store refuses it`,
        zh: `其他用户可以写入 ${folder}，因此不会使用该目录`,
      },
      { en: `chmod 700 ${folder}`, zh: `请执行 chmod 700 ${folder}` },
    )
  }
  const foreign = foreignIn(folder, user.uid, machine)
  if (foreign !== undefined) {
    const owner = nameOfUser(machine, machine.status(foreign)?.uid ?? -1)
    return failure(
      {
        en: `${foreign} belongs to ${owner}, not to ${name}: some command was run as ${owner}`,
        zh: `${foreign} 属于 ${owner}，而不是 ${name}：曾以 ${owner} 的身份运行过某个命令`,
      },
      { en: `chown -R ${name} ${folder}`, zh: `请执行 chown -R ${name} ${folder}` },
    )
  }
  const written = runAs(patient, user, 'f="$1/.doctor.$$"; : > "$f" && rm "$f"', folder)
  if (!written) return hindranceFor(patient, user, folder, 'write')
  return failure(
    { en: `${name} cannot make a file in ${folder}`, zh: `用户 ${name} 无法在 ${folder} 中建立文件` },
    {
      en: 'see whether the file system is read-only or full (df, df -i, mount)',
      zh: '请检查文件系统是否只读或已满（df、df -i、mount）',
    },
  )
}

/** So many files are looked at; those that a foreign command leaves are among the first. */
const MOST_FILES = 2000

/** The first file or folder that is not the user's. */
function foreignIn(folder: string, uid: number, machine: Patient['machine']): string | undefined {
  const open = [folder]
  for (let looked = 0; looked < MOST_FILES && open.length > 0; looked++) {
    const file = open.shift() ?? ''
    const status = machine.status(file)
    if (status && status.uid !== uid) return file
    if (status?.kind === 'directory') open.push(...machine.list(file).map(name => machine.path.join(file, name)))
  }
  return undefined
}

function missingFolder(folder: string, patient: Patient): Finding | undefined {
  const user = patient.runner()
  if (!user) return undefined
  const above = path.dirname(folder)
  if (!hindranceFor(patient, user, above, 'write')) {
    return warning(
      { en: `${folder} is not there yet`, zh: `${folder} 尚不存在` },
      { en: 'the first message makes it', zh: '收到第一条消息时会自动建立' },
    )
  }
  const cure = `install -d -m 700 -o ${user.name} ${folder}`
  return failure(
    {
      en: `${folder} is missing, and ${user.name} may not make it`,
      zh: `缺少 ${folder}，而用户 ${user.name} 无权建立`,
    },
    { en: cure, zh: `请执行 ${cure}` },
  )
}

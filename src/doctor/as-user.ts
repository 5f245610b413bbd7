import { type Hindrance, hindranceOf, type User } from '../apache/access.ts'
import { type Finding, failure } from './check.ts'
import type { World } from './world.ts'

type Needs = 'read' | 'write' | 'run'

/**
 * What stops a user from using a file: root tries it as that user, with all his groups; others go by owners and modes.
 *
 * @param secret the file that nobody else may read
 */
export function hindranceFor(
  world: World,
  user: User,
  file: string,
  needs: Needs,
  secret?: string,
): Finding | undefined {
  const { machine } = world
  const flag = { read: '-r', write: '-w', run: '-x' }[needs]
  const tried = runAs(world, user, `test ${flag} "$1"`, file)
  const computed = hindranceOf(machine, user, file, needs)
  if (tried === 0 || (tried === undefined && !computed)) return undefined
  if (computed) return sentenceOf(world.directory, user, computed, file === secret)
  const [verb, zh] = VERBS[needs]
  return failure(
    {
      en: `${user.name} may not ${verb} ${file}, though the modes permit it`,
      zh: `用户 ${user.name} 无法${zh} ${file}，尽管文件模式允许`,
    },
    {
      en: 'look at access lists (getfacl) and SELinux (ausearch -m avc)',
      zh: '请检查访问控制列表（getfacl）和 SELinux（ausearch -m avc）',
    },
  )
}

/** The exit code of a line of shell as another user; undefined when that cannot be tried: it takes root, and util-linux. */
export function runAs({ machine }: World, { uid, gid }: User, line: string, ...words: string[]): number | undefined {
  if (machine.userId === uid) return machine.run('/bin/sh', ['-c', line, 'sh', ...words]).code
  if (machine.userId !== 0) return undefined
  const { code } = machine.run('setpriv', [...asUser({ uid, gid }), '/bin/sh', '-c', line, 'sh', ...words])
  return code === 0 || code === 1 ? code : undefined
}

/** The words of setpriv(1). */
export function asUser({ uid, gid }: Pick<User, 'uid' | 'gid'>): string[] {
  return [`--reuid=${uid}`, `--regid=${gid}`, '--init-groups']
}

const VERBS: Readonly<Record<Needs, readonly [en: string, zh: string]>> = {
  read: ['read', '读取'],
  write: ['write to', '写入'],
  run: ['run', '执行'],
}

function isInside(file: string, folder: string): boolean {
  return file.startsWith(`${folder}/`)
}

function sentenceOf(directory: string, { name }: User, { path, needs }: Hindrance, secret: boolean): Finding {
  switch (needs) {
    case 'exist':
      return failure(
        { en: `${path} is missing`, zh: `缺少 ${path}` },
        { en: 'npm run build', zh: '请运行 npm run build' },
      )
    case 'enter': {
      const cure = isInside(path, directory) ? `chmod -R o+rX ${path}` : `chmod o+x ${path}`
      return failure(
        { en: `${name} may not enter ${path}`, zh: `用户 ${name} 无权进入目录 ${path}` },
        path.startsWith('/root') || path.startsWith('/home')
          ? { en: `${cure}; or move the project to /srv`, zh: `请执行 ${cure}，或把项目移到 /srv` }
          : { en: cure, zh: `请执行 ${cure}` },
      )
    }
    default: {
      const [verb, zh] = VERBS[needs]
      const cure = secret
        ? `chown ${name} ${path}; chmod 600 ${path}`
        : `chmod ${{ read: 'o+r', write: 'o+w', run: 'o+rx' }[needs]} ${path}`
      return failure(
        { en: `${name} may not ${verb} ${path}`, zh: `用户 ${name} 无权${zh} ${path}` },
        { en: cure, zh: `请执行 ${cure}` },
      )
    }
  }
}

import { type Check, failure, ok, warning } from '../check.ts'
import type { World } from '../world.ts'

const LEAST = { major: 20, minor: 19 }

/** The Node that the script is run with: the one that the build has noted, else the one in PATH. */
export const node: Check = {
  name: 'node',
  title: { en: 'Node', zh: 'Node 版本' },
  look(patient) {
    const { machine, node: running, nodeVersion } = patient
    const noted = notedNode(patient) ?? running
    const own = noted === running ? nodeVersion : versionOf(noted, machine)
    const version = own ?? versionOf('node', machine)
    if (!version) {
      return failure(
        {
          en: `${noted}, which the build has noted, does not run, and there is none in PATH`,
          zh: `构建时记录的 ${noted} 无法运行，PATH 中也没有 node`,
        },
        REBUILD,
      )
    }
    if (isTooOld(version)) {
      return failure(
        { en: `${noted} is ${version}; 20.19 or newer is needed`, zh: `${noted} 的版本是 ${version}，需要 20.19 以上` },
        { en: 'install a newer Node, then npm run build', zh: '请安装更新的 Node，再运行 npm run build' },
      )
    }
    if (!own) {
      return warning(
        {
          en: `${noted}, which the build has noted, is gone; the script takes the node in PATH (${version})`,
          zh: `构建时记录的 ${noted} 已不存在；脚本改用 PATH 中的 node（${version}）`,
        },
        REBUILD,
      )
    }
    if (version !== nodeVersion) {
      return warning(
        {
          en: `the script runs with ${noted} (${version}), this command with ${nodeVersion}`,
          zh: `脚本使用 ${noted}（${version}），而本命令使用 ${nodeVersion}`,
        },
        REBUILD,
      )
    }
    return ok({ en: `${version}, ${noted}`, zh: `${version}，${noted}` })
  },
}

const REBUILD = {
  en: 'npm run build, with the Node that is to be used',
  zh: '请用要使用的 Node 重新运行 npm run build',
}

/** What the launcher reads: the first line of dist/node. */
export function notedNode({ machine, directory }: Pick<World, 'machine' | 'directory'>): string | undefined {
  const [line = ''] = (machine.readText(machine.path.join(directory, 'dist', 'node')) ?? '').split('\n')
  return machine.path.isAbsolute(line.trim()) && !line.includes('\0') ? line.trim() : undefined
}

function versionOf(program: string, { run }: World['machine']): string | undefined {
  return /^v\d+\.\d+\.\d+/.exec(run(program, ['--version']).stdout)?.[0]
}

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  return major < LEAST.major || (major === LEAST.major && minor < LEAST.minor)
}

import { type Check, failure, ok, warning } from '../check.ts'

const LEAST = { major: 20, minor: 19 }

/** The Node that the script is run with: the one that the build found, which an upgrade may have taken away. */
export const node: Check = {
  name: 'node',
  title: { en: 'Node', zh: 'Node 版本' },
  look({ machine, directory, node: running, nodeVersion }) {
    const note = machine.path.join(directory, 'dist', 'node')
    const named = machine.readText(note)?.trim() || running
    const [path, version] =
      named === running ? [running, nodeVersion] : [named, machine.run(named, ['--version']).stdout.trim()]
    if (!version) {
      return failure(
        {
          en: `${path} is not there any more, or does not run; the build has noted it`,
          zh: `构建时记录的 ${path} 已不存在或无法运行`,
        },
        { en: 'npm run build, with the Node that is installed now', zh: '请用现在安装的 Node 重新运行 npm run build' },
      )
    }
    if (isTooOld(version)) {
      return failure(
        { en: `${path} is ${version}; 20.19 or newer is needed`, zh: `${path} 的版本是 ${version}，需要 20.19 以上` },
        { en: 'install a newer Node, then npm run build', zh: '请安装更新的 Node，再运行 npm run build' },
      )
    }
    if (named !== running && version !== nodeVersion) {
      return warning(
        {
          en: `the script runs with ${path} (${version}), this command with ${nodeVersion}`,
          zh: `脚本使用 ${path}（${version}），而本命令使用 ${nodeVersion}`,
        },
        { en: 'npm run build, if that is not meant', zh: '如果不是有意为之，请重新运行 npm run build' },
      )
    }
    return ok({ en: `${version}, ${path}`, zh: `${version}，${path}` })
  },
}

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  return major < LEAST.major || (major === LEAST.major && minor < LEAST.minor)
}

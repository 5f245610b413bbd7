import { type Check, failure, ok, warning } from '../check.ts'

const NPM_RUN_BUILD = { en: 'npm run build', zh: '请运行 npm run build' }

/** What the build makes, without which the script can do nothing. */
export const build: Check = {
  name: 'build',
  title: { en: 'built program', zh: '构建结果' },
  look({ machine, directory, changed }) {
    const { join } = machine.path
    const bundle = join(directory, 'dist', 'responder.cjs')
    if (machine.status(bundle)?.kind !== 'file') {
      return failure({ en: `${bundle} is missing`, zh: `缺少 ${bundle}` }, NPM_RUN_BUILD)
    }
    const content = join(directory, 'templates', 'content')
    const sources = [join(directory, 'src', 'app.ts'), ...machine.list(content).map(name => join(content, name))]
    const built = changed(bundle) ?? 0
    const newer = sources.find(file => (changed(file) ?? 0) > built)
    if (newer) {
      return warning(
        {
          en: `${newer} was changed after the build, and does not count yet`,
          zh: `${newer} 在构建之后有改动，尚未生效`,
        },
        NPM_RUN_BUILD,
      )
    }
    return ok({ en: bundle, zh: bundle })
  },
}

import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { projectDirectory } from '../project.ts'

t.test('templates that an editor on Windows has saved are built as if they had been written here', async t => {
  const directory = t.testdir()
  for (const name of ['src', 'templates', 'package.json', 'node_modules']) {
    const [from, to] = [path.join(projectDirectory, name), path.join(directory, name)]
    if (name === 'node_modules') fs.symlinkSync(fs.realpathSync(from), to)
    else fs.cpSync(from, to, { recursive: true })
  }
  const built = () => {
    execFileSync(process.execPath, ['src/build.mjs'], { cwd: directory })
    return fs.readFileSync(path.join(directory, 'dist', 'templates.js'), 'utf8')
  }
  const before = built()
  for (const folder of ['reply', 'content']) {
    for (const name of fs.readdirSync(path.join(directory, 'templates', folder))) {
      const file = path.join(directory, 'templates', folder, name)
      fs.writeFileSync(file, `\uFEFF${fs.readFileSync(file, 'utf8').replaceAll('\n', '\r\n')}`)
    }
  }
  t.equal(built(), before)
})

import fs from 'node:fs'
import path from 'node:path'
import t, { type Test } from 'tap'
import { stateFolder } from '../../../src/cli/install/state-folder.ts'

async function folderOf(t: Test, config: object | undefined): Promise<string | undefined> {
  const directory = t.testdir()
  if (config)
    fs.writeFileSync(path.join(directory, 'weixin.config.json'), JSON.stringify({ token: 'kapokTree2031', ...config }))
  const folder = await stateFolder({ environment: {}, directory })
  return folder && path.relative(directory, folder)
}

t.test('the state is where the store is, or where the journal is, or nowhere on this machine', async t => {
  t.equal(await folderOf(t, {}), 'var')
  t.equal(await folderOf(t, { store: 'file:elsewhere' }), 'elsewhere')
  t.equal(await folderOf(t, { store: 'redis://127.0.0.1' }), undefined)
  t.equal(await folderOf(t, { store: 'redis://127.0.0.1', journal: true }), 'var')
  t.equal(await folderOf(t, { store: 'memory:' }), undefined)
})

t.test('what is not configured yet keeps its state as the responder would', async t => {
  t.equal(await folderOf(t, undefined), 'var')
  t.equal(await folderOf(t, { tokn: 'x' }), 'var')
})

import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { scratch } from '../store/processes.ts'
import { seed, startCarrier, tokenFile } from './carriers.ts'
import { startUpstream, tokenNumber } from './fake-upstream.ts'
import { filesIn, place, provider } from './provider.ts'

const isRoot = process.geteuid?.() === 0
const windows = process.platform === 'win32'
const NOBODY = 65534

t.test('a symbolic link in the place of the token is neither read nor written through', { skip: windows }, async t => {
  const { base } = await startUpstream(t)
  const directory = place(t)
  await seed(directory, base, 0)
  const file = tokenFile(directory)
  const target = path.join(scratch(t), 'target')
  fs.renameSync(file, target)
  fs.symlinkSync(target, file)
  const before = fs.readFileSync(target, 'utf8')
  const lines: string[] = []
  t.equal((await provider(directory, base, { lines }).get()).value, tokenNumber(2))
  t.match(lines, [/it was a symbolic link, which is not followed; the link has been removed/])
  t.equal((await provider(directory, base, { lines }).get()).value, tokenNumber(2), 'the entry can be used again')
  t.equal(lines.length, 1)
  t.equal(fs.readFileSync(target, 'utf8'), before)
})

t.test(
  'a directory of another user is not used, and a token is served',
  { skip: !isRoot && 'needs root to give a directory away' },
  async t => {
    const { base } = await startUpstream(t)
    const directory = place(t)
    await seed(directory, base, 0)
    fs.chmodSync(path.dirname(directory), 0o711)
    const before = filesIn(directory)
    const racer = await startCarrier(t, { directory, base }, NOBODY)
    racer.start()
    const [line, token] = await racer.finished
    t.match(line, /give (it|the directory and everything in it) to the user that the web server runs as/)
    t.equal(token, tokenNumber(2))
    t.strictSame(filesIn(directory), before)
  },
)

t.test(
  'what a command that root runs has stored can be used by the web server',
  { skip: !isRoot && 'needs root' },
  async t => {
    const { base, questions } = await startUpstream(t)
    const directory = place(t)
    fs.mkdirSync(directory, 0o700)
    fs.chownSync(directory, NOBODY, NOBODY)
    fs.chmodSync(path.dirname(directory), 0o711)
    await provider(directory, base).get()
    const racer = await startCarrier(t, { directory, base }, NOBODY)
    racer.start()
    t.strictSame(await racer.finished, [tokenNumber(1)])
    t.equal(questions.length, 1)
  },
)

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import t from 'tap'
import { checkout, weixin } from './weixin.ts'

const directory = checkout(t)

t.test('without a word, or asked for help, weixin lists its commands and exits with 0', async t => {
  for (const words of [[], ['help'], ['--help']]) {
    const { code, stdout } = await weixin(directory, words)
    t.equal(code, 0)
    t.match(stdout, /^Usage: weixin COMMAND/)
    t.match(stdout, /\n {2}serve +run the FastCGI service by hand\n/)
  }
})

t.test('an unknown command is named on stderr, and the exit code is 2', async t => {
  const { code, stdout, stderr } = await weixin(directory, ['srve'])
  t.equal(code, 2)
  t.equal(stdout, '')
  t.match(stderr, /^weixin: no command srve\nUsage: /)
})

t.test('the reader is spoken to in Chinese by locale, by WEIXIN_LANG or by --lang, anywhere', async t => {
  t.match((await weixin(directory, [], { LANG: 'zh_CN.UTF-8' })).stdout, /^用法：/)
  t.match((await weixin(directory, [], { WEIXIN_LANG: 'zh' })).stdout, /^用法：/)
  t.match((await weixin(directory, ['--lang', 'zh'])).stdout, /^用法：/)
  t.match((await weixin(directory, ['send', '--help', '--lang=zh'])).stdout, /^用法：weixin send/)
  t.match((await weixin(directory, ['--lang', 'en'], { LANG: 'zh_CN.UTF-8' })).stdout, /^Usage: /)
})

t.test('--version prints the version of package.json', async t => {
  t.match((await weixin(directory, ['--version'])).stdout, /^\d+\.\d+\.\d+(-[a-z]+\.\d+)?\n$/)
})

t.test('an option that does not exist is named, the usage follows, and the exit code is 2', async t => {
  const { code, stderr } = await weixin(directory, ['serve', '--wrokers', '2'])
  t.equal(code, 2)
  t.match(stderr, /^weixin: Unknown option '--wrokers'.*\nUsage: weixin serve /)
})

/** `weixin WORDS` in a shell, with what follows it. */
function inShell(words: string, rest: string) {
  const command = `"${process.execPath}" "${directory}/dist/cli.js" ${words} ${rest}`
  return spawnSync('sh', ['-c', command], { encoding: 'utf8', env: { LANG: 'en' } })
}

t.test('a reader that goes away ends the command without a word, as SIGPIPE would', async t => {
  const closed = spawn(process.execPath, [`${directory}/dist/cli.js`, 'menu', '--help'])
  closed.stdout.destroy()
  const said: Buffer[] = []
  closed.stderr.on('data', chunk => said.push(chunk))
  const [code] = await once(closed, 'close')
  t.equal(code, 141)
  t.equal(Buffer.concat(said).toString(), '')
})

const full = { skip: !fs.existsSync('/dev/full') && 'needs /dev/full' }

t.test('a full disk below the output is one line and exit code 1', full, async t => {
  t.match(inShell('menu --help', '> /dev/full'), {
    status: 1,
    stderr: 'weixin: cannot write the output: the disk is full (ENOSPC)\n',
  })
  t.match(inShell('menu --help --lang zh', '> /dev/full'), { status: 1, stderr: /^weixin: 无法写出结果：磁盘已满/ })
  t.match(inShell('nonsense', '2> /dev/full'), { status: 2 })
})

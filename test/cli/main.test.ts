import t from 'tap'
import { checkout, weixin } from './weixin.ts'

const directory = checkout(t)

t.test('without a word, or asked for help, weixin lists its commands and exits with 0', async t => {
  for (const words of [[], ['help'], ['--help']]) {
    const { code, stdout } = await weixin(directory, words)
    t.equal(code, 0)
    t.match(stdout, /^Usage: weixin COMMAND/)
    t.match(stdout, /\n {2}serve {4}run the FastCGI service by hand\n/)
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

import t from 'tap'
import { resolveConfig } from '../../src/config/resolve.ts'

const rules = [{ when: 'message', reply: '你好' }]
const rulesOf = (written: unknown, environment: Record<string, string> = {}) =>
  resolveConfig({ token: 't', ...(written !== undefined && { rules: written }) }, environment).rules

t.test('rules are a list, which others check, or the name of a file', async t => {
  t.equal(rulesOf(rules), rules)
  t.strictSame(rulesOf([]), [])
  t.equal(rulesOf('rules.json'), 'rules.json')
  t.equal(rulesOf('../shop/Rules.JSON'), '../shop/Rules.JSON')
  t.equal(rulesOf(undefined), undefined)
})

t.test('the environment names another file', async t => {
  t.equal(rulesOf(rules, { WEIXIN_RULES: '/etc/weixin/rules.json' }), '/etc/weixin/rules.json')
  t.throws(() => rulesOf(rules, { WEIXIN_RULES: '' }), { name: 'SettingError', message: /^WEIXIN_RULES is empty; / })
})

t.test('anything else is refused with what is permitted', async t => {
  for (const written of ['价格', { when: 'message', reply: 'x' }, 7, null]) {
    t.throws(() => rulesOf(written), {
      name: 'SettingError',
      message:
        '"rules" has a value that is not permitted; permitted: a list of rules, or the name of a .json file that holds one',
      zh: '"rules" 的值不正确；应为：规则列表，或保存规则列表的 .json 文件名',
    })
  }
})

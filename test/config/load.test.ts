import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { loadConfig } from '../../src/config/load.ts'

const directory = t.testdir({
  'good.json': '{ "token": "kapokTree2031" }',
  'bom.json': '\uFEFF{ "token": "kapokTree2031" }',
  'commented.json': '{\n  // of May\n  "token": "kapokTree2031", /* and the mode */ "mode": "plain"\n}',
  'commented-mistake.json': '{\n  // two\n  "tokn": "x"\n}',
  'comma.json': '{\n  "token": "secretToken"\n  "mode": "plain"\n}',
  'word.json': '{\n  "token": secretToken\n}',
  'empty.json': '',
  'unknown.json': '{\n  "token": "t",\n  "tokn": "x"\n}',
  'trailing.json': '{\n  "token": "t",\n}',
  'deep.json': '['.repeat(99_999),
  'tokenless.json': '\n{ "mode": "plain" }',
  'modeless.json': `{ "token": "t", "aesKey": "${'A'.repeat(43)}" }`,
  'malformed.json': '{\n\n  "token": "two words"\n}',
})
const at = (name: string) => path.join(directory, name)
const load = (name: string) => loadConfig({ WEIXIN_CONFIG: at(name) }, directory)

t.test('reads the file that WEIXIN_CONFIG names, with or without a byte order mark', async t => {
  t.equal((await load('good.json')).token, 'kapokTree2031')
  t.equal((await load('bom.json')).token, 'kapokTree2031')
})

t.test('comments may stand in the file, and lines are still counted rightly', async t => {
  t.equal((await load('commented.json')).token, 'kapokTree2031')
  await t.rejects(load('commented-mistake.json'), { message: /commented-mistake\.json:3: unknown key "tokn"/ })
})

t.test('a mistake is named with the file and its line, and never quotes the file', async t => {
  await t.rejects(load('comma.json'), {
    message: `${at('comma.json')}:3: not JSON (CommaExpected); permitted: one JSON object, { "token": "…" }`,
  })
  await t.rejects(load('word.json'), {
    message: `${at('word.json')}:2: not JSON (InvalidSymbol); permitted: one JSON object, { "token": "…" }`,
  })
  await t.rejects(load('trailing.json'), { message: /trailing\.json:3: not JSON \(PropertyNameExpected\)/ })
  await t.rejects(load('deep.json'), { message: /deep\.json:1: not JSON \(NestedTooDeep\)/ })
  await t.rejects(load('empty.json'), { message: /empty\.json:1: not JSON/ })
  await t.rejects(load('unknown.json'), { message: /unknown\.json:3: unknown key "tokn"; permitted: token, / })
  await t.rejects(load('malformed.json'), { message: /malformed\.json:3: "token" has a value that is not permitted/ })
})

t.test('a mistake without a line is named with the file, and one in the environment without it', async t => {
  await t.rejects(load('modeless.json'), { message: /modeless\.json: "mode" compatible needs "aesKey" and "appId"/ })
  await t.rejects(load('tokenless.json'), { message: /tokenless\.json:2: "token" is missing; / })
  await t.rejects(loadConfig({ WEIXIN_CONFIG: at('good.json'), WEIXIN_MODE: 'x' }, directory), {
    message: 'WEIXIN_MODE has a value that is not permitted; permitted: plain, compatible or safe',
  })
  await t.rejects(loadConfig({ WEIXIN_TOKEN: '' }, directory), {
    message: /^WEIXIN_TOKEN is empty; [^(]*\(WeChat's [^(]*$/,
  })
})

t.test(
  'a file that WEIXIN_CONFIG names must exist; the default one need not when the environment says it all',
  async t => {
    await t.rejects(load('absent.json'), {
      message: `cannot read ${at('absent.json')}: ENOENT; permitted: a JSON file that the server's user may read`,
    })
    t.equal((await loadConfig({ WEIXIN_TOKEN: 't' }, directory)).token, 't')
    await t.rejects(loadConfig({}, directory), { message: /"token" is missing.*there is no .*weixin\.config\.json/ })
  },
)

t.test('the default file is weixin.config.json in the project folder', async t => {
  fs.copyFileSync(at('good.json'), at('weixin.config.json'))
  t.equal((await loadConfig({}, directory)).token, 'kapokTree2031')
})

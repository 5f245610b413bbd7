import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import type { Script } from '../client/platform.ts'
import { fakeAccount } from './fake-account.ts'
import { checkout, weixin } from './weixin.ts'

const directory = checkout(t)
const OK = '{"errcode":0,"errmsg":"ok"}'
const CREATE = 'POST /cgi-bin/menu/create'
const ADD = 'POST /cgi-bin/menu/addconditional'
const REMOVE = 'POST /cgi-bin/menu/delconditional'

const songs = { name: '今日歌曲', type: 'click', key: 'SONGS' }
const search = { name: '搜索', type: 'view', url: 'https://search.example/' }
const PULLED = JSON.stringify({
  menu: {
    button: [
      { type: 'click', name: '今日歌曲', key: 'SONGS', sub_button: [] },
      { name: '菜单', sub_button: [{ type: 'view', name: '搜索', url: 'https://search.example/', sub_button: [] }] },
    ],
    menuid: 208396938,
  },
  conditionalmenu: [{ button: [songs], matchrule: { tag_id: '2', client_platform_type: '' }, menuid: 208396993 }],
})
const AS_FILE = {
  button: [songs, { name: '菜单', sub_button: [search] }],
  conditionalmenu: [{ button: [songs], matchrule: { tag_id: '2' } }],
}

let files = 0
function menuFile(menus: unknown): string {
  const file = `menu-${++files}.json`
  fs.writeFileSync(path.join(directory, file), JSON.stringify(menus))
  return file
}

async function account(answers: Readonly<Record<string, Script>> = {}) {
  const fake = await fakeAccount(t, directory, {
    'GET /cgi-bin/menu/get': PULLED,
    [CREATE]: OK,
    [ADD]: '{"menuid":"208397000"}',
    [REMOVE]: OK,
    ...answers,
  })
  const run = (...words: string[]) =>
    weixin(directory, ['menu', ...words], { ...fake.environment, WEIXIN_STORE: 'memory:' })
  return { ...fake, run }
}

t.test('menu pull writes a file that menu diff finds equal', async t => {
  const { run } = await account()
  t.match(await run('pull', 'pulled.json'), { code: 0, stdout: '', stderr: '' })
  const pulled = JSON.parse(fs.readFileSync(path.join(directory, 'pulled.json'), 'utf8'))
  t.strictSame(pulled.button, [
    { type: 'click', name: '今日歌曲', key: 'SONGS' },
    { name: '菜单', sub_button: [{ type: 'view', name: '搜索', url: 'https://search.example/' }] },
  ])
  t.match(await run('check', 'pulled.json'), { code: 0, stderr: '' })
  t.match(await run('diff', 'pulled.json'), { code: 0, stdout: '', stderr: '' })
  t.match(await run('diff', menuFile(AS_FILE)), { code: 0, stdout: '', stderr: '' })
})

t.test('menu diff shows what push would change, and its exit code is 1', async t => {
  const { run, bodiesOf } = await account()
  const file = menuFile({ ...AS_FILE, button: [{ ...songs, key: 'HITS' }, AS_FILE.button[1]] })
  const { code, stdout } = await run('diff', file)
  t.equal(code, 1)
  t.equal(
    stdout,
    [
      '  button',
      '-   "今日歌曲" key=SONGS type=click',
      '+   "今日歌曲" key=HITS type=click',
      '    "菜单"',
      '      "搜索" type=view url=https://search.example/',
      '  conditionalmenu tag_id=2',
      '    "今日歌曲" key=SONGS type=click',
      '',
    ].join('\n'),
  )
  t.match(JSON.parse((await run('diff', file, '--json')).stdout), { changed: true })
  t.strictSame(bodiesOf(CREATE), [])
})

t.test('menu push --yes sends what differs, and nothing else', async t => {
  const { run, bodiesOf } = await account()
  t.match(await run('push', menuFile(AS_FILE), '--yes'), { code: 0, stdout: 'nothing to change\n' })
  const changed = { ...AS_FILE, button: [search] }
  t.match(await run('push', menuFile(changed), '--yes'), { code: 0, stderr: '' })
  t.strictSame(bodiesOf(CREATE), [{ button: [search] }])
  t.strictSame(bodiesOf(ADD), [])
})

t.test('menu push replaces conditional menus after the menu for everybody', async t => {
  const { run, received, bodiesOf } = await account()
  const conditionalmenu = [
    { button: [search], matchrule: { tag_id: '2' } },
    { button: [songs], matchrule: { client_platform_type: '1' } },
  ]
  t.match(await run('push', menuFile({ button: [songs], conditionalmenu }), '--yes'), { code: 0, stderr: '' })
  t.strictSame(bodiesOf(REMOVE), [{ menuid: '208396993' }])
  t.strictSame(bodiesOf(ADD), conditionalmenu)
  t.strictSame(
    received.map(({ path: called }) => called.replace('/cgi-bin/', '')),
    ['stable_token', 'menu/get', 'menu/create', 'menu/delconditional', 'menu/addconditional', 'menu/addconditional'],
  )
})

t.test('menu push makes the first menu of an account', async t => {
  const { run, bodiesOf } = await account({ 'GET /cgi-bin/menu/get': '{"errcode":46003,"errmsg":"menu no exist"}' })
  const { code, stdout } = await run('push', menuFile({ button: [songs] }), '--yes', '--lang', 'zh')
  t.equal(code, 0)
  t.equal(stdout, '+ button\n+   "今日歌曲" key=SONGS type=click\n已发布；关注者几分钟内可见\n')
  t.strictSame(bodiesOf(CREATE), [{ button: [songs] }])
})

t.test('menu push sends nothing when nobody can confirm', async t => {
  const { run, bodiesOf } = await account()
  const { code, stderr } = await run('push', menuFile({ button: [songs] }))
  t.equal(code, 2)
  t.equal(stderr, 'weixin: nobody is there to confirm; say --yes\n')
  t.strictSame(bodiesOf(CREATE), [])
})

t.test('every limit of a menu is checked before anything is sent', async t => {
  const { run, received } = await account()
  const mistakes = async (button: unknown, conditionalmenu: unknown = []) => {
    const { code, stderr } = await run('push', menuFile({ button, conditionalmenu }), '--yes')
    t.equal(code, 1)
    return stderr.replaceAll(/^weixin: menu-\d+\.json: /gm, '')
  }
  t.equal(await mistakes([songs, songs, songs, songs]), 'button has 4 entries; WeChat takes 1 to 3\n')
  t.equal(
    await mistakes([{ ...songs, name: '今日歌曲排行' }]),
    'button[0].name is 18 bytes; WeChat takes at most 16 bytes\n',
  )
  t.match(
    await mistakes([{ ...songs, key: 'k'.repeat(129) }]),
    /^button\[0]\.key is 129 bytes; WeChat takes at most 128/,
  )
  t.match(await mistakes([{ ...search, url: `https://${'u'.repeat(1017)}` }]), /url is 1025 bytes; .* at most 1024/)
  t.match(await mistakes([{ name: 'a', sub_button: Array(6).fill(songs) }]), /sub_button has 6 entries; .* 1 to 5/)
  t.match(
    await mistakes([{ name: 'a', sub_button: [{ ...songs, name: '歌'.repeat(21) }] }]),
    /is 63 bytes; .* at most 60/,
  )
  t.match(await mistakes([{ name: 'a', type: 'tap' }]), /^button\[0]\.type must be one of click, view, /)
  t.match(await mistakes([{ name: 'a', type: 'view' }]), /^button\[0]\.url is missing/)
  t.equal(await mistakes([{ ...songs, key: '' }]), 'button[0].key is empty\n')
  t.match(await mistakes([{ ...songs, sub_button: [search] }]), /^button\[0] has both "type" and "sub_button"/)
  t.match(
    await mistakes([{ name: 'a', sub_button: [{ ...songs, sub_button: [search] }] }]),
    /^button\[0]\.sub_button\[0] has buttons below it: WeChat takes two levels/,
  )
  t.match(
    await mistakes([songs], [{ button: [songs], matchrule: {} }]),
    /^conditionalmenu\[0]\.matchrule needs "tag_id" or "client_platform_type"/,
  )
  t.match(
    await mistakes([songs], [{ button: [songs], matchrule: { client_platform_type: '4' } }]),
    /^conditionalmenu\[0]\.matchrule\.client_platform_type must be 1 \(iOS\), 2 \(Android\) or 3/,
  )
  const links = [1, 2, 3, 4].map(number => ({ ...search, url: `https://shop${number}.example/` }))
  t.match(
    await mistakes([songs], [{ button: [{ name: 'a', sub_button: links }], matchrule: { tag_id: '2' } }]),
    /^conditionalmenu links to 4 domains \(shop1\.example, .*\); WeChat takes at most 3\n$/,
  )
  t.equal((await mistakes([{ ...songs, key: '' }], [{ button: [], matchrule: {} }])).split('\n').length, 4)
  t.equal(received.length, 0)
})

t.test('what is no menu file is refused with exit code 2', async t => {
  const { run } = await account()
  t.match(await run('check', menuFile({ menu: { button: [] } })), { code: 2, stderr: /^weixin: a menu file holds/ })
  t.match(await run('check', 'missing.json'), { code: 2, stderr: 'weixin: cannot read missing.json: ENOENT\n' })
  t.match(await run('check'), { code: 2, stderr: /^weixin: Usage: weixin menu pull/ })
  t.match(await run('delete', 'menu.json'), { code: 2, stderr: /^weixin: Usage: weixin menu pull/ })
})

t.test('what menu pull writes is taken by check, diff and push, whatever WeChat adds to it', async t => {
  const matchrule = { group_id: 2, sex: 1, country: '中国', client_platform_type: 2, language: '' }
  const extra = { ...songs, url: '', media_id: '', sub_button: [] }
  const { run, received } = await account({
    'GET /cgi-bin/menu/get': JSON.stringify({
      menu: { button: [extra], menuid: 1 },
      conditionalmenu: [
        { button: [extra], matchrule, menuid: 208396993 },
        { button: [songs], matchrule: { sex: 2 }, menuid: 7 },
      ],
    }),
  })
  const dead = /^weixin: left out 1 conditional menu\(s\) that nobody sees: .*sex, region and language\n$/
  t.match(await run('pull', 'round.json'), { code: 0, stderr: dead })
  t.strictSame(JSON.parse(fs.readFileSync(path.join(directory, 'round.json'), 'utf8')), {
    button: [songs],
    conditionalmenu: [{ button: [songs], matchrule: { tag_id: '2', client_platform_type: '2' } }],
  })
  t.match(await run('check', 'round.json'), { code: 0, stderr: '' })
  t.match(await run('diff', 'round.json'), { code: 0, stdout: '' })
  t.match(await run('push', 'round.json', '--yes'), { code: 0, stdout: 'nothing to change\n' })
  t.notOk(received.some(({ path: called }) => /create|conditional/.test(called)))
})

t.test('menu check names keys that WeChat does not know, and addresses that it does not open', async t => {
  const { run } = await account()
  const mistakes = async (menus: unknown) =>
    (await run('check', menuFile(menus))).stderr.replaceAll(/^weixin: menu-\d+\.json: /gm, '')
  t.equal(
    await mistakes({ button: [{ ...songs, ulr: 'x' }] }),
    'button[0].ulr is not known here; permitted: name, type, key\n',
  )
  t.equal(
    await mistakes({ button: [{ name: 'a', sub_button: [{ ...search, key: 'K' }] }] }),
    'button[0].sub_button[0].key is not known here; permitted: name, type, url\n',
  )
  for (const url of ['search.example', 'ftp://search.example/', 'javascript:alert(1)', 'https://']) {
    t.equal(
      await mistakes({ button: [{ ...search, url }] }),
      'button[0].url must be an address that begins with http:// or https://\n',
    )
  }
  t.equal(
    await mistakes({
      button: [songs],
      conditionalmenu: [{ button: [songs], matchrule: { tag_id: '2', group_id: 2 }, menuid: '7' }],
    }),
    [
      'conditionalmenu[0].menuid is not known here; permitted: button, matchrule',
      'conditionalmenu[0].matchrule.group_id is not known here; permitted: tag_id, client_platform_type',
      '',
    ].join('\n'),
  )
  t.match(await mistakes({ button: [songs], menuid: 1 }), /^weixin: a menu file holds .*, and not "menuid"; the latter/)
})

t.test('a push that fails half-way says what was done and what was not', async t => {
  let added = 0
  const { run } = await account({
    [ADD]: response => response.end(++added > 1 ? '{"errcode":65305,"errmsg":"too many"}' : '{"menuid":"1"}'),
  })
  const conditionalmenu = ['2', '3', '4'].map(tag_id => ({ button: [songs], matchrule: { tag_id } }))
  const { code, stdout, stderr } = await run('push', menuFile({ button: [search], conditionalmenu }), '--yes')
  t.equal(code, 1)
  t.notMatch(stdout, 'pushed')
  t.match(
    stderr,
    'Done: create button, delete 208396993, add conditionalmenu[0]. Not done: add conditionalmenu[1], add conditionalmenu[2]. When',
  )
  t.match(stderr, /^weixin: POST \/cgi-bin\/menu\/addconditional: 65305 /m)
})

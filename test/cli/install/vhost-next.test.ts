import fs from 'node:fs'
import path from 'node:path'
import t, { type Test } from 'tap'
import type { Site } from '../../../src/apache/site.ts'
import { tellNext } from '../../../src/cli/install/vhost-next.ts'
import { rootedMachine } from '../../apache/rooted-machine.ts'
import { fakeTerminal } from '../fake-terminal.ts'

function told(t: Test, config: string | undefined, more: Partial<Site> = {}): string {
  const machine = rootedMachine(t, 'linux', {})
  const directory = path.join(t.testdirName, 'project')
  fs.mkdirSync(directory)
  if (config !== undefined) fs.writeFileSync(path.join(directory, 'weixin.config.json'), config)
  const site: Site = {
    ...{ way: 'unix', windows: false, directory, serverName: 'wx.example.com', address: '*', port: 80 },
    ...{ addListen: false, name: 'weixin', backends: [], load: [] },
    ...more,
  }
  const terminal = fakeTerminal(directory)
  tellNext(site, terminal, machine)
  return terminal.out.join('\n')
}

t.test('what to enter in the console is told with the URL of the block', async t => {
  const out = told(t, '{ "token": "kapokTree2031", "appId": "wx00d1e2f3a4b5c6d7" }')
  t.match(out, '\n  URL                http://wx.example.com/\n  Token              kapokTree2031\n')
  t.match(out, '  消息加解密方式     明文模式')
  t.match(out, '\nCheck it: npx weixin doctor\n')
  t.match(out, 'certbot --apache --no-redirect -d wx.example.com')
  const certificate = { file: '/c', key: '/k' }
  const secure = told(t, '{ "token": "kapokTree2031" }', { certificate, port: 443, name: 'shop' })
  t.match(secure, 'https://wx.example.com/\n')
  t.match(secure, 'npx weixin vhost --undo --name shop')
  t.notMatch(secure, 'certbot')
})

t.test('without a configuration it says how to make one, and a broken one is left to the doctor', async t => {
  t.match(told(t, undefined), '\nNext, Token and keys: npx weixin init\n')
  t.notMatch(told(t, '{ "token": '), 'URL   ')
})

import t from 'tap'
import { secretsOf, withoutSecrets } from '../../src/doctor/secrets.ts'
import { rootedMachine } from '../apache/rooted-machine.ts'

t.test('secrets are known even of a file that is no JSON, and are not shown', async t => {
  const file = '/srv/weixin/weixin.config.json'
  const text = '{ "token": "kapokTree2031" "appSecret" : "hush-hush-hush", "store": "redis://u:open-sesame@h/0" '
  const machine = rootedMachine(t, 'linux', { [file]: text })
  const secrets = secretsOf({ machine, environment: { WEIXIN_AES_KEY: 'A'.repeat(43) } }, file)
  t.strictSame(secrets, ['A'.repeat(43), 'hush-hush-hush', 'kapokTree2031', 'open-sesame'])
  const shown = withoutSecrets(`kapokTree2031 hush-hush-hush redis://u:open-sesame@h ${'A'.repeat(43)}`, secrets)
  t.equal(shown, '*** *** redis://u:***@h ***')
})

t.test('what WeChat signs with, and OpenIDs, are not shown', async t => {
  t.equal(
    withoutSecrets(
      '/?signature=0a1b&timestamp=1&nonce=2&openid=oABC access_token=xyz oABCDEFGHIJKLMNOPQRSTUVWXYZ1',
      [],
    ),
    '/?signature=***&timestamp=1&nonce=***&openid=*** access_token=*** o***',
  )
})

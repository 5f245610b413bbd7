import t from 'tap'
import { credentialsOf } from '../../src/config/credentials.ts'
import { resolveConfig } from '../../src/config/resolve.ts'

const shop = { token: 's', appId: 'wx00d1e2f3a4b5c6d8', appSecret: 'secretOfTheShop', tokenEndpoint: 'token' }
const config = resolveConfig(
  { token: 't', appId: 'wx00d1e2f3a4b5c6d7', appSecret: 'secretOfDefault', accounts: { shop, club: { token: 'c' } } },
  {},
)

t.test('an account calls the API with its own AppID and AppSecret', async t => {
  t.strictSame(credentialsOf(config, 'default'), { appId: 'wx00d1e2f3a4b5c6d7', appSecret: 'secretOfDefault' })
  t.strictSame(credentialsOf(config, 'shop'), {
    appId: 'wx00d1e2f3a4b5c6d8',
    appSecret: 'secretOfTheShop',
    tokenEndpoint: 'token',
  })
})

t.test('an account without both of them calls nothing', async t => {
  t.throws(() => credentialsOf(config, 'club'), {
    name: 'ConfigError',
    message: 'the account club needs "appId" and "appSecret" in the configuration to call WeChat\'s API',
    zh: /^账号 club 需要/,
  })
  for (const half of [{ appId: 'wx00d1e2f3a4b5c6d7' }, { appSecret: 'secretOfDefault' }]) {
    t.throws(() => credentialsOf(resolveConfig({ token: 't', ...half }, {}), 'default'), { name: 'ConfigError' })
  }
})

t.test('an account that there is not is refused with those that there are', async t => {
  for (const name of ['shpo', 'constructor']) {
    t.throws(() => credentialsOf(config, name), {
      name: 'UsageError',
      message: `there is no account ${name} in the configuration; permitted: default, shop, club`,
    })
  }
})

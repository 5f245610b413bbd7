/** A CGI script that shows the account's access token, as a handler that calls the API needs it. */
import { createAccountApi } from '../../src/client/account.ts'
import { resolveConfig } from '../../src/config/resolve.ts'
import { serveCgi } from '../../src/gateway/cgi.ts'
import { plainResponse } from '../../src/gateway/response.ts'
import { createLogger } from '../../src/log.ts'
import { createFileStore } from '../../src/store/file.ts'

const { TEST_BASE = '', TEST_STORE = '' } = process.env
const log = createLogger(line => process.stderr.write(`${line}\n`))
const settings = { token: 't', appId: 'wx0123456789abcdef', appSecret: '0123456789abcdef0123456789abcdef' }
const { appId = '', appSecret = '', proxy } = resolveConfig({ ...settings, apiBase: TEST_BASE }, process.env)
const store = createFileStore(TEST_STORE, { now: Date.now, random: Math.random, uid: process.geteuid?.() })
const { tokens } = createAccountApi({ appId, appSecret, apiBase: TEST_BASE, proxy, store, log })

process.exitCode = await serveCgi(async () => plainResponse(200, proxy ?? (await tokens.get()).value), {
  environment: process.env,
  log,
  stdin: () => process.stdin,
  stdout: () => process.stdout,
})

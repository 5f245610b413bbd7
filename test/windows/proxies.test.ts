import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { scratch } from '../store/processes.ts'
import { startUpstream, tokenNumber } from '../token/fake-upstream.ts'
import { askScript } from './wamp.ts'

const SCRIPT = fileURLToPath(new URL('./token-script.js', import.meta.url))

t.test('as CGI no variable that a header could have set names a proxy', async t => {
  let asked = 0
  const proxy = createServer((_request, response) => {
    asked++
    response.end('{}')
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  t.teardown(() => proxy.close())
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  const names = ['HTTP_PROXY', 'http_proxy', 'Http_Proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY', 'HTTP_WEIXIN_PROXY']
  for (const name of names) {
    const { base, questions } = await startUpstream(t)
    const environment = { REQUEST_METHOD: 'GET', TEST_BASE: base, TEST_STORE: scratch(t), [name]: address }
    const { stdout, stderr } = await askScript(SCRIPT, { environment })
    t.match(stdout.toString(), tokenNumber(1), `${name}: ${stderr}`)
    t.equal(questions.length, 1, name)
  }
  t.equal(asked, 0, 'nobody went by way of the proxy')
})

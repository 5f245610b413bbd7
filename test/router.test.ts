import t from 'tap'
import type { GatewayRequest } from '../src/gateway/request.ts'
import { plainResponse } from '../src/gateway/response.ts'
import { createLogger } from '../src/log.ts'
import { createRouter } from '../src/router.ts'

const log: string[] = []
const router = createRouter(
  [
    { path: '/', application: async () => plainResponse(200, 'default') },
    { path: '/shop', application: async () => plainResponse(200, 'shop') },
  ],
  createLogger(line => log.push(line)),
)

function request(path: string): GatewayRequest {
  return { method: 'GET', path, query: '', contentType: '', contentEncoding: '', body: Buffer.alloc(0) }
}

t.test('each account answers on its path, with or without slashes to spare', async t => {
  for (const path of ['', '/', '//']) t.equal((await router(request(path))).body, 'default\n')
  for (const path of ['/shop', '/shop/', '//shop']) t.equal((await router(request(path))).body, 'shop\n')
})

t.test('every other path is a 404 that reveals nothing, and a line in the log', async t => {
  for (const path of ['/shop/x', '/sho', '/Shop', '/../shop', '/constructor']) {
    t.match(await router(request(path)), { status: 404, body: 'not found\n' })
  }
  t.match(log[0], /^weixin warn: no account has this path; .* status=404 reason=path$/)
})

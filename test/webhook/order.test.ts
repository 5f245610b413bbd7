import t from 'tap'
import { sign } from '../../src/crypto/signature.ts'
import type { GatewayRequest } from '../../src/gateway/request.ts'
import { createReceiver, NOW, plainPost, SAFE, SIGNED, sealedPost, textXml } from './receiver.ts'

const FORGED = SIGNED.replace('37042fb7', '00000000')
const OLD = `signature=${sign('kapokTree2031', '1', '2')}&timestamp=1&nonce=2`
const sealed = (xml: string, changes = {}) => sealedPost(xml, changes)

/** Requests with two faults each: the one that is looked for first decides. */
const PAIRS: readonly (readonly [name: string, request: Partial<GatewayRequest>, reason: string])[] = [
  ['headers, then method', { method: '', bodyFault: 'head-too-large' }, 'head-too-large'],
  ['method, then size', { method: 'PUT', bodyFault: 'too-large' }, 'method'],
  ['method, then query', { method: 'DELETE' }, 'method'],
  ['size, then query', { method: 'POST', bodyFault: 'too-large' }, 'too-large'],
  ['completeness, then query', { method: 'POST', bodyFault: 'incomplete' }, 'incomplete'],
  ['size, then signature', { method: 'POST', query: FORGED, bodyFault: 'too-large' }, 'too-large'],
  ['query, then signature', { query: `${FORGED}&nonce=1` }, 'query'],
  ['signature, then window', { query: OLD.replace('nonce=2', 'nonce=3') }, '-40001'],
  ['signature, then echostr', { query: FORGED }, '-40001'],
  ['signature, then encoding', { ...plainPost(''), query: FORGED, contentEncoding: 'gzip' }, '-40001'],
  ['signature, then body', { ...plainPost('<xml>'), query: FORGED }, '-40001'],
  ['window, then echostr', { query: OLD }, 'replay'],
  ['window, then body', { ...plainPost('{}'), query: OLD }, 'replay'],
  ['encoding, then JSON', { ...plainPost('{}'), contentEncoding: 'gzip' }, 'encoding'],
  ['JSON, then UTF-8', plainPost(Buffer.from('{"a":"\xff"}', 'latin1')), 'json'],
  ['UTF-8, then prolog', plainPost(Buffer.from('<!DOCTYPE xml><xml>\xff', 'latin1')), 'not-utf8'],
  ['prolog, then well-formedness', plainPost('<!DOCTYPE xml><xml>'), 'prolog'],
  ['well-formedness, then downgrade', plainPost('<xml>'), 'malformed'],
  ['downgrade, then fields', plainPost('<xml></xml>'), 'downgrade'],
  ['Encrypt, then msg_signature', sealed('', { beside: '<Encrypt>a</Encrypt>', msgSignature: '0' }), '-40002'],
  ['msg_signature, then base64', sealed('', { encrypt: '!', msgSignature: '0' }), '-40001'],
  ['msg_signature, then AppID', sealed('', { appId: 'wxffffffffffffffff', msgSignature: '0' }), '-40001'],
  ['AppID, then XML inside', sealed('<xml>', { appId: 'wxffffffffffffffff' }), '-40005'],
  ['XML inside, then ToUserName', sealed('<xml><ToUserName>gh_other</ToUserName>'), 'malformed'],
  ['ToUserName, then fields', sealed('<xml><ToUserName>gh_other</ToUserName></xml>'), 'to-user-name'],
]

t.test('of two faults the first in the order of checks is the one that is reported', async t => {
  for (const [name, request, reason] of PAIRS) {
    const { receive, log, handled } = createReceiver({ account: SAFE })
    await receive(request)
    t.equal(log.length, 1, name)
    t.match(log[0], new RegExp(` reason=${reason}$`), name)
    t.strictSame(handled, [], `${name}: no handler runs`)
  }
})

t.test('the faultless request behind these pairs is answered', async t => {
  const { receive, log } = createReceiver({ account: SAFE, now: NOW })
  t.match(await receive(sealedPost(textXml('hi'))), { status: 200 })
  t.strictSame(log, [])
})

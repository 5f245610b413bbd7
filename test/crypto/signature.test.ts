import t from 'tap'
import { sign, verifySignature } from '../../src/crypto/signature.ts'

const TOKEN = 'kapokTree2031'
const SIGNATURE = '37042fb7a52e1804cfc711349e6b839fef326386'
const SIGNED = ['1893456000', '772019364'] as const

t.test('the known signatures come out', async t => {
  t.equal(sign(TOKEN, ...SIGNED), SIGNATURE)
  t.equal(sign('AAAAA', '1714036504', '1514711492'), 'f464b24fc39322e44b38aa78f5edd27bd1441696', 'published sample')
  t.equal(sign('AAAAA', '1714037059', '486452656'), '899cf89e464efb63f54ddac96b0a0a235f53aa78', 'published sample')
})

t.test('the parts are sorted as strings, not as numbers and not by locale', async t => {
  t.equal(sign('Zz9', '99', '100'), '41c434f07503eb071f7f8c33d5c37103b17046ed')
  t.equal(sign('a', 'B', '_'), sign('B', '_', 'a'))
  t.equal(sign('a', 'B', '_'), 'faaea528b0e6781a0c5697815704d6a60317fa05', 'B_a')
})

t.test('a good signature tells the Token that made it', async t => {
  t.equal(verifySignature(SIGNATURE, [TOKEN], ...SIGNED), TOKEN)
  t.equal(verifySignature(SIGNATURE.toUpperCase(), [TOKEN], ...SIGNED), TOKEN, 'capitals')
  t.equal(verifySignature(SIGNATURE, ['newToken', TOKEN], ...SIGNED), TOKEN, 'the previous Token')
  t.equal(verifySignature(SIGNATURE, [TOKEN, 'oldToken'], ...SIGNED), TOKEN, 'the current Token')
  t.equal(verifySignature(SIGNATURE, [TOKEN], SIGNED[1], SIGNED[0]), TOKEN, 'the order does not matter')
})

t.test('any other signature matches no Token', async t => {
  const wrong = {
    'of another Token': sign('other', ...SIGNED),
    empty: '',
    'one digit short': SIGNATURE.slice(1),
    'one digit long': `${SIGNATURE}0`,
    'with a line end': `${SIGNATURE}\n`,
    'one digit different': `4${SIGNATURE.slice(1)}`,
    'not hexadecimal': `g${SIGNATURE.slice(1)}`,
    'forty dashes': '-'.repeat(40),
    'forty characters of several bytes': '木'.repeat(40),
  }
  for (const [name, signature] of Object.entries(wrong)) {
    t.equal(verifySignature(signature, [TOKEN, 'oldToken'], ...SIGNED), undefined, name)
  }
  t.equal(verifySignature(SIGNATURE, [], ...SIGNED), undefined, 'no Token at all')
  t.equal(verifySignature(SIGNATURE, [TOKEN], '1893456001', '772019364'), undefined, 'another timestamp')
})

import t from 'tap'
import { newAesKey } from '../../../src/cli/install/first-config.ts'
import { decodeAesKey } from '../../../src/crypto/cipher.ts'

t.test('an EncodingAESKey that is made has letters and digits alone, as the console wants, and is a key', async t => {
  for (let count = 0; count < 100; count++) {
    const key = newAesKey()
    t.match(key, /^[A-Za-z0-9]{43}$/)
    t.equal(decodeAesKey(key).length, 32)
  }
})

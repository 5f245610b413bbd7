/** A process of its own that makes one call: `node caller.js HOST [PROXY]`. Prints the answer, or the error. */
import { createClient } from '../../src/client/client.ts'

const [host = '', proxy] = process.argv.slice(2)
const client = createClient({
  token: { get: async () => ({ value: 'TOKEN-one-0123456789' }), invalidate: async () => {} },
  hosts: [host],
  proxy,
})
try {
  const answers = [await client.user.list(), await client.user.list()]
  process.stdout.write(JSON.stringify(answers))
} catch (error) {
  process.stdout.write(String(error))
}
client.close()

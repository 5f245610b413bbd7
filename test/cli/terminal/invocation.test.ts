import t from 'tap'
import { invocation } from '../../../src/cli/terminal/invocation.ts'

t.test('a command is shown as the person at this machine would type it', async t => {
  const linux = { platform: 'linux', userId: 1000, environment: {} } as const
  t.equal(invocation('doctor', linux), 'sudo npx weixin doctor')
  t.equal(invocation('doctor', { ...linux, userId: 0 }), 'npx weixin doctor')
  t.equal(invocation('doctor', { ...linux, userId: 0, environment: { SUDO_USER: 'anna' } }), 'sudo npx weixin doctor')
  t.equal(invocation('doctor', { ...linux, platform: 'win32', userId: undefined }), 'npx weixin doctor')
})

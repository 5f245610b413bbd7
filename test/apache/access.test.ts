import t from 'tap'
import { hindranceOf, userNamed } from '../../src/apache/access.ts'
import type { FileStatus, Machine } from '../../src/apache/machine.ts'
import { rootedMachine } from './rooted-machine.ts'

const folder = (mode: number, uid = 0, gid = 0): FileStatus => ({ kind: 'directory', mode, uid, gid })
const file = (mode: number, uid = 0, gid = 0): FileStatus => ({ kind: 'file', mode, uid, gid })

/** A machine with these files, whoever runs the test. */
function machineWith(t: Parameters<typeof rootedMachine>[0], files: Record<string, FileStatus>): Machine {
  const machine = rootedMachine(t, 'linux', {
    '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/:/bin/false\n',
    '/etc/group': 'root:x:0:\nwww-data:x:33:\nsites:x:50:anna,www-data\n',
  })
  return { ...machine, status: name => files[name], realPath: name => (files[name] ? name : undefined) }
}

t.test('the first folder that a user may not enter is named, and then the file itself', async t => {
  const machine = machineWith(t, {
    '/': folder(0o755),
    '/root': folder(0o700),
    '/root/a': file(0o644),
    '/srv': folder(0o755),
    '/srv/weixin.config.json': file(0o600, 0),
    '/srv/his.json': file(0o600, 33),
    '/srv/group': folder(0o750, 0, 50),
    '/srv/group/run': file(0o750, 0, 50),
    '/srv/var': folder(0o755),
  })
  const user = userNamed(machine, 'www-data')
  if (!user) throw new Error('there is no such user')
  t.strictSame(user, { name: 'www-data', uid: 33, gid: 33, groups: [33, 50] })
  t.strictSame(hindranceOf(machine, user, '/root/a', 'read'), { path: '/root', needs: 'enter' })
  t.strictSame(hindranceOf(machine, user, '/srv/weixin.config.json', 'read'), {
    path: '/srv/weixin.config.json',
    needs: 'read',
  })
  t.strictSame(hindranceOf(machine, user, '/srv/none', 'read'), { path: '/srv/none', needs: 'exist' })
  t.strictSame(hindranceOf(machine, user, '/srv/var', 'write'), { path: '/srv/var', needs: 'write' })
  t.equal(hindranceOf(machine, user, '/srv/his.json', 'read'), undefined)
  t.equal(hindranceOf(machine, user, '/srv/group/run', 'run'), undefined, 'by a group that he is also in')
  const root = userNamed(machine, 'root')
  t.equal(root && hindranceOf(machine, root, '/root/a', 'read'), undefined)
})

t.test('a user who is not there is undefined', async t => {
  t.equal(userNamed(machineWith(t, {}), 'nobody-here'), undefined)
})

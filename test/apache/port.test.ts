import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import t from 'tap'
import { thisMachine } from '../../src/apache/machine.ts'
import { portHolders } from '../../src/apache/port.ts'
import { rootedMachine } from './rooted-machine.ts'

t.test('a process of ours that listens is found by its port', { skip: process.platform !== 'linux' }, async t => {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const machine = thisMachine(process.env)
  t.match(portHolders(machine, port), [{ address: '127.0.0.1', pid: process.pid }])
  server.close()
  await once(server, 'close')
  t.strictSame(portHolders(machine, port), [])
})

t.test('on Windows netstat and tasklist say who it is, in whatever language', async t => {
  const machine = rootedMachine(t, 'win32', {}, command =>
    command === 'netstat'
      ? {
          stdout:
            '  协议  本地地址          外部地址        状态           PID\r\n' +
            '  TCP    0.0.0.0:80             0.0.0.0:0              侦听       4\r\n' +
            '  TCP    192.168.1.5:80         203.0.113.9:50123      已建立     4\r\n' +
            '  TCP    0.0.0.0:8080           0.0.0.0:0              侦听       77\r\n',
        }
      : { stdout: '"System","4","Services","0","144 K"\r\n' },
  )
  t.strictSame(portHolders(machine, 80), [{ address: '0.0.0.0', pid: 4, program: 'System' }])
})

/** Several responders on one unix socket, as a command that starts workers puts them together. */
import cluster from 'node:cluster'
import { removeStaleSocket } from '../../src/gateway/index.ts'
import { PROGRAM } from './launch.ts'

const [file = ''] = process.argv.slice(2)
await removeStaleSocket(file)
cluster.schedulingPolicy = cluster.SCHED_NONE
cluster.setupPrimary({ exec: PROGRAM, args: ['--listen', file] })
const workers = [cluster.fork(), cluster.fork()]
// The primary binds the socket when the first worker asks for it; workers that run already keep their own umask.
const before = process.umask(0o117)
cluster.once('listening', () => process.umask(before))
process.once('SIGTERM', () => {
  for (const worker of workers) worker.process.kill('SIGTERM')
})

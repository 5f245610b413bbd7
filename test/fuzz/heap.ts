import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

/** Megabytes that are in use and not garbage. */
export function heap(): number {
  collect()
  return process.memoryUsage().heapUsed / 1e6
}

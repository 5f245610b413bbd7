import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import type { Test } from 'tap'
import type { FakeApi } from '../../src/simulator/api/fake-api.ts'
import { type RedisServer, startRedis } from '../store/redis-server.ts'

export type SiteName = 'services' | 'fcgid' | 'cgi'

/** What a fault may do its work on. */
export interface Scene {
  /** The test, for whatever has to end with it. */
  readonly t: Test
  /** The process that may be killed; it is started again by its supervisor. */
  readonly mortal: () => number
  readonly killed: Set<number>
  readonly api: FakeApi
  /** The offset of the services' clock, for libfaketime; undefined without it. */
  readonly clock: string | undefined
  /** The folder of the CGI deployment's state, on a small disk; undefined where there is none. */
  readonly disk: string | undefined
  redis: RedisServer | undefined
  readonly redisOptions: readonly string[]
  /** The folders of the deployments whose processes Apache starts, by which these are known. */
  readonly cgi: string
  readonly fcgid: string
}

export interface FaultPlan {
  readonly name: string
  /** At which sites it may take away what is known about runs, so that one is begun again. */
  readonly losesState?: readonly SiteName[]
  readonly isPossible?: (scene: Scene) => boolean
  run(scene: Scene): Promise<void>
}

const sleep = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

/** In the order in which they come, again and again. */
export const FAULTS: readonly FaultPlan[] = [
  {
    name: 'kill -9 of a service',
    async run({ mortal, killed }) {
      const pid = mortal()
      killed.add(pid)
      process.kill(pid, 'SIGKILL')
    },
  },
  {
    name: 'restart of Redis',
    losesState: ['services'],
    isPossible: ({ redis }) => redis !== undefined,
    async run(scene) {
      const { port } = scene.redis ?? {}
      await scene.redis?.kill()
      await sleep(1000)
      scene.redis = await startRedis(scene.t, scene.redisOptions, port)
    },
  },
  {
    name: 'access tokens end',
    async run({ api }) {
      api.trouble({ trouble: 42001, times: 1 })
    },
  },
  {
    name: 'full disk',
    losesState: ['cgi'],
    isPossible: ({ disk }) => disk !== undefined,
    async run({ disk = '' }) {
      const file = path.join(disk, 'filler')
      fillUp(file)
      await sleep(4000)
      fs.rmSync(file)
    },
  },
  {
    name: 'kill -9 of CGI processes',
    run: ({ cgi, killed }) => killOne(cgi, killed),
  },
  {
    name: 'kill -9 of a process of mod_fcgid',
    run: ({ fcgid, killed }) => killOne(fcgid, killed),
  },
  {
    name: 'clock put forward by 4 minutes, and back',
    losesState: ['services'],
    isPossible: ({ clock }) => clock !== undefined,
    async run({ clock = '' }) {
      fs.writeFileSync(clock, '+240s')
      await sleep(4000)
      fs.writeFileSync(clock, '-240s')
      await sleep(4000)
      fs.writeFileSync(clock, '+0s')
    },
  },
  {
    name: 'no descriptors left',
    losesState: ['services'],
    isPossible: () => spawnSync('prlimit', ['--version']).status === 0,
    async run({ mortal }) {
      const pid = mortal()
      const open = fs.readdirSync(`/proc/${pid}/fd`).length
      const before = /^Max open files\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/limits`, 'utf8'))?.[1]
      spawnSync('prlimit', ['--pid', String(pid), `--nofile=${open}:`])
      await sleep(3000)
      spawnSync('prlimit', ['--pid', String(pid), `--nofile=${before}:`])
    },
  },
]

/** Waits for one: a CGI process lives for as long as a message. */
async function killOne(directory: string, killed: Set<number>): Promise<void> {
  for (;;) {
    // The youngest: a CGI process has a shell above it.
    const pid = processesOf(directory)
      .sort((a, b) => a - b)
      .at(-1)
    if (pid !== undefined) {
      killed.add(pid)
      process.kill(pid, 'SIGKILL')
      return
    }
    await sleep(20)
  }
}

function fillUp(file: string): void {
  const filler = fs.openSync(file, 'w')
  try {
    for (;;) fs.writeSync(filler, Buffer.alloc(4096))
  } catch {
    fs.closeSync(filler)
  }
}

/** The processes of a deployment that Apache runs now. */
function processesOf(directory: string): number[] {
  return fs
    .readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(name => {
      try {
        return fs.readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(`${directory}/cgi-bin`)
      } catch {
        return false
      }
    })
    .map(Number)
}

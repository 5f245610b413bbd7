import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Test } from 'tap'

/** A child that has said that it is ready, and what it has printed since. */
export interface Racer {
  readonly child: ChildProcess
  /** Sends the line that it waits for. */
  start(): void
  /** Whole lines, when it has ended. */
  readonly finished: Promise<string[]>
}

/** Starts a program that prints `ready` and then waits for a line on its stdin. */
export async function startRacer(t: Test, program: string, argv: readonly string[], uid?: number): Promise<Racer> {
  const child = spawn(process.execPath, [program, ...argv], {
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['pipe', 'pipe', 'inherit'],
    ...(uid !== undefined && { uid, gid: uid }),
  })
  t.teardown(() => child.kill('SIGKILL'))
  // A child that was killed has nobody to read its line.
  child.stdin.on('error', () => {})
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const closed = once(child, 'close')
  while (!output.includes('ready\n')) {
    const more = await Promise.race([once(child.stdout, 'data'), closed.then(() => undefined)])
    if (!more && !output.includes('ready\n')) throw new Error(`the program ended: ${output}`)
  }
  return {
    child,
    start: () => child.stdin.end('start\n'),
    finished: closed.then(() => output.split('\n').filter(line => line !== '' && line !== 'ready')),
  }
}

/** Starts `count` of them, a few at a time, lets all of them go at once, and gives what they have printed. */
export async function race(t: Test, count: number, program: string, argv: readonly string[]): Promise<string[][]> {
  const racers: Racer[] = []
  while (racers.length < count) {
    const wave = Array.from({ length: Math.min(8, count - racers.length) }, () => startRacer(t, program, argv))
    racers.push(...(await Promise.all(wave)))
  }
  for (const { start } of racers) start()
  return Promise.all(racers.map(({ finished }) => finished))
}

/** What a racer calls first: says that it is ready, and waits for the line. */
export async function startSignal(): Promise<void> {
  process.stdout.write('ready\n')
  // The test is gone.
  process.stdin.once('end', () => process.exit(1))
  await once(process.stdin, 'data')
  process.stdin.removeAllListeners('end').destroy()
}

/** A directory that is removed when the test ends; in memory where that is possible, for there are many files. */
export function scratch(t: Test): string {
  // What a process still has open cannot be removed on Windows; there it goes with the copy of the project.
  const windows = process.platform === 'win32'
  const parent = windows ? process.cwd() : fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir()
  const directory = fs.mkdtempSync(path.join(parent, 'store-'))
  if (!windows) t.teardown(() => fs.rmSync(directory, { recursive: true, force: true }))
  return directory
}

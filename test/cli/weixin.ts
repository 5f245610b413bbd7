import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { Test } from 'tap'
import { BUNDLES, projectDirectory } from '../project.ts'

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A checkout of its own, built: what commands write stays in it. It goes when the test ends. */
export function checkout(t: Test): string {
  const directory = t.testdir()
  for (const name of ['cgi-bin', 'apache', 'dist/cli.js', 'dist/phone', ...BUNDLES, 'package.json']) {
    fs.cpSync(path.join(projectDirectory, name), path.join(directory, name), { recursive: true })
  }
  return directory
}

/** Starts `weixin WORDS` with nothing in the environment but what is named here. */
export function start(directory: string, words: readonly string[], environment: Record<string, string> = {}) {
  return spawn(process.execPath, [path.join(directory, 'dist', 'cli.js'), ...words], {
    cwd: directory,
    env: { PATH: process.env['PATH'], LANG: 'en_US.UTF-8', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Runs `weixin WORDS` to its end. */
export async function weixin(
  directory: string,
  words: readonly string[],
  environment: Record<string, string> = {},
): Promise<Finished> {
  const child = start(directory, words, environment)
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code: child.exitCode, stdout, stderr }
}

/** The first line on either of its outputs that fits; whatever comes later is read and forgotten. */
export function lineOf(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    for (const input of [child.stdout, child.stderr]) {
      if (input) createInterface({ input }).on('line', line => pattern.test(line) && resolve(line))
    }
    child.once('exit', code => reject(new Error(`it ended with ${code} before it said ${pattern}`)))
  })
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  let all = ''
  for await (const chunk of stream) all += String(chunk)
  return all
}

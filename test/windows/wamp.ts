import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Test } from 'tap'
import { checkout } from '../cli/weixin.ts'

/** As Apache writes paths on Windows. */
const forward = (file: string) => file.replaceAll('\\', '/')

/** What the Apache of wamp gives every script: four variables of Windows, PATH, and those of RFC 3875. */
export function wampEnvironment(script: string, variables: Readonly<Record<string, string>>) {
  const { SystemRoot = 'C:\\windows', COMSPEC = 'C:\\windows\\system32\\cmd.exe', Path = '' } = process.env
  return {
    PATH: Path,
    SystemRoot,
    COMSPEC,
    PATHEXT: '.COM;.EXE;.BAT;.CMD',
    WINDIR: SystemRoot,
    GATEWAY_INTERFACE: 'CGI/1.1',
    SERVER_PROTOCOL: 'HTTP/1.1',
    SERVER_SOFTWARE: 'Apache/2.4.62 (Win64)',
    SERVER_NAME: 'weixin.example.com',
    SERVER_PORT: '80',
    REMOTE_ADDR: '203.0.113.7',
    DOCUMENT_ROOT: forward(path.join(path.dirname(path.dirname(script)), 'apache', 'static')),
    SCRIPT_FILENAME: `${forward(script)}/`,
    SCRIPT_NAME: '',
    PATH_INFO: '/',
    ...variables,
  }
}

/** A folder with a blank and Chinese characters in its name, and the built project in it. */
export function wampCheckout(t: Test): string {
  const directory = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'weixin-')), 'wamp www', '微信')
  t.teardown(() => fs.rmSync(path.dirname(path.dirname(directory)), { recursive: true, force: true }))
  fs.cpSync(checkout(t), directory, { recursive: true })
  return directory
}

export interface Answered {
  readonly code: number | null
  readonly stdout: Buffer
  readonly stderr: string
}

export interface Asking {
  readonly environment: Readonly<Record<string, string>>
  /** In pieces, each sent when the one before has been taken. */
  readonly body?: readonly (string | Buffer)[]
  /** What mod_cgi makes of a query without an equals sign. */
  readonly argv?: readonly string[]
  readonly cwd?: string
}

/** Runs a script as mod_cgi does on Windows: interpreter from the first line, path with forward slashes, pipes. */
export async function askScript(
  script: string,
  { environment, body = [], argv = [], cwd = path.dirname(script) }: Asking,
): Promise<Answered> {
  const child = spawn(process.execPath, [forward(script), ...argv], {
    cwd,
    env: wampEnvironment(script, environment),
    stdio: 'pipe',
  })
  const output = Promise.all([collect(child.stdout), collect(child.stderr)])
  const exited = new Promise<number | null>(resolve => child.once('close', resolve))
  child.stdin.on('error', () => {})
  for (const piece of body) await new Promise(resolve => child.stdin.write(piece, resolve))
  child.stdin.end()
  const [stdout, stderr] = await output
  return { code: await exited, stdout, stderr: stderr.toString() }
}

async function collect(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

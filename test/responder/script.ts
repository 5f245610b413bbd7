import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import type { Test } from 'tap'
import { parseScriptOutput } from '../../src/gateway/script-output.ts'
import { scratch } from '../gateway/launch.ts'
import { projectDirectory } from '../project.ts'

export const SCRIPT = path.join(projectDirectory, 'cgi-bin', 'weixin')

/** How the script ended, what it answered, what its log complains about, and its line for a request that it answered. */
export interface Run {
  readonly exit: number | null
  readonly stdout: string
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly log: readonly string[]
  readonly answered: readonly string[]
}

const ANSWERED = /^weixin info: answered /

/** Runs cgi-bin/weixin as it was built, with this environment and nothing else, and `body` on its standard input. */
export function runScript(environment: Readonly<Record<string, string>>, body: string | Buffer = ''): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT], {
    env: { WEIXIN_STORE: 'memory:', ...environment },
    input: body,
    timeout: 20000,
  })
  const answer = parseScriptOutput(stdout)
  const lines = stderr.toString().split('\n').slice(0, -1)
  return {
    exit: status,
    stdout: stdout.toString(),
    status: answer?.status,
    headers: Object.fromEntries(answer?.headers ?? []),
    body: answer?.body.toString() ?? '',
    log: lines.filter(line => !ANSWERED.test(line)),
    answered: lines.filter(line => ANSWERED.test(line)),
  }
}

/** A configuration file with these settings, so that one in the project's folder does not count. */
export function configured(t: Test, settings: object): { readonly WEIXIN_CONFIG: string } {
  const file = path.join(scratch(t), 'weixin.config.json')
  fs.writeFileSync(file, JSON.stringify(settings))
  return { WEIXIN_CONFIG: file }
}

/** The variables of a POST as Apache sets them (RFC 3875 section 4.1). */
export function post(query: string, body: string | Buffer): Readonly<Record<string, string>> {
  return {
    GATEWAY_INTERFACE: 'CGI/1.1',
    REQUEST_METHOD: 'POST',
    QUERY_STRING: query,
    CONTENT_TYPE: 'text/xml',
    CONTENT_LENGTH: String(Buffer.byteLength(body)),
  }
}

import type { Test } from 'tap'
import type { Finished } from '../../src/apache/machine.ts'
import { runVhost } from '../../src/cli/vhost.ts'
import { type Files, rootedMachine } from '../apache/rooted-machine.ts'
import { projectDirectory } from '../project.ts'
import { fakeTerminal } from './fake-terminal.ts'

export const WAMP_VHOSTS = 'C:/wamp64/bin/apache/apache2.4.54.2/conf/extra/httpd-vhosts.conf'
export const SITE = '/etc/httpd/conf.d/weixin.conf'
export const HOST = 'weixin.example.com'

/** What is not as usual on a machine. */
export interface Situation {
  readonly platform?: 'linux' | 'win32'
  readonly answers?: readonly string[]
  /** What `httpd -t` says, the first time, the second time … */
  readonly checks?: readonly Partial<Finished>[]
  readonly version?: string
}

/** A machine with an Apache, and the command on it. */
export function machineWith(
  t: Test,
  files: Files,
  { platform = 'linux', answers, checks = [], version = '2.4.62' }: Situation = {},
) {
  const left = [...checks]
  const machine = rootedMachine(
    t,
    platform,
    {
      ...files,
      [`${projectDirectory}cgi-bin/weixin`]: "\uFEFF#!/bin/sh\r\n'use strict'\r\n",
      [`${projectDirectory}apache/static/index.txt`]: '',
      [`${projectDirectory}dist/responder.cjs`]: '',
    },
    (_command, words) => {
      if (words[0] === '-v') return { stdout: `Server version: Apache/${version}` }
      return words.at(-1) === '-t' ? left.shift() : undefined
    },
  )
  return {
    machine,
    async run(...words: string[]) {
      const terminal = fakeTerminal(projectDirectory.replace(/\/$/, ''), answers)
      const code = await runVhost(words, terminal, machine)
      return { code, out: terminal.out.join('\n'), err: terminal.err.join('\n'), asked: terminal.asked }
    },
  }
}

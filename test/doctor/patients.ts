import type { Test } from 'tap'
import { createPatient, type Patient } from '../../src/doctor/patient.ts'
import type { World } from '../../src/doctor/world.ts'
import { type Files, type Programs, rootedMachine } from '../apache/rooted-machine.ts'

export const NOW = Date.parse('2026-11-22T12:00:00Z')

/** A patient whose files lie in a folder of the test, and to whom nobody answers unless `world` says so. */
export function patientWith(
  t: Test,
  platform: 'linux' | 'win32',
  files: Files,
  world: Partial<World> = {},
  programs?: Programs,
): Patient {
  const machine = rootedMachine(t, platform, files, programs)
  return createPatient({
    machine,
    directory: platform === 'win32' ? 'D:\\wamp\\www\\微信 号' : '/srv/weixin',
    environment: { WEIXIN_TOKEN: 'kapokTree2031' },
    wanted: { url: undefined, apache: undefined, offline: true },
    node: platform === 'win32' ? 'C:\\Program Files\\nodejs\\node.exe' : '/usr/bin/node',
    nodeVersion: 'v20.20.2',
    now: () => NOW,
    ask: async () => 'ECONNREFUSED',
    connect: async () => 'ECONNREFUSED',
    lookUp: async () => ['203.0.113.1'],
    readPart(file, from, bytes = 262_144) {
      const text = machine.readText(file)
      if (text === undefined) return undefined
      const whole = Buffer.from(text)
      const start = from < 0 ? Math.max(0, whole.length + from) : from
      return { text: whole.toString('utf8', start, start + bytes), end: whole.length }
    },
    changed: file => (machine.status(file) ? NOW - 1000 : undefined),
    freeSpace: () => undefined,
    run: async () => ({ code: undefined, stdout: '', stderr: '', milliseconds: 0 }),
    ...world,
  })
}

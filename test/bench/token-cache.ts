import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Round } from './rounds.ts'
import type { Stage } from './stage.ts'

/** Microseconds for a cached access token, with the file store. Each round is a process of its own. */
export function tokenCache(stage: Stage): readonly Round[] {
  const file = fileURLToPath(new URL('./token-process.js', import.meta.url))
  const directory = path.join(stage.scratch, 'store-token')
  let costs: { readonly first: number; readonly later: number }
  return [
    {
      name: { en: 'CGI: the first of a process, from the file', zh: 'CGI：进程内首次，从文件读取' },
      async measure() {
        const { stdout, stderr } = spawnSync(process.execPath, [file, directory], {
          env: stage.environment,
          encoding: 'utf8',
        })
        if (!stdout) return { value: Number.NaN, fault: stderr }
        costs = JSON.parse(stdout)
        return { value: costs.first }
      },
    },
    {
      name: { en: 'FastCGI: one of many', zh: 'FastCGI：多次中的一次' },
      measure: async () => ({ value: costs.later }),
    },
  ]
}

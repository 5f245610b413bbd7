import os from 'node:os'
import type { Machine } from './result.ts'
import { findProgram, outputOf } from './stage.ts'

type Before = Omit<Machine, 'load'> & { readonly before: number }

/** What has to be known about the machine to believe the figures; asked before the run. */
export function describeMachine(command: string, now: Date): Before {
  const [cpu] = os.cpus()
  return {
    date: `${now.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    command,
    processor: cpu?.model.trim() ?? process.arch,
    cores: os.availableParallelism(),
    system: `${os.type()} ${os.release()}`,
    versions: versions(),
    before: load(),
  }
}

/** The same after the run. */
export function describeAfterwards({ before, ...machine }: Before): Machine {
  return { ...machine, load: [before, load()] }
}

/** Of the last minute. */
function load(): number {
  return Math.round((os.loadavg()[0] ?? 0) * 10) / 10
}

function versions(): Readonly<Record<string, string>> {
  const found: Record<string, string> = { Node: process.version.slice(1) }
  const asked = [
    { name: 'Apache', files: ['/usr/sbin/apache2', '/usr/sbin/httpd'], words: ['-v'] },
    { name: 'Python', files: ['/usr/bin/python3', '/usr/local/bin/python3'], words: ['--version'] },
    {
      name: 'web.py',
      files: ['/usr/bin/python3', '/usr/local/bin/python3'],
      words: ['-c', 'import web; print(web.__version__)'],
    },
    { name: 'PHP', files: ['/usr/bin/php-cgi', '/usr/local/bin/php-cgi'], words: ['-v'] },
    { name: 'Go', files: ['/usr/local/go/bin/go', '/usr/bin/go'], words: ['version'] },
  ]
  for (const { name, files, words } of asked) {
    const program = findProgram(...files)
    const [version] = /\d+\.[\d.]+/.exec((program && outputOf(program, ...words)) ?? '') ?? []
    if (version) found[name] = version
  }
  return found
}

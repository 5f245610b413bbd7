import type { Config } from '../config/types.ts'
import { createLogger, joinLoggers, jsonLine, type Logger, type LogLevel, textLine, timedLine } from '../log.ts'
import { type BatchOptions, createBatch } from './batch.ts'
import { createJournal } from './journal.ts'

export type LogSettings = Pick<Config, 'log' | 'logLevel' | 'journal' | 'journalDays' | 'journalMegabytes'>

export interface OpenLogOptions {
  readonly settings: LogSettings
  /** The journal's. */
  readonly folder: string
  /** Writes lines to standard error; returns what has to wait. */
  readonly write: BatchOptions['write']
  /** Whether whoever takes them adds the time, as Apache and systemd do. */
  readonly isStamped: boolean
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly later: BatchOptions['later']
  readonly again: BatchOptions['again']
  /** The user that this process runs as; undefined on Windows. */
  readonly uid: number | undefined
}

/** The log of a responder: on standard error, and in the journal where that is switched on. */
export interface OpenLog {
  readonly log: Logger
  /** Writes what has been collected. False when not all of it was taken, and it should be called again. */
  flush(): boolean
}

/** Errors are written at once, for nobody knows what comes after them; whatever is less, together with others. */
export function openLog(options: OpenLogOptions): OpenLog {
  const { settings, write, isStamped, now, later, again } = options
  const format = settings.log === 'json' ? jsonLine(now) : isStamped ? textLine : timedLine(now)
  const lines = createBatch({ write, later, again })
  const log = createLogger(adderTo(lines), settings.logLevel, format)
  if (settings.journal === 'off') return { log, flush: lines.flush }
  const entries = createBatch({ write: journalWriter(options, log), later, again })
  return {
    log: joinLoggers(log, createLogger(adderTo(entries), 'info', jsonLine(now))),
    flush() {
      entries.flush()
      return lines.flush()
    },
  }
}

function adderTo({ add, flush }: ReturnType<typeof createBatch>): (line: string, level: LogLevel) => void {
  return (line, level) => {
    add(line)
    if (level === 'error') flush()
  }
}

/** A journal that cannot be written is no reason not to answer: the log says so, once until it can be. */
function journalWriter({ folder, settings, now, uid }: OpenLogOptions, log: Logger): BatchOptions['write'] {
  const { journalDays: days, journalMegabytes } = settings
  const append = createJournal({ folder, size: journalMegabytes * 1024 * 1024, days, now, uid })
  let told: string | undefined
  return lines => {
    try {
      append(lines)
      told = undefined
    } catch (error) {
      const { code = 'EIO' } = error as NodeJS.ErrnoException
      if (code !== told) log.warn(`the journal cannot be written (${code}); see to ${folder}, or switch "journal" off`)
      told = code
    }
    return Buffer.alloc(0)
  }
}

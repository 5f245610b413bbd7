import type { Logger } from '../log.ts'

/** A `report` for `respond` that writes each failure of the application as one line, with its stack, to the log. */
export function failureReport(log: Logger): (error: unknown) => void {
  return error =>
    log.error(`request failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
}

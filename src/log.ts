export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>

/** Where everything that is not an answer goes. No secret and no message content is ever passed to it. */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

const LEVELS: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 }

/**
 * A logger that hands whole lines, without a line end, to `write`; lines below `level` are dropped.
 * Line ends inside a line become `\n` in two characters, so that nobody can forge a line of the log.
 */
export function createLogger(write: (line: string) => void, level: LogLevel = 'info'): Logger {
  const at = (lineLevel: LogLevel) =>
    LEVELS[lineLevel] < LEVELS[level]
      ? () => {}
      : (message: string, fields?: LogFields) => write(formatLine(lineLevel, message, fields))
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

function formatLine(level: LogLevel, message: string, fields: LogFields = {}): string {
  let line = `weixin ${level}: ${message}`
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined) line += ` ${key}=${typeof value === 'string' ? quote(value) : value}`
  }
  return escapeControls(line)
}

function quote(value: string): string {
  return /^[\w.:/@+-]+$/.test(value) ? value : JSON.stringify(value)
}

function escapeControls(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach a log
  return line.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, character =>
    character === '\n' ? '\\n' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

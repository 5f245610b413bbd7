export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>

/** Where everything that is not an answer goes. No secret is ever passed to it, nor what followers write unless it was asked for. */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

/** From what is to be logged to one line, without a line end. */
export type LogFormat = (level: LogLevel, message: string, fields: LogFields) => string

const LEVELS: Readonly<Record<LogLevel | 'off', number>> = { debug: 0, info: 1, warn: 2, error: 3, off: 4 }

/**
 * A logger that hands whole lines, without a line end, to `write`; lines below `level` are dropped.
 * Line ends inside a line become `\n` in two characters, so that nobody can forge a line of the log.
 */
export function createLogger(
  write: (line: string, level: LogLevel) => void,
  level: LogLevel | 'off' = 'info',
  format: LogFormat = textLine,
): Logger {
  const at = (lineLevel: LogLevel) =>
    LEVELS[lineLevel] < LEVELS[level]
      ? () => {}
      : (message: string, fields: LogFields = {}) => write(format(lineLevel, message, fields), lineLevel)
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** Tells both. */
export function joinLoggers(first: Logger, second: Logger): Logger {
  const at = (level: LogLevel) => (message: string, fields?: LogFields) => {
    first[level](message, fields)
    second[level](message, fields)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** Adds these fields to each line, behind its own. */
export function withFields(log: Logger, added: LogFields): Logger {
  const at = (level: LogLevel) => (message: string, fields?: LogFields) => log[level](message, { ...fields, ...added })
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** `weixin info: answered kind=text ms=2` */
export function textLine(level: LogLevel, message: string, fields: LogFields): string {
  let line = `weixin ${level}: ${message}`
  for (const key in fields) {
    const value = fields[key]
    if (value !== undefined) line += ` ${key}=${typeof value === 'string' ? quote(value) : value}`
  }
  return escapeControls(line)
}

/** The same behind the time, for where nobody else adds it. */
export function timedLine(now: () => number): LogFormat {
  return (level, message, fields) => `${new Date(now()).toISOString()} ${textLine(level, message, fields)}`
}

/** One JSON object: time, level and message, and each field under its name. */
export function jsonLine(now: () => number): LogFormat {
  return (level, message, fields) =>
    escapeControls(JSON.stringify({ time: new Date(now()).toISOString(), level, message, ...fields }))
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

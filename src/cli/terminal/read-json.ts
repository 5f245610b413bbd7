import fs from 'node:fs'
import { readJson } from '../../client/json.ts'
import { firstSyntaxError } from '../../config/locate.ts'
import { UsageError } from '../../errors.ts'

/**
 * A file of JSON.
 *
 * @throws {UsageError} that names the line of the mistake
 */
export function readJsonFile(file: string, read = readJson): unknown {
  return parseJson(readText(file), file, read)
}

/** @param read what integers beyond 2^53 become; strings of digits if not given */
export function parseJson(text: string, name: string, read = readJson): unknown {
  try {
    return read(text)
  } catch {
    const { line, what } = firstSyntaxError(text)
    throw new UsageError({
      en: `${name}:${line}: not JSON (${what})`,
      zh: `${name}:${line}：不是合法的 JSON（${what}）`,
    })
  }
}

function readText(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    throw unreadable(file, error)
  }
}

/** That a file cannot be read, and the system's reason. */
export function unreadable(file: string, error: unknown): UsageError {
  const { code } = error as NodeJS.ErrnoException
  return new UsageError({ en: `cannot read ${file}: ${code}`, zh: `无法读取 ${file}：${code}` })
}

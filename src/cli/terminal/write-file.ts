import fs from 'node:fs'
import path from 'node:path'
import { UsageError } from '../../errors.ts'

const ROOT = 0

/**
 * Writes a new file that the web server can use as well: what root writes belongs to the owner of the folder. A file that
 * is there already is left alone, and one that did not become whole is removed.
 *
 * @throws {UsageError} when it is there, or cannot be written
 */
export async function writeNewFile(file: string, content: AsyncIterable<Uint8Array> | string): Promise<void> {
  const fd = open(file)
  try {
    if (process.geteuid?.() === ROOT) {
      const { uid, gid } = fs.statSync(path.dirname(path.resolve(file)))
      fs.fchmodSync(fd, 0o644)
      fs.fchownSync(fd, uid, gid)
    }
    if (typeof content === 'string') fs.writeFileSync(fd, content)
    else for await (const chunk of content) fs.writeFileSync(fd, chunk)
  } catch (error) {
    fs.unlinkSync(file)
    throw (error as NodeJS.ErrnoException).syscall ? unwritable(file, error) : error
  } finally {
    fs.closeSync(fd)
  }
}

function open(file: string): number {
  try {
    return fs.openSync(file, 'wx', 0o644)
  } catch (error) {
    throw unwritable(file, error)
  }
}

function unwritable(file: string, error: unknown): UsageError {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EEXIST') {
    return new UsageError({
      en: `${file} is there already; move it away or name another file`,
      zh: `${file} 已存在；请先移走或换一个文件名`,
    })
  }
  return new UsageError({ en: `cannot write ${file}: ${code}`, zh: `无法写入 ${file}：${code}` })
}

import fs from 'node:fs'
import { WeixinError } from '../../errors.ts'

/** What a command had to say cannot be written: `code` is the system's name for the reason. */
export class OutputError extends WeixinError {
  override name = 'OutputError'
  readonly code: string

  constructor(code: string, cause: unknown) {
    const full = code === 'ENOSPC' || code === 'EDQUOT'
    super(
      {
        en: `cannot write the output: ${full ? 'the disk is full' : 'it is not taken'} (${code})`,
        zh: `无法写出结果：${full ? '磁盘已满' : '写入失败'}（${code}）`,
      },
      { cause },
    )
    this.code = code
  }
}

/** Milliseconds until a reader who is not as quick is given the rest. */
const PAUSE = 10

/**
 * Writes all of a text at once, however slowly it is read.
 *
 * @throws {OutputError}
 */
export function writeOutput(fd: number, text: string, write: typeof fs.writeSync = fs.writeSync): void {
  let rest: Buffer = Buffer.from(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(write(fd, rest))
    } catch (error) {
      const { code = 'EIO' } = error as NodeJS.ErrnoException
      if (code !== 'EAGAIN') throw new OutputError(code, error)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE)
    }
  }
}

/** Says something to whoever may listen; if nobody does, that changes nothing. */
export function writeRemark(fd: number, text: string): void {
  try {
    writeOutput(fd, text)
  } catch {}
}

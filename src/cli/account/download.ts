import type { Download } from '../../client/download.ts'
import { UsageError } from '../../errors.ts'
import type { Terminal } from '../terminal/command.ts'
import { writeNewFile } from '../terminal/write-file.ts'

/** Whether an answer is a file. */
export function isDownload(answer: unknown): answer is Download {
  return (
    typeof answer === 'object' && answer !== null && 'body' in answer && Symbol.asyncIterator in Object(answer.body)
  )
}

/**
 * Saves a download under `output`, or under the name that WeChat gives it.
 *
 * @returns the exit code
 */
export async function saveDownload(
  { fileName, body }: Download,
  output: string | undefined,
  progress: { end(): void },
  { print }: Terminal,
): Promise<number> {
  const file = output ?? fileName
  if (file === undefined) {
    throw new UsageError({
      en: 'the answer is a file without a name; name one with --output FILE',
      zh: '返回的是没有文件名的文件；请用 --output 文件 指定',
    })
  }
  await writeNewFile(file, body)
  progress.end()
  print(file)
  return 0
}

import { UsageError } from '../../errors.ts'

/**
 * What an option that wants a whole number says.
 *
 * @param option as it is written: `--workers`
 * @throws {UsageError} when it is none from `least` to `most`
 */
export function readWholeNumber(option: string, text: string, least: number, most: number): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number >= least && number <= most) return number
  throw new UsageError({
    en: `${option} ${text}: a whole number from ${least} to ${most} is permitted`,
    zh: `${option} ${text}：应为 ${least} 到 ${most} 的整数`,
  })
}

import { WeixinError } from '../errors.ts'

/** A handler took longer than WeChat waits. */
export class DeadlineError extends WeixinError {
  override name = 'DeadlineError'

  constructor(milliseconds: number) {
    super({
      en: `a handler did not answer within ${milliseconds} ms and was given up; make it quicker, or raise "handlerLimit"`,
      zh: `处理函数未能在 ${milliseconds} 毫秒内回复，已放弃；请加快处理，或调大 "handlerLimit"`,
    })
    // Where the timer was started says nothing to anybody.
    this.stack = `${this.name}: ${this.message}`
  }
}

/**
 * What `work` resolves to, if that is within so many milliseconds; its signal is aborted when it is not.
 *
 * @throws {DeadlineError} when it is not; what `work` does later is nobody's concern
 */
export async function withDeadline<T>(work: (signal: AbortSignal) => Promise<T>, milliseconds: number): Promise<T> {
  const deadline = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new DeadlineError(milliseconds)
      deadline.abort(error)
      reject(error)
    }, milliseconds)
  })
  try {
    return await Promise.race([work(deadline.signal), late])
  } finally {
    clearTimeout(timer)
  }
}

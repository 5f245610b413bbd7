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
 * What `work` resolves to, if that is within so many milliseconds.
 *
 * @throws {DeadlineError} when it is not; what `work` does later is nobody's concern
 */
export async function withDeadline<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlineError(milliseconds)), milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

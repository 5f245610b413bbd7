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

/** The time that a handler has. Its signal is made for whoever asks for it, as few do and it costs as much as reading the message. */
class Deadline {
  #controller: AbortController | undefined
  #missed: DeadlineError | undefined

  /** Aborted when the handler is given up. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#missed) this.#controller.abort(this.#missed)
    return this.#controller.signal
  }

  miss(error: DeadlineError): void {
    this.#missed = error
    this.#controller?.abort(error)
  }
}

/**
 * What `work` resolves to, if that is within so many milliseconds; its signal is aborted when it is not.
 *
 * @throws {DeadlineError} when it is not; what `work` does later is nobody's concern
 */
export function withDeadline<T>(
  work: (deadline: { readonly signal: AbortSignal }) => Promise<T>,
  milliseconds: number,
): Promise<T> {
  const deadline = new Deadline()
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const error = new DeadlineError(milliseconds)
      deadline.miss(error)
      reject(error)
    }, milliseconds)
    const end =
      <V>(settle: (value: V) => void) =>
      (value: V) => {
        clearTimeout(timer)
        settle(value)
      }
    work(deadline).then(end(resolve), end(reject))
  })
}

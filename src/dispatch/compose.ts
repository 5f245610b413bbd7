import { WeixinError } from '../errors.ts'

/** One layer of the onion: `next()` runs what lies inside and returns its answer. */
export type Middleware<Context, Answer> = (context: Context, next: () => Promise<Answer>) => Answer | Promise<Answer>

/** A handler called `next()` a second time: what lies inside must run once per message. */
export class NextCalledTwiceError extends WeixinError {
  override name = 'NextCalledTwiceError'

  constructor() {
    super({
      en: 'a handler called next() twice for one message; call it once and keep what it returns',
      zh: '同一条消息中某个处理函数调用了两次 next()；请只调用一次并保存返回值',
    })
  }
}

/**
 * One layer made of many: each runs when the one before it calls `next()`, and gets back what that one answered.
 *
 * @throws {NextCalledTwiceError} when a layer calls `next()` twice
 */
export function compose<Context, Answer>(layers: readonly Middleware<Context, Answer>[]): Middleware<Context, Answer> {
  return (context, next) => {
    let reached = -1
    const run = async (index: number): Promise<Answer> => {
      if (index <= reached) throw new NextCalledTwiceError()
      reached = index
      const layer = layers[index]
      return layer ? layer(context, () => run(index + 1)) : next()
    }
    return run(0)
  }
}

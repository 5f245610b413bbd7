import { WeixinError } from '../errors.ts'

/** A message that waited in vain for another one of the same follower to be handled. */
export class FollowerBusyError extends WeixinError {
  override name = 'FollowerBusyError'

  constructor() {
    super({
      en: 'another message of the same follower was being handled until this one had to be given up; make that handler quicker',
      zh: '同一关注者的上一条消息一直在处理中，这条消息只得放弃；请加快处理函数',
    })
  }
}

/** What a handler wanted to keep about a follower, when that was no longer its business. */
export class FollowerLostError extends WeixinError {
  override name = 'FollowerLostError'

  constructor() {
    super({
      en: 'session or dialogue not kept: the handler was given up, stood still for seconds, or the follower has left',
      zh: '会话未保存：处理函数已超时放弃、停顿了数秒，或该关注者已取消关注',
    })
  }
}

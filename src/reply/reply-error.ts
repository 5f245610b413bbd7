import { WeixinError } from '../errors.ts'

/** A reply that WeChat would refuse or show wrongly; the sentence says which field, and which limit in bytes. */
export class ReplyError extends WeixinError {
  override name = 'ReplyError'
}

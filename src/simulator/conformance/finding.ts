import { WeixinError } from '../../errors.ts'

/** What a responder does that no right one would. */
export class Finding extends WeixinError {
  override name = 'Finding'
}

/** Why a check says nothing about this responder. */
export class NotJudged extends WeixinError {
  override name = 'NotJudged'
}

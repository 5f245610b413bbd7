import { type Bilingual, WeixinError } from '../../errors.ts'

/** What a responder does that no right one would. */
export class Finding extends WeixinError {
  override name = 'Finding'
}

/** Why a check says nothing about this responder. */
export class NotJudged extends WeixinError {
  override name = 'NotJudged'
}

/** A finding of a check that tries several things, with the one that it is about in front. */
export function findingAbout(what: Bilingual, { message, zh }: Finding): Finding {
  return new Finding({ en: `${what.en}: ${message}`, zh: `${what.zh}：${zh}` })
}

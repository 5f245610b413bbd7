import { WeixinError } from '../../errors.ts'

/** WeChat has answered, but not with what its documentation says. */
export class AnswerFieldError extends WeixinError {
  override name = 'AnswerFieldError'

  constructor(endpoint: string, field: string) {
    super({
      en: `${endpoint}: the answer has no "${field}"; look for a proxy or a wrong "apiBase" in between`,
      zh: `${endpoint}：应答中没有 "${field}"；请检查中间的代理或 "apiBase"`,
    })
  }
}

/**
 * A field that a command cannot do without.
 *
 * @throws {AnswerFieldError}
 */
export function neededField<Answer extends object, Name extends keyof Answer & string>(
  answer: Answer,
  name: Name,
  endpoint: string,
): NonNullable<Answer[Name]> {
  const { [name]: value } = answer
  if (value === undefined || value === null) throw new AnswerFieldError(endpoint, name)
  return value
}

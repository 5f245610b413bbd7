import { type Bilingual, WeixinError } from '../errors.ts'

/** A parameter that is refused before anything is sent; the sentence names it and what is permitted. */
export class ArgumentError extends WeixinError {
  override name = 'ArgumentError'
  /** The method and path, `POST /cgi-bin/menu/create`. */
  readonly endpoint: string
  /** Where it is, `button[0].name`. */
  readonly parameter: string

  constructor(endpoint: string, parameter: string, text: Bilingual) {
    super({ en: `${endpoint}: ${parameter} ${text.en}`, zh: `${endpoint}：${parameter} ${text.zh}` })
    this.endpoint = endpoint
    this.parameter = parameter
  }
}

/** One sentence in both languages of the project's users. */
export interface Bilingual {
  readonly en: string
  readonly zh: string
}

/** That of a reader. */
export type Language = keyof Bilingual

/**
 * What every error of this project is: a sentence for the person who reads it at night, in English (`message`)
 * and Chinese (`zh`), with no secret in it.
 */
export class WeixinError extends Error {
  override name = 'WeixinError'
  readonly zh: string

  constructor(text: Bilingual, options?: ErrorOptions) {
    super(text.en, options)
    this.zh = text.zh
  }

  /** The sentence in the reader's language. */
  in(language: Language): string {
    return language === 'zh' ? this.zh : this.message
  }
}

/** A setting that is missing, unknown or malformed. The program exits with 2 before it listens. */
export class ConfigError extends WeixinError {
  override name = 'ConfigError'
}

/** A command line or an environment that says nothing this program can act on. */
export class UsageError extends WeixinError {
  override name = 'UsageError'
}

import type { Bilingual, Language } from '../../errors.ts'

/**
 * The reader's language: what `--lang` says, else the locale of the environment (`WEIXIN_LANG` first), else the
 * system's (Windows sets no variable), which takes ten milliseconds to find out. Everything that is not Chinese reads English.
 */
export function chooseLanguage(
  option: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  systemLocale: () => string,
): Language {
  const { WEIXIN_LANG, LC_ALL, LC_MESSAGES, LANG } = environment
  const locale = option || WEIXIN_LANG || LC_ALL || LC_MESSAGES || LANG || systemLocale()
  return /^zh/i.test(locale) ? 'zh' : 'en'
}

/** Picks the sentence in the reader's language. */
export type Translate = (text: Bilingual) => string

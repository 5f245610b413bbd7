import { isThisMachine } from '../../client/hosts.ts'
import { type Bilingual, UsageError } from '../../errors.ts'

/**
 * The address of the responder that a command is to try.
 *
 * @param yes says that it is meant although it is not on this machine
 * @param sent what a responder there would get
 * @throws {UsageError} when it is no URL, or not on this machine and nobody says that this is meant
 */
export function readTarget(text: string, yes: boolean, sent: Bilingual): URL {
  if (!URL.canParse(text) || !/^https?:/i.test(text)) {
    throw new UsageError({
      en: `${text} is not a URL; permitted: http://… or https://…`,
      zh: `${text} 不是网址；应以 http:// 或 https:// 开头`,
    })
  }
  const url = new URL(text)
  if (yes || isThisMachine(url)) return url
  throw new UsageError({
    en: `${url.host} is not this machine: it would get ${sent.en}; --yes permits it`,
    zh: `${url.host} 不是本机：它会收到${sent.zh}；确认要这样做请加 --yes`,
  })
}

import type { Bilingual } from '../../errors.ts'
import { Finding, findingAbout } from './finding.ts'
import { quote, unexpected } from './judge.ts'
import type { Player, Query } from './player.ts'
import type { WireAnswer } from './wire.ts'

/** Short enough for a floating-point number: what longer ones show is a check of its own. */
export const ECHOSTR = '583847921812781'

/** The answer to a right access check, asked for once. */
export function accessCheck(player: Player): Promise<WireAnswer> {
  return player.once('access', another => another.get({ ...another.sign(), echostr: ECHOSTR }))
}

/** What an answer holds, without whatever should not stand round an echostr. */
export function bare({ body }: WireAnswer): string {
  return body.toString().replace(/^[\uFEFF\s"]+|[\s"]+$/g, '')
}

/**
 * Makes an access check with the given parameters.
 *
 * @param what is said of it when it fails
 * @throws {Finding} when the answer is not the echostr
 */
export async function expectEcho(
  player: Player,
  query: Readonly<Record<string, string>>,
  what: Bilingual,
): Promise<void> {
  const answer = await player.get({ echostr: ECHOSTR, ...query })
  if (answer.status !== 200 || bare(answer) !== ECHOSTR) throw findingAbout(what, unexpected(answer))
}

/** The same with parameters that prove nothing. @throws {Finding} when the echostr comes back all the same */
export async function expectNoEcho(player: Player, query: Query): Promise<void> {
  const more = typeof query === 'string' ? `${query}&echostr=${ECHOSTR}` : { ...query, echostr: ECHOSTR }
  const answer = await player.get(more)
  if (answer.body.includes(ECHOSTR)) {
    throw new Finding({ en: `it echoes: ${quote(answer.body)}`, zh: `它返回了：${quote(answer.body)}` })
  }
}

/** Whether the responder lives: what is asked after everything hostile. @throws {Finding} when it does not */
export async function stillAnswers(player: Player): Promise<void> {
  try {
    await expectEcho(player, player.sign(), { en: 'the access check', zh: '接入校验' })
  } catch (error) {
    if (!(error instanceof Finding)) throw error
    throw findingAbout({ en: 'afterwards it does not answer any more', zh: '此后不再正常应答' }, error)
  }
}

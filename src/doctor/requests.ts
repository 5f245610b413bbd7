import { randomBytes, randomInt } from 'node:crypto'
import type { AccountConfig } from '../config/types.ts'
import { decodeAesKey } from '../crypto/cipher.ts'
import type { Delivery } from '../simulator/deliver.ts'
import { composeMessage } from '../simulator/message.ts'
import { sealMessage, signAccessCheck, signMessage } from '../simulator/sign.ts'
import type { Question } from './ask.ts'
import type { Target } from './patient.ts'

/** What the access checks of the doctor ask to be echoed. */
export const ECHOSTR = '5838479218127813673'
/** Nobody's OpenID: the log tells the doctor's visits from a follower's by it. */
const OPENID = 'oWeixinDoctor000000000000000'
/** An account that the configuration does not name may be any. */
const ANY_ACCOUNT = 'gh_000000000000'
/** An event that WeChat does not know, so that no handler is meant by it. */
const EVENT = 'event:weixin_doctor'

/** As long as the responder takes: Apache's filters leave alone what is very short. */
export const LONG_ECHOSTR = ECHOSTR.repeat(13)

/** An access check as the console makes it. */
export function accessCheck(token: string, now: number, echostr = ECHOSTR): Delivery {
  return signAccessCheck(stampOf(token, now), echostr)
}

/** Whom the doctor's messages are to and from. */
export function addressesOf({ originalId = ANY_ACCOUNT }: AccountConfig) {
  return { toUserName: originalId, fromUserName: OPENID }
}

/** A message that asks nothing of the owner's handlers, in one of the three modes; undefined where the keys for it are missing. */
export function message(
  account: AccountConfig,
  mode: 'plain' | 'compatible' | 'safe',
  now: number,
): Delivery | undefined {
  const stamp = stampOf(account.token, now)
  const { toUserName, fromUserName } = addressesOf(account)
  const xml = composeMessage({
    kind: EVENT,
    values: [`${mode} ${randomInt(2 ** 47)}`],
    toUserName,
    fromUserName,
    createTime: Math.floor(now / 1000),
    msgId: '0',
  })
  if (mode === 'plain') return signMessage(stamp, xml, OPENID)
  const { appId, aesKey } = account
  if (!appId || !aesKey) return undefined
  const seal = { ...stamp, key: decodeAesKey(aesKey), appId, random: randomBytes }
  return sealMessage(mode, seal, xml, { toUserName, openid: OPENID })
}

/** A request for the responder with this query, after whatever the URL itself has. */
export function questionFor({ url, address }: Target, query: string): Question {
  const full = new URL(url)
  full.search = full.search ? `${full.search}&${query}` : query
  return { url: full, address }
}

function stampOf(token: string, now: number) {
  return { token, timestamp: String(Math.floor(now / 1000)), nonce: String(randomInt(2 ** 31)) }
}

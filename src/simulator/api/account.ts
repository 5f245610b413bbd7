import type { SimulatedAccount } from '../exchange.ts'
import type { ApiCall, QrCode, StoredMedia } from './fake-api.ts'
import type { FollowerMessage } from './follower-message.ts'
import { createFollowers, type Followers } from './followers.ts'
import { createQuotas, type Quotas } from './quotas.ts'
import type { JsonObject } from './route.ts'
import { createTokens, type Tokens } from './tokens.ts'

/** All that the API knows of its one account; it is gone with the process. */
export interface Account {
  readonly identity: SimulatedAccount
  readonly tokens: Tokens
  readonly quotas: Quotas
  readonly followers: Followers
  readonly menus: {
    button: readonly JsonObject[] | undefined
    readonly conditional: Map<string, { readonly button: readonly JsonObject[]; readonly matchrule: JsonObject }>
  }
  /** Name by id. */
  readonly tags: Map<number, string>
  readonly blacklist: Set<string>
  /** Uploaded for three days, or sent by a follower. */
  readonly media: Map<string, StoredMedia & { readonly created: number }>
  readonly material: Map<string, Material>
  readonly qrCodes: Map<string, QrCode>
  readonly shortKeys: Map<string, { readonly data: string; readonly created: number; readonly ends: number }>
  readonly templates: Map<string, { readonly title: string; readonly content: string }>
  /** msgid by follower and client_msg_id. */
  readonly sentTemplates: Map<string, { readonly msgid: bigint; readonly at: number }>
  readonly tickets: Map<string, { readonly value: string; readonly ends: number }>
  readonly logins: Logins
  readonly now: () => number
  /** Letters, digits, `-` and `_` that nobody can guess. */
  readonly newId: (length: number) => string
  /** Digits beyond 2^53. */
  readonly newNumber: () => bigint
  /** What the API was asked, newest last. */
  readonly calls: readonly ApiCall[]
  /** The paths that have a limit, and it. */
  readonly limits: ReadonlyMap<string, number>
  /** Hands a message to the follower's phone. */
  readonly deliver: (openid: string, message: FollowerMessage) => void
  readonly menuChanged: () => void
}

/** A file that is kept for good. */
export interface Material extends StoredMedia {
  readonly updated: number
  readonly title: string
  readonly introduction: string
}

/** Web login: what visitors have agreed to. */
/** What one token of a web login opens, and until when, in milliseconds since 1970. */
export interface Logins {
  readonly codes: Map<string, { readonly openid: string; readonly scope: string; readonly ends: number; used: boolean }>
  /** By access token, and by refresh token. */
  readonly access: Map<string, Login>
  readonly refresh: Map<string, Login>
}

export interface Login {
  readonly openid: string
  readonly scope: string
  readonly ends: number
}

/** What the account is told by the server, and told to whom. */
export interface AccountOptions extends Pick<Account, 'deliver' | 'menuChanged' | 'calls' | 'limits' | 'now'> {
  readonly random: (size: number) => Buffer
  readonly strangers: boolean
}

/** An account with nothing in it but the tag 星标组, which every account has. */
export function createAccount(identity: SimulatedAccount, options: AccountOptions): Account {
  const { now, random, strangers, ...others } = options
  const newId = (length: number) => random(length).toString('base64url').slice(0, length)
  return {
    ...others,
    identity,
    now,
    newId,
    newNumber: () => 3_000_000_000_000_000_000n + BigInt(random(6).readUIntBE(0, 6)),
    tokens: createTokens(now, () => newId(136)),
    quotas: createQuotas(now),
    followers: createFollowers(now, strangers),
    menus: { button: undefined, conditional: new Map() },
    tags: new Map([[2, '星标组']]),
    blacklist: new Set(),
    media: new Map(),
    material: new Map(),
    qrCodes: new Map(),
    shortKeys: new Map(),
    templates: new Map(),
    sentTemplates: new Map(),
    tickets: new Map(),
    logins: { codes: new Map(), access: new Map(), refresh: new Map() },
  }
}

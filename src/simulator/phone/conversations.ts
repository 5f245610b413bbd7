import type { FollowerMessage } from '../api/follower-message.ts'
import { ERROR_LINE, type Exchange } from '../exchange.ts'
import type { Follower, Line, NoticeContent } from './state.ts'

/** What has been said, and by whom. */
export interface Conversations {
  readonly followers: readonly Follower[]
  readonly lines: readonly Line[]
  /** Finds a follower, or makes the acquaintance of one whom a recording or a call names. */
  follower(openid: string): Follower
  addFollower(): Follower
  setFollowed(openid: string, followed: boolean): void
  add(line: Omit<Line, 'id' | 'at' | 'media'>): void
  /** Shows what the follower sees of an exchange that has ended. */
  settle(exchange: Exchange): void
  /** Shows what came by way of the API. */
  receive(openid: string, message: Exclude<FollowerMessage, { readonly type: 'typing' }>): void
}

/** What the conversations are told, and tell. */
export interface ConversationsOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Makes the OpenID of the follower with this number. */
  readonly openid: (number: number) => string
  /** The content type of a medium that is held here. */
  readonly mediaType: (mediaId: string) => string | undefined
  readonly tell: {
    (name: 'line', line: Line): void
    (name: 'follower', follower: Follower): void
  }
}

const NAMES = ['小林', '阿花', 'Mary', '老王', '小雨', 'Tom', '大山', '阿月', 'Ana', '海涛', '小满', 'Leo']
const FIRST_FOLLOWERS = 3
const KEPT_LINES = 1000

/** A few followers, of whom the last does not follow yet. */
export function createConversations({ now, openid, mediaType, tell }: ConversationsOptions): Conversations {
  const followers = new Map<string, Follower>()
  const lines: Line[] = []
  let count = 0

  function put(follower: Follower): Follower {
    followers.set(follower.openid, follower)
    tell('follower', follower)
    return follower
  }

  function addFollower(followed = false, id = openid(followers.size + 1)): Follower {
    const name = NAMES[followers.size % NAMES.length] ?? ''
    const round = Math.floor(followers.size / NAMES.length)
    return put({ openid: id, nickname: round === 0 ? name : `${name}${round + 1}`, followed })
  }

  function follower(id: string): Follower {
    return followers.get(id) ?? addFollower(true, id)
  }

  function add(given: Omit<Line, 'id' | 'at' | 'media'>): void {
    follower(given.openid)
    const media = mediaOf(given.content, mediaType)
    const line: Line = { ...given, id: String(++count), at: now(), ...(media && { media }) }
    lines.push(line)
    if (lines.length > KEPT_LINES) lines.shift()
    tell('line', line)
  }

  for (let number = 1; number <= FIRST_FOLLOWERS; number++) addFollower(number < FIRST_FOLLOWERS)

  return {
    get followers() {
      return [...followers.values()]
    },
    lines,
    follower,
    addFollower: () => addFollower(),
    setFollowed: (id, followed) => void (follower(id).followed !== followed && put({ ...follower(id), followed })),
    add,
    receive: (id, content) => add({ openid: id, from: 'account', content, custom: true }),
    settle({ id, openid: to, state, reply }) {
      if (state === 'failed') add({ openid: to, from: 'notice', content: FAILED, exchange: id })
      else if (reply?.type === 'transfer') add({ openid: to, from: 'notice', content: TRANSFERRED, exchange: id })
      else if (reply) add({ openid: to, from: 'account', content: reply, exchange: id })
    },
  }
}

const FAILED: NoticeContent = {
  type: 'notice',
  text: {
    en: 'The service provided by this official account is out of order. Please try again later.',
    zh: ERROR_LINE,
  },
  failed: true,
}

const TRANSFERRED: NoticeContent = {
  type: 'notice',
  text: { en: 'handed over to a human agent', zh: '已转接人工客服' },
}

function mediaOf(content: Line['content'], mediaType: ConversationsOptions['mediaType']): Line['media'] | undefined {
  if (!('mediaId' in content)) return undefined
  const type = mediaType(content.mediaId)
  return type === undefined ? undefined : { [content.mediaId]: type }
}

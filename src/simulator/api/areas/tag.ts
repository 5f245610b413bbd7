import type { Account } from '../account.ts'
import { integerOf, objectOf, optionalText, textOf, textsOf } from '../fields.ts'
import type { Follower } from '../followers.ts'
import { refuse } from '../refusal.ts'
import { type JsonObject, OK, type Routes } from '../route.ts'
import { openIds, page } from './user.ts'

/** "Tags". */
export const tagRoutes: Routes = {
  'POST /cgi-bin/tags/create': {
    perDay: 1000,
    answer({ body }, { tags }) {
      const name = nameIn(body, tags)
      if (tags.size >= MOST_TAGS) refuse(45056)
      const id = Math.max(FIRST_ID - 1, ...tags.keys()) + 1
      tags.set(id, name)
      return { tag: { id, name } }
    },
  },
  'GET /cgi-bin/tags/get': {
    perDay: 1000,
    answer: (_, account) => ({
      tags: [...account.tags].map(([id, name]) => ({ id, name, count: taggedWith(id, account).length })),
    }),
  },
  'POST /cgi-bin/tags/update': {
    perDay: 1000,
    answer({ body }, { tags }) {
      const id = ownIdIn(body, tags)
      tags.set(id, nameIn(body, tags, id))
      return OK
    },
  },
  'POST /cgi-bin/tags/delete': {
    perDay: 1000,
    answer({ body }, account) {
      const id = ownIdIn(body, account.tags)
      for (const follower of taggedWith(id, account)) follower.tags.delete(id)
      account.tags.delete(id)
      return OK
    },
  },
  'POST /cgi-bin/user/tag/get': {
    answer({ body }, account) {
      const found = taggedWith(tagIn(body, account.tags), account)
      const { total: _, ...answer } = page(openIds(found), optionalText(body, 'next_openid'))
      return answer
    },
  },
  'POST /cgi-bin/tags/members/batchtagging': {
    perDay: 100_000,
    answer({ body }, account) {
      const id = tagIn(body, account.tags)
      const followers = members(body, account)
      if (followers.some(({ tags }) => !tags.has(id) && tags.size >= MOST_ON_ONE)) refuse(45059)
      for (const { tags } of followers) tags.add(id)
      return OK
    },
  },
  'POST /cgi-bin/tags/members/batchuntagging': {
    perDay: 100_000,
    answer({ body }, account) {
      const id = tagIn(body, account.tags)
      for (const { tags } of members(body, account)) tags.delete(id)
      return OK
    },
  },
  'POST /cgi-bin/tags/getidlist': {
    answer: ({ body }, { followers }) => ({
      tagid_list: [...followers.subscribed(textOf(body, 'openid', 40003)).tags],
    }),
  },
}

const MOST_TAGS = 100
const MOST_ON_ONE = 20
/** Those below are the system's. */
const FIRST_ID = 100
const MOST_CHARACTERS = 30

function nameIn(body: JsonObject, tags: Account['tags'], own?: number): string {
  const name = textOf(objectOf(body, 'tag', 45157), 'name', 45157)
  if ([...name].length > MOST_CHARACTERS) refuse(45158)
  if ([...tags].some(([id, taken]) => taken === name && id !== own)) refuse(45157)
  return name
}

function ownIdIn(body: JsonObject, tags: Account['tags']): number {
  const id = integerOf(objectOf(body, 'tag', 45159), 'id', 0, Number.MAX_SAFE_INTEGER, 45159)
  if (id < FIRST_ID) refuse(45058)
  return tags.has(id) ? id : refuse(45159)
}

function tagIn(body: JsonObject, tags: Account['tags']): number {
  const id = integerOf(body, 'tagid', 0, Number.MAX_SAFE_INTEGER, 45159)
  return tags.has(id) ? id : refuse(45159)
}

function taggedWith(id: number, { followers }: Account): readonly Follower[] {
  return followers.following.filter(({ tags }) => tags.has(id))
}

function members(body: JsonObject, { followers }: Account): readonly Follower[] {
  return textsOf(body, 'openid_list', 50, 40032).map(openid => followers.subscribed(openid))
}

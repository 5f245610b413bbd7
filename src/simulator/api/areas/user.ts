import type { Account } from '../account.ts'
import { isObject, listOf, optionalText, textOf, textsOf } from '../fields.ts'
import type { Follower } from '../followers.ts'
import { refuse } from '../refusal.ts'
import { type JsonObject, OK, type Routes } from '../route.ts'

/** "Users" and "blacklist". */
export const userRoutes: Routes = {
  'GET /cgi-bin/user/info': {
    perDay: 5_000_000,
    answer: ({ query }, { followers }) => described(followers.known(query.get('openid') || refuse(41009))),
  },
  'POST /cgi-bin/user/info/batchget': {
    answer({ body }, { followers }) {
      const list = listOf(body, 'user_list', 40032).filter(isObject)
      if (list.length < 1 || list.length > 100) refuse(40032)
      return { user_info_list: list.map(each => described(followers.known(textOf(each, 'openid', 40003)))) }
    },
  },
  'GET /cgi-bin/user/get': {
    perDay: 500,
    answer: ({ query }, { followers }) => page(openIds(followers.following), query.get('next_openid') ?? ''),
  },
  'POST /cgi-bin/user/info/updateremark': {
    perDay: 10_000,
    answer({ body }, { followers }) {
      const remark = optionalText(body, 'remark')
      if ([...remark].length >= 30) refuse(40035)
      followers.subscribed(textOf(body, 'openid', 40003)).remark = remark
      return OK
    },
  },
  // As if the account had moved here, and all had come along.
  'POST /cgi-bin/changeopenid': {
    answer: ({ body }) => ({
      ...OK,
      result_list: textsOf(body, 'openid_list', 100, 40032).map(openid => ({
        ori_openid: openid,
        new_openid: openid,
        err_msg: 'ok',
      })),
    }),
  },
  'POST /cgi-bin/tags/members/getblacklist': {
    answer: ({ body }, { blacklist }) => page([...blacklist], optionalText(body, 'begin_openid')),
  },
  'POST /cgi-bin/tags/members/batchblacklist': {
    answer({ body }, account) {
      for (const openid of members(body, account)) account.blacklist.add(openid)
      return OK
    },
  },
  'POST /cgi-bin/tags/members/batchunblacklist': {
    answer({ body }, account) {
      for (const openid of members(body, account)) account.blacklist.delete(openid)
      return OK
    },
  },
}

const PAGE = 10_000

/** What every list of OpenIDs looks like; the page begins behind `after`. */
export function page(all: readonly string[], after: string): JsonObject {
  const found = after === '' ? -1 : all.indexOf(after)
  if (after !== '' && found < 0) refuse(40003)
  const openid = all.slice(found + 1, found + 1 + PAGE)
  const counted = { total: all.length, count: openid.length }
  return openid.length === 0
    ? { ...counted, next_openid: '' }
    : { ...counted, data: { openid }, next_openid: openid.at(-1) }
}

/** Their OpenIDs, in the same order. */
export function openIds(followers: readonly Follower[]): string[] {
  return followers.map(({ openid }) => openid)
}

function members(body: JsonObject, { followers }: Account): readonly string[] {
  const list = textsOf(body, 'openid_list', 20, 40032)
  for (const openid of list) followers.known(openid)
  return list
}

/** Without a name and a picture, which are given to nobody since December 2021. */
function described({ openid, subscribed, since, remark, tags, scene }: Follower): JsonObject {
  if (!subscribed) return { subscribe: 0, openid }
  const number = /^\d{1,10}$/.test(scene)
  return {
    subscribe: 1,
    openid,
    language: 'zh_CN',
    subscribe_time: Math.floor(since / 1000),
    remark,
    groupid: [...tags][0] ?? 0,
    tagid_list: [...tags],
    subscribe_scene: scene === '' ? 'ADD_SCENE_SEARCH' : 'ADD_SCENE_QR_CODE',
    qr_scene: number ? Number(scene) : 0,
    qr_scene_str: number ? '' : scene,
  }
}

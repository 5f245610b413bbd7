import type { EndpointTable } from '../endpoint.ts'
import type { Schema } from '../schema.ts'

const media = { media_id: 'string' } as const

/** What can be sent to many; an article is the media_id of a draft. */
const messages = {
  mpnews: { mpnews: media },
  text: { text: { content: 'string' } },
  voice: { voice: media },
  image: {
    'images?': {
      media_ids: ['string', '1..20'],
      'recommend?': 'string',
      'need_open_comment?': 'integer 0..1',
      'only_fans_can_comment?': 'integer 0..1',
    },
    'image?': media,
  },
  mpvideo: { mpvideo: media },
  wxcard: { wxcard: { card_id: 'string' } },
} as const satisfies Readonly<Record<string, Schema>>

const sending = {
  'msgtype|': messages,
  // 1 sends an article as well that turns out to be a reprint.
  'send_ignore_reprint?': 'integer 0..1',
  'clientmsgid?': 'string <= 32 bytes',
} as const

const sent = { msg_id: 'id', 'msg_data_id?': 'id' } as const

/** "Mass sending": an account one a day, a service account four to each follower a month. */
export const mass = {
  sendAll: {
    call: 'POST /cgi-bin/message/mass/sendall',
    accounts: 'verified',
    perDay: 100,
    params: { filter: { is_to_all: 'boolean', 'tag_id?': 'integer' }, ...sending },
    result: sent,
    alsoDone: 45065,
  },
  send: {
    call: 'POST /cgi-bin/message/mass/send',
    accounts: 'verified service',
    perDay: 100,
    params: { touser: ['string', '2..10000'], ...sending },
    result: sent,
    alsoDone: 45065,
  },
  // touser: an OpenID; towxname: a WeChat id, which is preferred.
  preview: {
    call: 'POST /cgi-bin/message/mass/preview',
    accounts: 'verified',
    perDay: 100,
    params: { 'touser?': 'string', 'towxname?': 'string', 'msgtype|': messages },
    result: { 'msg_id?': 'id' },
  },
  // Articles and videos only; article_idx 0 is all of them.
  delete: {
    call: 'POST /cgi-bin/message/mass/delete',
    accounts: 'verified',
    params: { 'msg_id?': 'id', 'article_idx?': 'integer', 'url?': 'string' },
  },
  // msg_status: SENDING, SEND_SUCCESS, SEND_FAIL or DELETE
  get: {
    call: 'POST /cgi-bin/message/mass/get',
    accounts: 'verified',
    repeatable: true,
    params: { msg_id: 'id' },
    result: { msg_id: 'id', msg_status: 'string' },
  },
  getSpeed: {
    call: 'POST /cgi-bin/message/mass/speed/get',
    accounts: 'verified',
    repeatable: true,
    result: { speed: 'integer', realspeed: 'integer' },
  },
  // 0 to 4: 800 000, 600 000, 450 000, 300 000 and 100 000 a minute
  setSpeed: {
    call: 'POST /cgi-bin/message/mass/speed/set',
    accounts: 'verified',
    params: { speed: 'integer 0..4' },
  },
  // Older than drafts.
  uploadNews: {
    call: 'POST /cgi-bin/media/uploadnews',
    accounts: 'verified',
    params: {
      articles: [
        {
          thumb_media_id: 'string',
          title: 'string',
          content: 'string',
          'author?': 'string',
          'content_source_url?': 'string',
          'digest?': 'string',
          'show_cover_pic?': 'integer 0..1',
          'need_open_comment?': 'integer 0..1',
          'only_fans_can_comment?': 'integer 0..1',
        },
        '1..8',
      ],
    },
    result: { type: 'string', media_id: 'string', created_at: 'integer' },
  },
  uploadVideo: {
    call: 'POST /cgi-bin/media/uploadvideo',
    accounts: 'verified',
    params: { ...media, 'title?': 'string', 'description?': 'string' },
    result: { type: 'string', media_id: 'string', created_at: 'integer' },
  },
} as const satisfies EndpointTable

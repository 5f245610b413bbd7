import type { EndpointTable } from '../endpoint.ts'
import type { Schema } from '../schema.ts'
import { keptArticle, pageOfArticles } from './article.ts'

const comments = { 'need_open_comment?': 'integer 0..1', 'only_fans_can_comment?': 'integer 0..1' } as const

const text = {
  title: 'string <= 32 characters',
  // HTML of less than 20 000 characters; its pictures must come from media.uploadImage.
  content: 'string',
  ...comments,
  'product_info?': 'json',
} as const

const news = {
  ...text,
  'author?': 'string <= 16 characters',
  'digest?': 'string <= 128 characters',
  'content_source_url?': 'string <= 1024 bytes',
  // Of permanent material.
  thumb_media_id: 'string',
  // Two corners: x1_y1_x2_y2
  'pic_crop_235_1?': 'string',
  'pic_crop_1_1?': 'string',
} as const

const article = {
  'article_type|': {
    '': news,
    news,
    newspic: {
      ...text,
      image_info: { image_list: [{ image_media_id: 'string' }, '1..20'] },
      'cover_info?': 'json',
    },
  },
} as const satisfies Schema

const kept = {
  ...keptArticle,
  'article_type?': 'string',
  'url?': 'string',
  'image_info?': { image_list: [{ image_media_id: 'string' }] },
} as const satisfies Schema

/** "Drafts": a draft is gone once it is published or sent to many. */
export const draft = {
  add: {
    call: 'POST /cgi-bin/draft/add',
    accounts: 'any',
    perDay: 1000,
    params: { articles: [article] },
    result: { media_id: 'string' },
  },
  // One article, by its index from 0.
  update: {
    call: 'POST /cgi-bin/draft/update',
    accounts: 'any',
    perDay: 1000,
    params: { media_id: 'string', index: 'integer', articles: article },
  },
  get: {
    call: 'POST /cgi-bin/draft/get',
    accounts: 'any',
    perDay: 500,
    repeatable: true,
    params: { media_id: 'string' },
    result: { news_item: [kept] },
  },
  delete: {
    call: 'POST /cgi-bin/draft/delete',
    accounts: 'any',
    perDay: 1000,
    params: { media_id: 'string' },
  },
  count: {
    call: 'GET /cgi-bin/draft/count',
    accounts: 'any',
    perDay: 1000,
    result: { total_count: 'integer' },
  },
  list: {
    call: 'POST /cgi-bin/draft/batchget',
    accounts: 'any',
    perDay: 1000,
    repeatable: true,
    params: pageOfArticles,
    result: {
      total_count: 'integer',
      item_count: 'integer',
      item: [{ media_id: 'string', content: { news_item: [kept] }, update_time: 'integer' }],
    },
  },
  // Turned drafts on when they were new; checkonly 1 only asks.
  switch: {
    call: 'POST /cgi-bin/draft/switch?checkonly',
    accounts: 'retired',
    params: { 'checkonly?': 'integer 0..1' },
    result: { 'is_open?': 'integer' },
  },
} as const satisfies EndpointTable

import type { EndpointTable } from '../endpoint.ts'
import { keptArticle, pageOfArticles } from './article.ts'

const article = { ...keptArticle, url: 'string', 'is_deleted?': 'boolean' } as const

/** "Publishing": not pushed to followers. Unverified accounts may not since July 2025. */
export const publish = {
  // Success means that the job was taken; its result comes as the event PUBLISHJOBFINISH, or by get.
  submit: {
    call: 'POST /cgi-bin/freepublish/submit',
    accounts: 'verified',
    perDay: 100,
    params: { media_id: 'string' },
    result: { publish_id: 'id', 'msg_data_id?': 'id' },
  },
  get: {
    call: 'POST /cgi-bin/freepublish/get',
    accounts: 'verified',
    perDay: 100,
    repeatable: true,
    params: { publish_id: 'string' },
    result: {
      publish_id: 'id',
      publish_status: 'integer',
      'article_id?': 'string',
      'article_detail?': { count: 'integer', item: [{ idx: 'integer', article_url: 'string' }] },
      'fail_idx?': ['integer'],
    },
  },
  // Cannot be undone; index 0 is every article.
  delete: {
    call: 'POST /cgi-bin/freepublish/delete',
    accounts: 'verified',
    perDay: 10,
    params: { article_id: 'string', 'index?': 'integer' },
  },
  getArticle: {
    call: 'POST /cgi-bin/freepublish/getarticle',
    accounts: 'verified',
    perDay: 100,
    repeatable: true,
    params: { article_id: 'string' },
    result: { news_item: [article] },
  },
  list: {
    call: 'POST /cgi-bin/freepublish/batchget',
    accounts: 'verified',
    perDay: 100,
    repeatable: true,
    params: pageOfArticles,
    result: {
      total_count: 'integer',
      item_count: 'integer',
      item: [{ article_id: 'string', content: { news_item: [article] }, update_time: 'integer' }],
    },
  },
} as const satisfies EndpointTable

import type { Schema } from '../schema.ts'

/** As an article comes back, with what the platform adds to what was given. */
export const keptArticle = {
  title: 'string',
  'author?': 'string',
  'digest?': 'string',
  'content?': 'string',
  'content_source_url?': 'string',
  'thumb_media_id?': 'string',
  'thumb_url?': 'string',
  'show_cover_pic?': 'integer',
  'need_open_comment?': 'integer',
  'only_fans_can_comment?': 'integer',
} as const satisfies Schema

/** Which of all that there are; `no_content` 1 leaves the text of the articles out. */
export const pageOfArticles = { offset: 'integer', count: 'integer 1..20', 'no_content?': 'integer 0..1' } as const

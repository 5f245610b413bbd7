import type { EndpointTable } from '../endpoint.ts'

const newsItem = {
  title: 'string',
  thumb_media_id: 'string',
  'show_cover_pic?': 'integer',
  'author?': 'string',
  'digest?': 'string',
  content: 'string',
  'url?': 'string',
  'content_source_url?': 'string',
} as const

/** "Permanent material": 100 000 pictures and articles, 1000 of everything else. */
export const material = {
  add: {
    call: 'POST /cgi-bin/material/add_material?type',
    accounts: 'any',
    params: {
      'type|': {
        image: { media: 'file <= 10 MB' },
        voice: { media: 'file <= 2 MB' },
        video: { media: 'file <= 10 MB', description: { title: 'string', introduction: 'string' } },
        thumb: { media: 'file <= 64 KB' },
      },
    },
    result: { media_id: 'string', 'url?': 'string' },
  },
  // Articles come as news_item, a video as title, description and down_url, everything else as a file.
  get: {
    call: 'POST /cgi-bin/material/get_material',
    accounts: 'any',
    repeatable: true,
    download: true,
    params: { media_id: 'string' },
    result: { 'news_item?': [newsItem], 'title?': 'string', 'description?': 'string', 'down_url?': 'string' },
  },
  delete: {
    call: 'POST /cgi-bin/material/del_material',
    accounts: 'any',
    params: { media_id: 'string' },
  },
  count: {
    call: 'GET /cgi-bin/material/get_materialcount',
    accounts: 'any',
    result: { voice_count: 'integer', video_count: 'integer', image_count: 'integer', news_count: 'integer' },
  },
  list: {
    call: 'POST /cgi-bin/material/batchget_material',
    accounts: 'any',
    repeatable: true,
    params: { type: 'one of image|video|voice|news', offset: 'integer', count: 'integer 1..20' },
    result: {
      total_count: 'integer',
      item_count: 'integer',
      item: [
        {
          media_id: 'string',
          'name?': 'string',
          'url?': 'string',
          update_time: 'integer',
          'content?': { news_item: [newsItem] },
        },
      ],
    },
  },
  // Drafts have taken their place.
  addNews: {
    call: 'POST /cgi-bin/material/add_news',
    accounts: 'retired',
    params: { articles: [newsItem, '1..8'] },
    result: { media_id: 'string' },
  },
  updateNews: {
    call: 'POST /cgi-bin/material/update_news',
    accounts: 'retired',
    params: { media_id: 'string', index: 'integer 0..7', articles: newsItem },
  },
} as const satisfies EndpointTable

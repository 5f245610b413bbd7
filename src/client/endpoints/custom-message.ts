import type { EndpointTable } from '../endpoint.ts'

/**
 * "Customer service messages": to a follower who has written within 48 hours (five of them), or has followed, scanned
 * or tapped within a minute (three).
 */
export const customMessage = {
  send: {
    call: 'POST /cgi-bin/message/custom/send',
    accounts: 'verified',
    perDay: 500_000,
    params: {
      touser: 'string',
      'msgtype|': {
        text: { text: { content: 'string' } },
        image: { image: { media_id: 'string' } },
        voice: { voice: { media_id: 'string' } },
        video: {
          video: { media_id: 'string', 'thumb_media_id?': 'string', 'title?': 'string', 'description?': 'string' },
        },
        music: {
          music: {
            'title?': 'string',
            'description?': 'string',
            musicurl: 'string',
            hqmusicurl: 'string',
            thumb_media_id: 'string',
          },
        },
        news: {
          news: {
            articles: [{ title: 'string', 'description?': 'string', 'url?': 'string', 'picurl?': 'string' }, '1..1'],
          },
        },
        mpnews: { mpnews: { media_id: 'string' } },
        mpnewsarticle: { mpnewsarticle: { article_id: 'string' } },
        msgmenu: {
          msgmenu: {
            'head_content?': 'string',
            list: [{ id: 'string', content: 'string' }],
            'tail_content?': 'string',
          },
        },
        wxcard: { wxcard: { card_id: 'string' } },
        miniprogrampage: {
          miniprogrampage: { title: 'string', appid: 'string', pagepath: 'string', thumb_media_id: 'string' },
        },
      },
      'customservice?': { kf_account: 'string' },
      // 1 adds a grey line that says that an AI has written it.
      'aimsgcontext?': { is_ai_msg: 'integer 0..1' },
    },
  },
  // Only within 30 seconds of an interaction.
  typing: {
    call: 'POST /cgi-bin/message/custom/typing',
    accounts: 'verified',
    params: { touser: 'string', command: 'one of Typing|CancelTyping' },
  },
} as const satisfies EndpointTable

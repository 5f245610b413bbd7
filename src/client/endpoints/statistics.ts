import type { Endpoint, EndpointTable } from '../endpoint.ts'
import type { Schema } from '../schema.ts'

const dates = { begin_date: 'date', end_date: 'date' } as const

/** Every call of the data cube takes two days, the later yesterday at most, and answers with a list. */
function daily<const Path extends string, const Days extends number, const Row extends Schema>(
  path: Path,
  maxDays: Days,
  row: Row,
) {
  return {
    call: `POST /datacube/${path}`,
    accounts: 'verified',
    repeatable: true,
    maxDays,
    params: dates,
    result: { list: [row], 'is_delay?': 'boolean' },
  } as const satisfies Endpoint
}

const day = { ref_date: 'string' } as const
const hour = { ...day, ref_hour: 'integer' } as const

const readings = {
  int_page_read_user: 'integer',
  int_page_read_count: 'integer',
  ori_page_read_user: 'integer',
  ori_page_read_count: 'integer',
  share_user: 'integer',
  share_count: 'integer',
  add_to_fav_user: 'integer',
  add_to_fav_count: 'integer',
} as const
const ofArticle = { ...day, msgid: 'string', title: 'string' } as const
const shares = { share_scene: 'integer', share_user: 'integer', share_count: 'integer' } as const

const readers = {
  read_user: 'integer',
  read_user_source: [{ user_count: 'integer', scene_desc: 'string' }],
} as const
const reactions = {
  ...readers,
  share_user: 'integer',
  zaikan_user: 'integer',
  like_user: 'integer',
  comment_count: 'integer',
  collection_user: 'integer',
} as const

const messages = { msg_type: 'integer', msg_user: 'integer', msg_count: 'integer' } as const
const distribution = { ...day, count_interval: 'integer', msg_user: 'integer' } as const
/** Of our own answers; times in milliseconds. */
const interfaces = {
  callback_count: 'integer',
  fail_count: 'integer',
  total_time_cost: 'integer',
  max_time_cost: 'integer',
} as const

/** "Data statistics": ready after about eight in the morning. */
export const statistics = {
  userSummary: daily('getusersummary', 7, {
    ...day,
    user_source: 'integer',
    new_user: 'integer',
    cancel_user: 'integer',
  }),
  userCumulate: daily('getusercumulate', 7, { ...day, cumulate_user: 'integer' }),

  // The next six are no longer maintained; the four after them have taken their place.
  articleSummary: daily('getarticlesummary', 1, { ...ofArticle, ...readings }),
  articleTotal: daily('getarticletotal', 1, {
    ...ofArticle,
    details: [{ stat_date: 'string', target_user: 'integer', ...readings }],
  }),
  userRead: daily('getuserread', 3, { ...day, 'user_source?': 'integer', ...readings }),
  userReadHour: daily('getuserreadhour', 1, { ...hour, 'user_source?': 'integer', ...readings }),
  userShare: daily('getusershare', 7, { ...day, ...shares }),
  userShareHour: daily('getusersharehour', 1, { ...hour, ...shares }),

  articleRead: daily('getarticleread', 1, { ...day, msgid: 'string', detail: readers }),
  articleShare: daily('getarticleshare', 1, { ...day, msgid: 'string', detail: { share_user: 'integer' } }),
  articleTotalDetail: daily('getarticletotaldetail', 1, {
    ...day,
    msgid: 'string',
    publish_type: 'integer',
    detail_list: [{ stat_date: 'string', ...reactions }],
  }),
  accountSummary: daily('getbizsummary', 30, {
    ...day,
    detail: { ...reactions, redirect_ori_page_user: 'integer', send_page_count: 'integer' },
  }),

  messages: daily('getupstreammsg', 7, { ...day, ...messages }),
  messagesByHour: daily('getupstreammsghour', 1, { ...hour, ...messages }),
  messagesByWeek: daily('getupstreammsgweek', 30, { ...day, ...messages }),
  messagesByMonth: daily('getupstreammsgmonth', 30, { ...day, ...messages }),
  messageDistribution: daily('getupstreammsgdist', 15, distribution),
  messageDistributionByWeek: daily('getupstreammsgdistweek', 30, distribution),
  messageDistributionByMonth: daily('getupstreammsgdistmonth', 30, distribution),

  interfaceSummary: daily('getinterfacesummary', 30, { ...day, ...interfaces }),
  interfaceSummaryByHour: daily('getinterfacesummaryhour', 1, { ...hour, ...interfaces }),

  // For accounts that show advertisements.
  advertising: {
    call: 'GET /publisher/stat',
    accounts: 'verified',
    params: {
      action: 'one of publisher_adpos_general|publisher_cps_general|publisher_settlement',
      page: 'integer',
      page_size: 'integer 1..90',
      start_date: 'date',
      end_date: 'date',
      'ad_slot?': 'string',
    },
    result: {
      'base_resp?': { ret: 'integer', err_msg: 'string' },
      'list?': ['json'],
      'summary?': 'json',
      'settlement_list?': ['json'],
      'total_num?': 'integer',
    },
  },
} as const satisfies EndpointTable

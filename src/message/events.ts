import type { FieldsOf, Schema } from './schema.ts'

/* Longer than other files because it is one table, which whoever adds an event reads as a whole. */

const menuTap = { EventKey: 'string', MenuId: 'string?' } as const
const codeScan = { EventKey: 'string', ScanCodeInfo: { ScanType: 'string', ScanResult: 'string' } } as const
const pictures = {
  EventKey: 'string',
  SendPicsInfo: { Count: 'number', PicList: { item: [{ PicMd5Sum: 'string' }] } },
} as const
const verified = { ExpiredTime: 'number' } as const
const notVerified = { FailTime: 'number', FailReason: 'string' } as const
const personalData = { OpenID: 'string', UnionID: 'string?', AppID: 'string' } as const
const card = { CardId: 'string', UserCardCode: 'string' } as const
const storeAudit = {
  audit_id: 'string',
  status: 'number',
  reason: 'string',
  is_upgrade: 'number',
  poiid: 'string',
} as const
const beacon = { Uuid: 'string', Major: 'number', Minor: 'number', Distance: 'number', Rssi: 'number?' } as const
const product = { KeyStandard: 'string', KeyStr: 'string' } as const
const device = {
  DeviceType: 'string',
  DeviceID: 'string',
  SessionID: 'string',
  Content: 'string',
  OpenID: 'string',
} as const

/**
 * Every event and its elements beyond the common ones, as the event sections of WeChat's message push documentation give
 * them, under the spelling that the platform uses. The only list of events: types and run-time tables derive from it.
 */
export const eventSchemas = {
  // Followers, scanning, location
  subscribe: { EventKey: 'string', Ticket: 'string?', scene: 'qrscene' },
  unsubscribe: { EventKey: 'string' },
  SCAN: { EventKey: 'string', Ticket: 'string?', scene: 'scene' },
  LOCATION: { Latitude: 'number', Longitude: 'number', Precision: 'number' },
  ENTER: {},
  user_enter_tempsession: { SessionFrom: 'string' },

  // Menu
  CLICK: { EventKey: 'string' },
  VIEW: menuTap,
  view_miniprogram: menuTap,
  scancode_push: codeScan,
  scancode_waitmsg: codeScan,
  pic_sysphoto: pictures,
  pic_photo_or_album: pictures,
  pic_weixin: pictures,
  location_select: {
    EventKey: 'string',
    SendLocationInfo: {
      Location_X: 'number',
      Location_Y: 'number',
      Scale: 'number',
      Label: 'string',
      Poiname: 'string',
    },
  },

  // Results of jobs; MsgID is the id of the job, not of a message
  TEMPLATESENDJOBFINISH: { MsgID: 'string', Status: 'string' },
  MASSSENDJOBFINISH: {
    MsgID: 'string',
    Status: 'string',
    TotalCount: 'number',
    FilterCount: 'number',
    SentCount: 'number',
    ErrorCount: 'number',
    CopyrightCheckResult: {
      Count: 'number?',
      ResultList: {
        item: [
          {
            ArticleIdx: 'number',
            UserDeclareState: 'number',
            AuditState: 'number',
            OriginalArticleUrl: 'string',
            OriginalArticleType: 'number',
            CanReprint: 'number',
            NeedReplaceContent: 'number',
            NeedShowReprintSource: 'number',
          },
        ],
      },
      CheckState: 'number?',
    },
    ArticleUrlResult: { Count: 'number?', ResultList: { item: [{ ArticleIdx: 'number', ArticleUrl: 'string' }] } },
  },
  PUBLISHJOBFINISH: {
    PublishEventInfo: {
      publish_id: 'string',
      publish_status: 'number',
      article_id: 'string?',
      article_detail: { count: 'number?', item: [{ idx: 'number', article_url: 'string' }] },
      fail_idx: ['number'],
    },
  },

  // Subscription notices
  subscribe_msg_popup_event: {
    SubscribeMsgPopupEvent: {
      List: [{ TemplateId: 'string', SubscribeStatusString: 'string', PopupScene: 'number' }],
    },
  },
  subscribe_msg_change_event: {
    SubscribeMsgChangeEvent: { List: [{ TemplateId: 'string', SubscribeStatusString: 'string' }] },
  },
  subscribe_msg_sent_event: {
    SubscribeMsgSentEvent: {
      List: [{ TemplateId: 'string', MsgID: 'string', ErrorCode: 'number', ErrorStatus: 'string' }],
    },
  },

  // Human customer service
  kf_create_session: { KfAccount: 'string' },
  kf_close_session: { KfAccount: 'string', CloseType: 'string?' },
  kf_switch_session: { FromKfAccount: 'string', ToKfAccount: 'string' },

  // Verification of the account
  qualification_verify_success: verified,
  qualification_verify_fail: notVerified,
  naming_verify_success: verified,
  naming_verify_fail: notVerified,
  annual_renew: verified,
  verify_expired: verified,
  wx_verify_pay_succ: {},
  wx_verify_dispatch: {},
  wx_verify_refill: { RefillTime: 'number', RefillReason: 'string' },
  wx_verify_fail: {},

  // Personal data: what the account keeps of this person must be updated or deleted
  user_info_modified: personalData,
  user_authorization_revoke: { ...personalData, RevokeInfo: 'string' },
  user_authorization_cancellation: personalData,

  // Cards and coupons
  card_pass_check: { CardId: 'string', RefuseReason: 'string?' },
  card_not_pass_check: { CardId: 'string', RefuseReason: 'string' },
  user_get_card: {
    ...card,
    IsGiveByFriend: 'number',
    FriendUserName: 'string',
    OldUserCardCode: 'string',
    OuterId: 'string?',
    OuterStr: 'string?',
    IsRestoreMemberCard: 'number?',
    IsRecommendByFriend: 'number?',
    UnionId: 'string?',
    SourceScene: 'string?',
  },
  user_gifting_card: { ...card, IsReturnBack: 'number', FriendUserName: 'string', IsChatRoom: 'number' },
  user_del_card: card,
  user_consume_card: {
    ...card,
    ConsumeSource: 'string',
    LocationName: 'string',
    StaffOpenId: 'string',
    VerifyCode: 'string',
    RemarkAmount: 'string',
    OuterStr: 'string',
  },
  user_pay_from_pay_cell: {
    ...card,
    TransId: 'string',
    LocationId: 'string',
    Fee: 'number',
    OriginalFee: 'number',
  },
  user_view_card: { ...card, OuterStr: 'string' },
  user_enter_session_from_card: card,
  update_member_card: { ...card, ModifyBonus: 'number', ModifyBalance: 'number' },
  card_sku_remind: { CardId: 'string', Detail: 'string' },
  card_pay_order: {
    OrderId: 'string',
    Status: 'string',
    CreateOrderTime: 'number?',
    PayFinishTime: 'number',
    Desc: 'string',
    FreeCoinCount: 'number',
    PayCoinCount: 'number',
    RefundFreeCoinCount: 'number',
    RefundPayCoinCount: 'number',
    OrderType: 'string',
    Memo: 'string',
    ReceiptInfo: 'string',
  },
  submit_membercard_user_info: card,
  giftcard_pay_done: { PageId: 'string', OrderId: 'string' },
  // Unlike user_gifting_card these say true and false
  giftcard_send_to_friend: { PageId: 'string', OrderId: 'string', IsChatRoom: 'string', IsReturnBack: 'string' },
  giftcard_user_accept: { PageId: 'string', OrderId: 'string', IsChatRoom: 'string' },
  card_merchant_check_result: { MerchantId: 'string', IsPass: 'number', Reason: 'string' },

  // Invoices
  user_authorize_invoice: { SuccOrderId: 'string', FailOrderId: 'string', AuthorizeAppId: 'string', Source: 'string' },
  update_invoice_status: { Status: 'string', CardId: 'string', Code: 'string' },
  submit_invoice_title: {
    title: 'string',
    phone: 'string',
    tax_no: 'string',
    addr: 'string',
    bank_type: 'string',
    bank_no: 'string',
    attach: 'string',
    title_type: 'string',
  },
  cloud_invoice_invoiceresult_event: { status: 'string', fpqqlsh: 'string', nsrsbh: 'string' },

  // Stores
  poi_check_notify: { UniqId: 'string', PoiId: 'string', Result: 'string', Msg: 'string' },
  apply_merchant_audit_info: { audit_id: 'string', status: 'number', reason: 'string' },
  create_map_poi_audit_info: {
    audit_id: 'string',
    status: 'number',
    map_poi_id: 'string',
    name: 'string',
    address: 'string',
    latitude: 'number',
    longitude: 'number',
    sh_remark: 'string',
  },
  add_store_audit_info: storeAudit,
  modify_store_audit_info: storeAudit,

  // Wi-Fi, beacons, goods, hardware
  WifiConnected: {
    ConnectTime: 'number',
    ExpireTime: 'number',
    VendorId: 'string',
    ShopId: 'string?',
    PlaceId: 'string?',
    DeviceNo: 'string',
  },
  ShakearoundUserShake: {
    ChosenBeacon: beacon,
    AroundBeacons: { AroundBeacon: [beacon] },
    ChosenPageId: 'string?',
  },
  merchant_order: { OrderId: 'string', OrderStatus: 'number', ProductId: 'string', SkuInfo: 'string' },
  open_product_order_pay: {
    order_info: { out_order_id: 'string', order_id: 'string', transaction_id: 'string', pay_time: 'string' },
  },
  user_scan_product: {
    ...product,
    Country: 'string',
    Province: 'string',
    City: 'string',
    Sex: 'number',
    Scene: 'number',
    ExtInfo: 'string',
  },
  user_scan_product_enter_session: { ...product, ExtInfo: 'string' },
  user_scan_product_async: { ...product, ExtInfo: 'string', RegionCode: 'string' },
  user_scan_product_verify_action: { ...product, Result: 'string', ReasonMsg: 'string' },
  subscribe_scan_product: { EventKey: 'string' },
  // Names that other programs give to MsgType device_text, and to device_event with Event bind, unbind and so on
  device_text: device,
  device_bind: device,
  device_unbind: device,
  device_subscribe_status: { ...device, OpType: 'number' },
  device_unsubscribe_status: { ...device, OpType: 'number' },

  // Guides
  guide_qrcode_scan_event: {
    GuideScanEvent: {
      qrcode_guide_account: 'string?',
      qrcode_guide_openid: 'string?',
      openid: 'string',
      action: 'number',
      qrcode_info: 'string',
    },
  },
  guide_invite_result_event: {
    GuideInviteEvent: { guide_account: 'string?', guide_openid: 'string?', invite_result: 'number' },
  },
  add_guide_buyer_relation_event: {},

  // Mini programs, and the debugging tool of the console
  wxa_media_check: {
    appid: 'string',
    trace_id: 'string',
    version: 'number?',
    detail: [{ strategy: 'string', errcode: 'number', suggest: 'string', label: 'number?', prob: 'number?' }],
    errcode: 'number?',
    errmsg: 'string?',
    result: { suggest: 'string', label: 'number?' },
    isrisky: 'number?',
    extra_info_json: 'string?',
    status_code: 'number?',
  },
  weapp_audit_success: { SuccTime: 'number' },
  weapp_audit_fail: { Reason: 'string', FailTime: 'number', ScreenShot: 'string?' },
  weapp_audit_delay: { Reason: 'string', DelayTime: 'number' },
  debug_demo: { debug_str: 'string' },
} as const satisfies Readonly<Record<string, Schema>>

/** The fields of each event beyond {@link CommonFields}, by the event's name as WeChat usually spells it. */
export type EventMap = { readonly [Name in keyof typeof eventSchemas]: FieldsOf<(typeof eventSchemas)[Name]> }

/** The name of an event that {@link EventMap} has. */
export type EventName = keyof EventMap

/** Every name in {@link EventMap}. */
export const eventNames = Object.keys(eventSchemas) as readonly EventName[]

const byLowerCase: ReadonlyMap<string, EventName> = new Map(eventNames.map(name => [name.toLowerCase(), name]))

/** What the buttons of a menu send that have a key of the owner's; `VIEW` has an address in its place ("custom menu"). */
export const menuKeyEvents = [
  'CLICK',
  'scancode_push',
  'scancode_waitmsg',
  'pic_sysphoto',
  'pic_photo_or_album',
  'pic_weixin',
  'location_select',
] as const satisfies readonly EventName[]

/** The usual spelling of an event's name, which WeChat itself sends in varying case; undefined for an unknown one. */
export function canonicalEventName(name: string): EventName | undefined {
  return byLowerCase.get(name.toLowerCase())
}

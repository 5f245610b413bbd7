/** A call that the API refuses: the answer is HTTP 200 and this errcode. */
export class ApiRefusal extends Error {
  override name = 'ApiRefusal'
  readonly errcode: number

  constructor(errcode: number, errmsg = ERRMSGS[errcode] ?? 'error') {
    super(errmsg)
    this.errcode = errcode
  }
}

/** @throws {ApiRefusal} always */
export function refuse(errcode: number, errmsg?: string): never {
  throw new ApiRefusal(errcode, errmsg)
}

const NOT_LATEST =
  'invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r'

/** What WeChat writes beside an errcode ("Global return codes"). */
export const ERRMSGS: Readonly<Record<number, string>> = {
  [-1]: 'system error',
  40001: NOT_LATEST,
  40002: 'invalid grant_type',
  40003: 'invalid openid',
  40004: 'invalid media type',
  40005: 'invalid file type',
  40006: 'invalid media size',
  40007: 'invalid media_id',
  40008: 'invalid message type',
  40009: 'invalid image size',
  40010: 'invalid voice size',
  40011: 'invalid video size',
  40012: 'invalid thumb size',
  40013: 'invalid appid',
  40014: 'invalid access_token',
  40016: 'invalid button size',
  40017: 'invalid button type',
  40018: 'invalid button name size',
  40019: 'invalid button key size',
  40020: 'invalid button url size',
  40022: 'invalid sub button level',
  40023: 'invalid sub button size',
  40024: 'invalid sub button type',
  40025: 'invalid sub button name size',
  40026: 'invalid sub button key size',
  40027: 'invalid sub button url size',
  40029: 'invalid code',
  40030: 'invalid refresh_token',
  40032: 'invalid openid list size',
  40033: 'invalid charset. please check your request, if include \\uxxxx will create fail!',
  40035: 'invalid parameter',
  40037: 'invalid template_id',
  40053: 'invalid action info',
  40054: 'invalid button url domain',
  40055: 'invalid sub button url domain',
  40066: 'invalid url',
  40097: 'invalid args',
  40125: 'invalid appsecret',
  40163: 'code been used',
  40164: 'invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist',
  40202: 'invalid action',
  40203: 'invalid check_operator',
  41001: 'access_token missing',
  41002: 'appid missing',
  41003: 'refresh_token missing',
  41004: 'appsecret missing',
  41005: 'media data missing',
  41006: 'media_id missing',
  41008: 'missing code',
  41009: 'missing openid',
  42001: 'access_token expired',
  42002: 'refresh_token expired',
  42003: 'code expired',
  43001: 'require GET method',
  43002: 'require POST method',
  43004: 'require subscribe',
  44001: 'empty media data',
  44002: 'empty post data',
  44004: 'empty content',
  45001: 'media size out of limit',
  45002: 'content size out of limit',
  45008: 'article size out of limit',
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit  mustslower  retry next minute',
  45015: 'response out of time limit or subscription is canceled',
  45026: 'template num exceeds limit',
  45047: 'out of response count limit',
  45056: 'too many tag now, can not add new',
  45058: "can't modify sys tag",
  45059: 'can not add this tag to the user, too many tags',
  45072: 'invalid command',
  45080: 'no message recently',
  45081: 'is typing already',
  45157: 'invalid tag name',
  45158: 'invalid tag name size',
  45159: 'invalid tag id',
  46003: 'menu no exist',
  47001: 'data format error',
  48001: 'api unauthorized',
  48006: 'forbid to clear quota because of reaching the limit',
  50005: 'user is unsubscribed',
  65301: 'no this menuid',
  65302: 'no this user',
  65303: 'no selfmenu',
  65304: 'invalid matchrule',
  76001: 'rid not found',
  76002: 'invalid rid',
  76021: 'cgi_path not found, please check',
}

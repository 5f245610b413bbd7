import { randomBytes } from 'node:crypto'
import type { Bilingual } from '../errors.ts'
import { ArgumentError } from './argument-error.ts'
import type { JsSdkConfig } from './js-sdk.ts'

/** What the owner's own web pages need of an account, and the pages of WeChat's that they send a browser to. */
export interface Pages {
  /**
   * Signs one page for the JS-SDK, with a ticket that all processes share as they share the access token.
   *
   * @param url as the browser has it (`location.href`)
   * @throws {ArgumentError} when it is no http:// or https:// address
   * @throws {TokenError} when there is no ticket
   */
  signJsSdk(url: string): Promise<JsSdkConfig>
  /** See `createState`. */
  createState(): string
  /** See `authorizeUrl`; who comes back has a code for `client.oauth.accessToken`. */
  authorizeUrl(options: Omit<AuthorizeOptions, 'appId'>): string
  /** See `subscribeUrl`. */
  subscribeUrl(options: Omit<SubscribeOptions, 'appId'>): string
  /** See `qrcodeUrl`. */
  qrcodeUrl(ticket: string): string
}

/** The pages of one account. */
export function createPages(appId: string, signJsSdk: Pages['signJsSdk']): Pages {
  return {
    signJsSdk,
    createState,
    authorizeUrl: options => authorizeUrl({ ...options, appId }),
    subscribeUrl: options => subscribeUrl({ ...options, appId }),
    qrcodeUrl,
  }
}

/** Where a visitor logs in, and comes back to. */
export interface AuthorizeOptions {
  readonly appId: string
  /** Where the visitor comes back to, with `code` and `state`: of the domain that is registered in the console. */
  readonly redirectUri: string
  /** `snsapi_base`: the OpenID, without asking; `snsapi_userinfo`: name and picture, after asking. */
  readonly scope: 'snsapi_base' | 'snsapi_userinfo'
  /** Comes back unchanged: 1 to 128 letters and digits. Make it with `createState`, and refuse who brings another. */
  readonly state: string
  /** Asks even those who have agreed before. */
  readonly forcePopup?: boolean
  /** Shows a snapshot of the page to those who have not agreed. */
  readonly forceSnapShot?: boolean
}

/**
 * The address of the "web login" documentation that asks a visitor, in WeChat's browser, who they are. The order of its
 * parameters matters, and so does its fragment.
 *
 * @throws {ArgumentError} when the address or the state is none
 */
export function authorizeUrl(options: AuthorizeOptions): string {
  const { appId, redirectUri, scope, state, forcePopup, forceSnapShot } = options
  checkAddress('authorizeUrl', 'redirectUri', redirectUri)
  if (!/^[a-zA-Z0-9]{1,128}$/.test(state)) {
    throw new ArgumentError('authorizeUrl', 'state', {
      en: 'must be 1 to 128 letters and digits',
      zh: '必须是 1 到 128 个英文字母或数字',
    })
  }
  return [
    'https://open.weixin.qq.com/connect/oauth2/authorize',
    `?appid=${encodeURIComponent(appId)}`,
    `&redirect_uri=${encodeURIComponent(redirectUri)}`,
    `&response_type=code&scope=${scope}&state=${state}`,
    forcePopup ? '&forcePopup=true' : '',
    forceSnapShot ? '&forceSnapShot=true' : '',
    '#wechat_redirect',
  ].join('')
}

/** A state that nobody can guess. Keep it in the visitor's session and compare, or others can log them in. */
export function createState(): string {
  return randomBytes(16).toString('hex')
}

/** What a visitor agrees to, and where it leads. */
export interface SubscribeOptions {
  readonly appId: string
  /** 0 to 10000; comes back, and is needed for `template.sendOnce`. */
  readonly scene: number
  readonly templateId: string
  readonly redirectUrl: string
  /** Comes back unchanged: up to 128 letters and digits. */
  readonly reserved?: string
}

/**
 * The page of the "one-time subscription" documentation that asks a visitor to agree to one message.
 *
 * @throws {ArgumentError} when the address, the scene or `reserved` is none
 */
export function subscribeUrl({ appId, scene, templateId, redirectUrl, reserved = '' }: SubscribeOptions): string {
  checkAddress('subscribeUrl', 'redirectUrl', redirectUrl)
  if (!Number.isInteger(scene) || scene < 0 || scene > 10_000) {
    throw new ArgumentError('subscribeUrl', 'scene', { en: 'must be 0 to 10000', zh: '必须是 0 到 10000 的整数' })
  }
  if (!/^[a-zA-Z0-9]{0,128}$/.test(reserved)) {
    throw new ArgumentError('subscribeUrl', 'reserved', {
      en: 'must be up to 128 letters and digits',
      zh: '最多 128 个英文字母或数字',
    })
  }
  return [
    'https://mp.weixin.qq.com/mp/subscribemsg?action=get_confirm',
    `&appid=${encodeURIComponent(appId)}&scene=${scene}`,
    `&template_id=${encodeURIComponent(templateId)}&redirect_url=${encodeURIComponent(redirectUrl)}`,
    reserved && `&reserved=${reserved}`,
    '#wechat_redirect',
  ].join('')
}

/** The picture of a QR code that `qrcode.create` has made, for an `<img>`. */
export function qrcodeUrl(ticket: string): string {
  return `https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=${encodeURIComponent(ticket)}`
}

const ADDRESS: Bilingual = {
  en: 'must begin with http:// or https://',
  zh: '必须以 http:// 或 https:// 开头',
}

function checkAddress(call: string, parameter: string, value: string): void {
  if (!/^https?:\/\//.test(value) || !URL.canParse(value)) throw new ArgumentError(call, parameter, ADDRESS)
}

import type { Bilingual } from '../errors.ts'
import type { AccountConfig, Config } from './types.ts'

/** One setting: what a value must look like, and the sentence for the person whose value does not. */
export interface Setting {
  readonly environment: string
  readonly pattern: RegExp
  readonly permitted: Bilingual
  readonly number?: true
  /** The file may hold true or false in the place of on and off. */
  readonly flag?: true
  /** The file may hold a list in its place, which is checked by those whom it is for. */
  readonly list?: true
}

const token: Pick<Setting, 'pattern' | 'permitted'> = {
  pattern: /^[A-Za-z0-9]{1,32}$/,
  permitted: {
    en: "1 to 32 letters or digits (WeChat's console takes 3 to 32)",
    zh: '1 到 32 个英文字母或数字（公众平台后台要求 3 到 32 个）',
  },
}

const aesKey: Pick<Setting, 'pattern' | 'permitted'> = {
  pattern: /^[A-Za-z0-9+/]{43}$/,
  permitted: {
    en: "the 43 characters of the console's EncodingAESKey",
    zh: '公众平台后台的 EncodingAESKey，共 43 个字符',
  },
}

const onOrOff: Pick<Setting, 'pattern' | 'permitted' | 'flag'> = {
  pattern: /^(on|off)$/,
  permitted: { en: 'on or off', zh: 'on 或 off' },
  flag: true,
}

/** What each account has of its own; in the environment, that of the account `default`. */
export const accountSettings: Readonly<Record<keyof AccountConfig, Setting>> = {
  token: { environment: 'WEIXIN_TOKEN', ...token },
  previousToken: { environment: 'WEIXIN_PREVIOUS_TOKEN', ...token },
  appId: {
    environment: 'WEIXIN_APP_ID',
    pattern: /^wx[0-9A-Za-z]{6,30}$/,
    permitted: { en: 'an AppID: wx and 16 digits or small letters', zh: 'AppID：wx 加 16 位数字或小写字母' },
  },
  appSecret: {
    environment: 'WEIXIN_APP_SECRET',
    pattern: /^[\x21-\x7e]{8,128}$/,
    permitted: { en: "the console's AppSecret, without blanks", zh: '公众平台后台的 AppSecret，不含空格' },
  },
  tokenEndpoint: {
    environment: 'WEIXIN_TOKEN_ENDPOINT',
    pattern: /^(stable_token|token)$/,
    permitted: {
      en: 'stable_token, or token where another program of the account needs the older call',
      zh: 'stable_token；或 token（该账号的其他程序仍依赖旧接口时）',
    },
  },
  aesKey: { environment: 'WEIXIN_AES_KEY', ...aesKey },
  previousAesKey: { environment: 'WEIXIN_PREVIOUS_AES_KEY', ...aesKey },
  mode: {
    environment: 'WEIXIN_MODE',
    pattern: /^(plain|compatible|safe)$/,
    permitted: { en: 'plain, compatible or safe', zh: 'plain（明文）、compatible（兼容）或 safe（安全）' },
  },
  path: {
    environment: 'WEIXIN_PATH',
    pattern: /^\/[\w./-]{0,127}$/,
    permitted: { en: 'the path of the URL in the console, /shop', zh: '后台 URL 中的路径，如 /shop' },
  },
  originalId: {
    environment: 'WEIXIN_ORIGINAL_ID',
    pattern: /^gh_\w{1,61}$/,
    permitted: { en: 'the original id in the console, gh_…', zh: '后台的原始 ID，gh_…' },
  },
  rules: {
    environment: 'WEIXIN_RULES',
    pattern: /\.json$/i,
    permitted: {
      en: 'a list of rules, or the name of a .json file that holds one',
      zh: '规则列表，或保存规则列表的 .json 文件名',
    },
    list: true,
  },
}

/** Every key of `weixin.config.json` but `accounts`, with the variable of the environment that overrides it. */
export const settings: Readonly<Record<Exclude<keyof Config, 'accounts'>, Setting>> = {
  ...accountSettings,
  store: {
    environment: 'WEIXIN_STORE',
    pattern: /^(file:.+|memory:|rediss?:\/\/.+)$/,
    permitted: { en: 'file:DIRECTORY, memory: or redis://…', zh: 'file:目录、memory: 或 redis://…' },
  },
  apiBase: {
    environment: 'WEIXIN_API_BASE',
    pattern: /^https?:\/\/[^\s/?#]+(\/[^\s?#]*)?$/,
    permitted: { en: 'an http:// or https:// URL', zh: '以 http:// 或 https:// 开头的网址' },
  },
  proxy: {
    environment: 'WEIXIN_PROXY',
    pattern: /^http:\/\/[^\s/?#]+\/?$/,
    permitted: { en: 'the URL of an HTTP proxy, http://host:port', zh: 'HTTP 代理的网址，http://主机:端口' },
  },
  listen: {
    environment: 'WEIXIN_LISTEN',
    pattern: /^(.*\/.+|[^/\s]*:\d{1,5})$/,
    permitted: { en: '/path.sock, host:port or :port', zh: '/路径.sock、主机:端口 或 :端口' },
  },
  replayWindow: {
    environment: 'WEIXIN_REPLAY_WINDOW',
    pattern: /^\d{1,6}$/,
    permitted: { en: 'seconds from 0 (accept any age) to 999999', zh: '秒数，0（不检查）到 999999' },
    number: true,
  },
  deliveries: {
    environment: 'WEIXIN_DELIVERIES',
    pattern: /^[1-9]$/,
    permitted: { en: '1 to 9 (WeChat delivers 3 times)', zh: '1 到 9（微信共推送 3 次）' },
    number: true,
  },
  answerWithin: {
    environment: 'WEIXIN_ANSWER_WITHIN',
    pattern: /^[1-4]?\d{1,3}$/,
    permitted: { en: 'milliseconds below 5000, which is how long WeChat waits', zh: '毫秒数，小于微信等待的 5000' },
    number: true,
  },
  handlerLimit: {
    environment: 'WEIXIN_HANDLER_LIMIT',
    pattern: /^[1-9]\d{0,3}$/,
    permitted: { en: 'seconds from 1 to 9999', zh: '秒数，1 到 9999' },
    number: true,
  },
  keepAnswers: {
    environment: 'WEIXIN_KEEP_ANSWERS',
    pattern: /^[1-9]\d{0,6}$/,
    permitted: { en: 'seconds from 1 to 9999999', zh: '秒数，1 到 9999999' },
    number: true,
  },
  customerService: { environment: 'WEIXIN_CUSTOMER_SERVICE', ...onOrOff },
  lint: { environment: 'WEIXIN_LINT', ...onOrOff },
  log: {
    environment: 'WEIXIN_LOG',
    pattern: /^(text|json)$/,
    permitted: { en: 'text or json', zh: 'text 或 json' },
  },
  logLevel: {
    environment: 'WEIXIN_LOG_LEVEL',
    pattern: /^(debug|info|warn|error|off)$/,
    permitted: { en: 'debug, info, warn, error or off', zh: 'debug、info、warn、error 或 off' },
  },
  logContents: { environment: 'WEIXIN_LOG_CONTENTS', ...onOrOff },
  journal: { environment: 'WEIXIN_JOURNAL', ...onOrOff },
  journalDays: {
    environment: 'WEIXIN_JOURNAL_DAYS',
    pattern: /^[1-9]\d{0,3}$/,
    permitted: { en: 'days from 1 to 9999', zh: '天数，1 到 9999' },
    number: true,
  },
  journalMegabytes: {
    environment: 'WEIXIN_JOURNAL_MEGABYTES',
    pattern: /^[1-9]\d{0,4}$/,
    permitted: { en: 'MiB from 1 to 99999', zh: 'MiB 数，1 到 99999' },
    number: true,
  },
}

/** How WeChat's console says that messages are sent: 明文 (plain), 兼容 (compatible) or 安全 (safe). */
export type Mode = 'plain' | 'compatible' | 'safe'

/** What can be set for each account. */
export interface AccountConfig {
  /** The Token entered in WeChat's console. */
  readonly token: string
  /** The Token of before, accepted as well while it is being changed. */
  readonly previousToken?: string
  readonly appId?: string
  readonly appSecret?: string
  /** Which call gives the access token; `stable_token` if not given. */
  readonly tokenEndpoint?: 'stable_token' | 'token'
  /** The EncodingAESKey: 43 characters. */
  readonly aesKey?: string
  /** The EncodingAESKey of before, accepted as well while it is being changed. */
  readonly previousAesKey?: string
  readonly mode: Mode
  /** The path of the URL entered in the console. */
  readonly path?: string
  /** The account's original id, `gh_…`: what its messages are addressed to. */
  readonly originalId?: string
  /** Replies without code: a list of rules, not checked yet, or the name of a file that holds one. */
  readonly rules?: string | readonly unknown[]
}

/** Everything that can be set, checked: see `settings.ts` for the names in the file and in the environment. */
export interface Config extends AccountConfig {
  /** Further accounts by name; those of the file's top level are the account `default`. */
  readonly accounts: Readonly<Record<string, AccountConfig & { readonly path: string }>>
  /** Where state is kept: `file:DIR`, `memory:` or `redis://…`. */
  readonly store: string
  /** Where the official-account API is, without a slash at the end. */
  readonly apiBase: string
  /** The HTTP proxy by which the API is reached; no variable of the environment but ours is ever asked. */
  readonly proxy?: string
  /** Where FastCGI listens: `/path.sock`, `host:port` or `:port`. */
  readonly listen?: string
  /** How far a request's timestamp may be from our clock, in seconds; 0 accepts any. */
  readonly replayWindow: number
  /** How often WeChat delivers a message that is not answered in time. */
  readonly deliveries: number
  /** How long the last of these deliveries waits for the answer, in milliseconds. */
  readonly answerWithin: number
  /** When a handler that is still running is given up, in seconds. */
  readonly handlerLimit: number
  /** How long an answer that came too late waits for the follower's next message, in seconds. */
  readonly keepAnswers: number
  /** Whether an answer that came too late is sent as a customer-service message, where the account may. */
  readonly customerService: 'on' | 'off'
  /** Whether replies that WeChat would show wrongly are reported in the log: for development. */
  readonly lint: 'on' | 'off'
  /** How the log is written: lines to read, or one JSON object a line. */
  readonly log: 'text' | 'json'
  /** What is below it is not logged: `warn` leaves out the requests that were answered. */
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'off'
  /** Whether what followers write is in the log and in the journal. */
  readonly logContents: 'on' | 'off'
  /** Whether the traffic is kept in files, beside the store. */
  readonly journal: 'on' | 'off'
  /** After how many days a file of the journal goes. */
  readonly journalDays: number
  /** How large all files of the journal together may be, in MiB. */
  readonly journalMegabytes: number
}

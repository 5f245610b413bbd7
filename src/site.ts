import { randomBytes, randomUUID } from 'node:crypto'
import { createAccount } from './account.ts'
import type { AccountApi } from './client/account.ts'
import type { Client } from './client/client.ts'
import { createLazyClient } from './client/lazy.ts'
import { createPages } from './client/pages.ts'
import { configPath } from './config/load.ts'
import type { AccountConfig, Config } from './config/types.ts'
import { systemClock } from './delivery/clock.ts'
import { createDelivery } from './delivery/deliver.ts'
import { createRecords } from './delivery/records.ts'
import type { Composer } from './dispatch/composer.ts'
import { renderContent } from './dispatch/content.ts'
import { createDispatch, type Dispatch } from './dispatch/dispatch.ts'
import type { Application } from './gateway/response.ts'
import { type Logger, withFields } from './log.ts'
import type { IncomingMessage } from './message/types.ts'
import { text } from './reply/build.ts'
import type { Reply } from './reply/types.ts'
import { createRouter } from './router.ts'
import { rulesHandler } from './rules/handler.ts'
import { createRuleSource } from './rules/source.ts'
import type { Ledger } from './store/ledger.ts'
import { openLedger, openStore } from './store/open.ts'
import type { Store } from './store/types.ts'
import { createWebhook } from './webhook.ts'

/** One deployment, and how its process runs. */
export interface SiteOptions {
  /** The owner's handlers. */
  readonly app: Composer<unknown>
  readonly config: Config
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The project's folder. */
  readonly directory: string
  readonly log: Logger
  /** How long a delivery whose answer is late is left open, in milliseconds. */
  readonly hold: number
  /** How much of the time for an answer has gone before there was a site to give one: a CGI process's start. */
  readonly spent: number
  /** Is told of each run of the handlers: a process that ends after its answer stays for them. */
  readonly begun?: ((run: Promise<unknown>) => void) | undefined
}

/** What all accounts and processes of the deployment share. */
interface Memory {
  readonly store: Store
  readonly ledger: Ledger
}

/**
 * The application of a whole deployment: every account with its handlers, rules, store and client.
 *
 * @throws {ConfigError} when the rules have a mistake, and {UsageError} when there are handlers for an unknown account
 */
export async function createSite(options: SiteOptions): Promise<Application> {
  const { app, config, directory, log } = options
  const accounts: readonly (readonly [name: string, account: AccountConfig])[] = [
    ['default', config],
    ...Object.entries(config.accounts),
  ]
  app.checkAccounts(accounts.map(([name]) => name))
  const store = await openStore(config.store, { baseDirectory: directory })
  const ledger = openLedger(config.store, store, { baseDirectory: directory })
  const routes = []
  for (const [name, account] of accounts) {
    await useRules(name, account, options)
    routes.push({
      path: account.path ?? '/',
      application: createAccountWebhook(name, account, { store, ledger }, options),
    })
  }
  const [only] = routes
  // The only account answers on every path, until it is given one.
  return only && routes.length === 1 && config.path === undefined ? only.application : createRouter(routes, log)
}

/** The account's rules stand behind the owner's handlers. A process that stays also watches for the first ones. */
async function useRules(name: string, { rules }: AccountConfig, options: SiteOptions) {
  const { app, environment, directory, log, spent } = options
  if (rules === undefined && spent > 0) return
  const configFile = configPath(environment, directory)
  const place = name === 'default' ? ['rules'] : ['accounts', name, 'rules']
  const source = await createRuleSource({ rules, configFile, place, now: Date.now, log })
  app.account(name).use(rulesHandler({ rules: source, random: Math.random }))
}

function createAccountWebhook(name: string, account: AccountConfig, memory: Memory, options: SiteOptions): Application {
  return createWebhook({
    account: createAccount(name, account),
    dispatch: createAccountDispatch(name, account, memory, options),
    replayWindow: options.config.replayWindow,
    log: options.log,
    logContents: options.config.logContents === 'on',
    now: Date.now,
    elapsed: () => performance.now(),
    ...(options.spent > 0 && { begun: performance.now() - options.spent }),
    random: randomBytes,
  })
}

function createAccountDispatch(
  name: string,
  account: AccountConfig,
  { store, ledger }: Memory,
  { app, config, log, hold, spent, begun }: SiteOptions,
): Dispatch {
  const api = createLazyApi(account, config, store, withFields(log, { account: name }))
  const { deliveries, answerWithin, handlerLimit, keepAnswers, customerService } = config
  const surroundings = { account: { name }, store, now: Date.now, random: Math.random, ...api }
  return createDelivery({
    dispatch: createDispatch(app, { log, surroundings, limit: handlerLimit * 1000, lint: config.lint === 'on' }),
    records: createRecords({ ledger, store, account: name, keepFor: keepAnswers * 1000 }),
    ladder: { deliveries, inline: answerWithin - spent, hold, limit: handlerLimit * 1000 },
    clock: systemClock,
    log,
    createRunId: randomUUID,
    begun,
    words: { later: () => text(renderContent('later')), thinking: () => text(renderContent('thinking')) },
    ...(api && customerService === 'on' && { sendLater: createSendLater(api.client, log) }),
  })
}

/** Loaded with its first call. Undefined without an AppSecret: the account then has passive replies alone. */
function createLazyApi(
  { appId, appSecret, tokenEndpoint }: AccountConfig,
  { apiBase, proxy }: Config,
  store: Store,
  log: Logger,
): Pick<AccountApi, 'client' | 'pages'> | undefined {
  if (!appId || !appSecret) return undefined
  let loading: Promise<AccountApi> | undefined
  const create = async () => {
    const { createAccountApi } = await import('./client/account.ts')
    return createAccountApi({ appId, appSecret, tokenEndpoint, apiBase, proxy, store, log })
  }
  const load = () => (loading ??= create())
  return {
    client: createLazyClient(async () => (await load()).client),
    pages: createPages(appId, async url => (await load()).pages.signJsSdk(url)),
  }
}

function createSendLater(client: Client, log: Logger) {
  return async ({ FromUserName }: IncomingMessage, reply: Reply): Promise<boolean> => {
    const { toCustomMessage } = await import('./client/custom-message.ts')
    const message = toCustomMessage(reply, FromUserName)
    if (!message) return false
    try {
      await client.customMessage.send(message)
      return true
    } catch (error) {
      log.warn(error instanceof Error ? error.message : String(error))
      return false
    }
  }
}

import type { Account } from '../account.ts'
import { textOf } from '../fields.ts'
import { refuse } from '../refusal.ts'
import type { JsonObject, Routes } from '../route.ts'

/** "Get access token" and "Get stable access token". */
export const tokenRoutes: Routes = {
  'GET /cgi-bin/token': {
    token: false,
    perDay: 2000,
    answer({ query }, account) {
      checkClient(Object.fromEntries(query), account)
      return account.tokens.classic()
    },
  },
  'POST /cgi-bin/stable_token': {
    token: false,
    perDay: 500_000,
    perMinute: 10_000,
    answer({ body }, account) {
      checkClient(body, account)
      return account.tokens.stable(body['force_refresh'] === true)
    },
  },
}

function checkClient(client: JsonObject, account: Account): void {
  if (textOf(client, 'grant_type', 40002) !== 'client_credential') refuse(40002)
  checkSecret(client, 'secret', account)
}

/** @throws {ApiRefusal} unless it is this account's AppID and AppSecret */
export function checkSecret(client: JsonObject, name: 'secret' | 'appsecret', { identity }: Account): void {
  if (textOf(client, 'appid', 41002) !== identity.appId) refuse(40013)
  if (textOf(client, name, 41004) !== identity.appSecret) refuse(40125)
}

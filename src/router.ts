import type { GatewayRequest } from './gateway/request.ts'
import type { Application } from './gateway/response.ts'
import type { Logger } from './log.ts'
import { refusals } from './refusal.ts'
import { refuse } from './webhook.ts'

/** An account's application, and the path of the URL entered in the console. */
export interface Route {
  readonly path: string
  readonly application: Application
}

/**
 * The application of several accounts: each has a path, and no other path is answered. Blank parts of a path do not
 * count, so `/shop`, `/shop/` and `//shop` are the same.
 */
export function createRouter(routes: readonly Route[], log: Logger): Application {
  const byPath = new Map(routes.map(({ path, application }) => [normalPath(path), application]))
  return async (request: GatewayRequest) => {
    const application = byPath.get(normalPath(request.path))
    return application ? application(request) : refuse(refusals.notFound(), log)
  }
}

function normalPath(path: string): string {
  return path.split('/').filter(Boolean).join('/')
}

import { basicRoutes } from './areas/basic.ts'
import { closedRoutes } from './areas/closed.ts'
import { customMessageRoutes } from './areas/custom-message.ts'
import { jssdkRoutes } from './areas/jssdk.ts'
import { mediaRoutes } from './areas/media.ts'
import { menuRoutes } from './areas/menu.ts'
import { oauthRoutes } from './areas/oauth.ts'
import { qrcodeRoutes } from './areas/qrcode.ts'
import { tagRoutes } from './areas/tag.ts'
import { templateRoutes } from './areas/template.ts'
import { tokenRoutes } from './areas/token.ts'
import { userRoutes } from './areas/user.ts'
import { refuse } from './refusal.ts'
import type { Route, Routes } from './route.ts'

/** Everything that is simulated. */
export const routes: Routes = {
  ...tokenRoutes,
  ...basicRoutes,
  ...menuRoutes,
  ...customMessageRoutes,
  ...mediaRoutes,
  ...userRoutes,
  ...tagRoutes,
  ...qrcodeRoutes,
  ...templateRoutes,
  ...jssdkRoutes,
  ...oauthRoutes,
  ...closedRoutes,
}

/** Calls a day by path, of those that have a limit. */
export const limits: ReadonlyMap<string, number> = new Map(
  Object.entries(routes).flatMap(([call, { perDay }]) => (perDay ? [[call.split(' ')[1] ?? '', perDay] as const] : [])),
)

/** @throws {ApiRefusal} 40066 for an unknown path, 43001 or 43002 for the wrong method */
export function findRoute(method: string, path: string): Route {
  const of = (name: string) => {
    const call = `${name} ${path}` as keyof Routes
    return Object.hasOwn(routes, call) ? routes[call] : undefined
  }
  const route = of(method)
  if (route) return route
  if (of('GET')) refuse(43001)
  if (of('POST')) refuse(43002)
  return refuse(40066)
}

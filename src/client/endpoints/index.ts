import type { Endpoint, EndpointTable } from '../endpoint.ts'
import { agent } from './agent.ts'
import { ai } from './ai.ts'
import { basic } from './basic.ts'
import { blacklist } from './blacklist.ts'
import { comment } from './comment.ts'
import { customMessage } from './custom-message.ts'
import { draft } from './draft.ts'
import { jssdk } from './jssdk.ts'
import { mass } from './mass.ts'
import { material } from './material.ts'
import { media } from './media.ts'
import { menu } from './menu.ts'
import { notice } from './notice.ts'
import { oauth } from './oauth.ts'
import { picture } from './picture.ts'
import { publish } from './publish.ts'
import { qrcode } from './qrcode.ts'
import { statistics } from './statistics.ts'
import { tag } from './tag.ts'
import { template } from './template.ts'
import { user } from './user.ts'

/** Every typed call, by area and name. The client, its types and its checks all derive from these tables. */
export const endpoints = {
  basic,
  menu,
  customMessage,
  agent,
  template,
  notice,
  mass,
  media,
  material,
  draft,
  publish,
  comment,
  user,
  tag,
  blacklist,
  qrcode,
  statistics,
  jssdk,
  oauth,
  ai,
  picture,
} as const satisfies Readonly<Record<string, EndpointTable>>

/** The tables as a type, from which that of the client is derived. */
export type Endpoints = typeof endpoints

/** The same without their areas. */
export const allEndpoints: readonly Endpoint[] = Object.values(endpoints).flatMap((table): Endpoint[] =>
  Object.values(table),
)

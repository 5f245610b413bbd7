import type { Check } from '../check.ts'
import { access } from './access.ts'
import { apache } from './apache.ts'
import { build } from './build.ts'
import { callback } from './callback.ts'
import { clock } from './clock.ts'
import { config } from './config.ts'
import { echo } from './echo.ts'
import { forged } from './forged.ts'
import { headers } from './headers.ts'
import { log } from './log.ts'
import { menu } from './menu.ts'
import { messages } from './messages.ts'
import { modules } from './modules.ts'
import { node } from './node.ts'
import { outside } from './outside.ts'
import { pipe } from './pipe.ts'
import { port } from './port.ts'
import { privateFiles } from './private.ts'
import { reach } from './reach.ts'
import { rights } from './rights.ts'
import { script } from './script.ts'
import { service } from './service.ts'
import { apacheSettings } from './settings.ts'
import { snapshot } from './snapshot.ts'
import { state } from './state.ts'
import { store } from './store.ts'
import { token } from './token.ts'
import { vhost } from './vhost.ts'

/** Every check, in the order in which things break: what comes first is to be put right first. */
export const checks: readonly Check[] = [
  // The program
  node,
  build,
  snapshot,
  // Its configuration and what it may do
  config,
  access,
  state,
  store,
  script,
  pipe,
  // Apache, by its files
  apache,
  vhost,
  modules,
  apacheSettings,
  port,
  service,
  // Through Apache
  echo,
  forged,
  headers,
  messages,
  privateFiles,
  outside,
  // The API
  clock,
  reach,
  token,
  rights,
  callback,
  menu,
  // What has happened before
  log,
]

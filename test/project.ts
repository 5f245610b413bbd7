import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder, seen from `dist/test/`. */
export const projectDirectory = fileURLToPath(new URL('../..', import.meta.url))

/** What the build makes for `cgi-bin/weixin`. */
export const BUNDLES = ['dist/responder.cjs', 'dist/redis-client.cjs', 'dist/node-fastcgi.cjs']

/** What the script begins a CGI process with, where it fits; a build on Windows makes none. */
export const SNAPSHOT = path.join('dist', 'responder.blob')

/** Copies the snapshot, and the name of the Node that made it, to a folder. It keeps its time, by which the script knows it. */
export function copySnapshot(directory: string): void {
  const dist = path.join(directory, 'dist')
  fs.mkdirSync(dist, { recursive: true })
  fs.copyFileSync(path.join(projectDirectory, 'dist', 'node'), path.join(dist, 'node'))
  const blob = path.join(projectDirectory, SNAPSHOT)
  // Exactly its time, which Node's own functions round.
  if (fs.existsSync(blob)) spawnSync('cp', ['-p', blob, dist], { stdio: 'inherit' })
}

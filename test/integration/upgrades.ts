import fs from 'node:fs'
import path from 'node:path'
import type { Test } from 'tap'
import { cache } from '../nodes/fetch-node.ts'
import { copySnapshot, SNAPSHOT } from '../project.ts'
import { type Deployment, webUser } from './deployment.ts'
import { get, signed } from './wire.ts'

export const TOKEN = 'kapokTree2031'
const NEXT_TOKEN = 'birchGrove2032'

/** Changes to a deployment that is running, each made in one moment, as package managers and `npm run build` make them. */
export interface Upgradable {
  /** A link, as `/usr/bin/node` may be. */
  readonly node: string
  /** What `changeNode` makes it lead to. */
  readonly otherNode: string
  changeNode(): void
  changeNodeBack(): void
  /** The one of before stays valid, as while the console is being changed. */
  changeToken(): void
  checkToken(t: Test, port: number): Promise<void>
  /** One that says another word to those whom it refuses. */
  changeVersion(): void
  checkVersion(t: Test, port: number): Promise<void>
}

/** Makes the deployment run by a Node that can be exchanged, and adds the snapshot that was built. */
export function upgradable({ directory, scratch }: Deployment): Upgradable {
  const node = path.join(scratch, 'node')
  const otherNode = findOtherNode(scratch)
  const lead = (target: string) => replace(node, file => fs.symlinkSync(target, file))
  lead(process.execPath)
  copySnapshot(directory)
  replace(path.join(directory, 'dist', 'node'), file => fs.writeFileSync(file, `${node}\n`))

  return {
    node,
    otherNode,
    changeNode: () => lead(otherNode),
    changeNodeBack: () => lead(process.execPath),
    changeToken() {
      replace(path.join(directory, 'weixin.config.json'), file => {
        fs.writeFileSync(file, JSON.stringify({ token: NEXT_TOKEN, previousToken: TOKEN }), { mode: 0o600 })
        if (webUser) fs.chownSync(file, webUser.uid, webUser.gid)
      })
    },
    checkToken: (t, port) => until(t, port, `/?${signed(NEXT_TOKEN)}&echostr=1`, / 200 OK 1$/),
    changeVersion() {
      const bundle = path.join(directory, 'dist', 'responder.cjs')
      const text = fs.readFileSync(bundle, 'utf8').replace('403: "forbidden"', '403: "not for you"')
      replace(bundle, file => fs.writeFileSync(file, text))
      fs.rmSync(path.join(directory, SNAPSHOT), { force: true })
    },
    checkVersion: (t, port) => until(t, port, '/', / 403 Forbidden not for you\n$/),
  }
}

/** What stands at a path is exchanged by a rename: nobody ever finds nothing there, or half of it. */
function replace(file: string, make: (file: string) => void): void {
  make(`${file}.new`)
  fs.renameSync(`${file}.new`, file)
}

/** The last processes of before may still be answering; they go by themselves. */
async function until(t: Test, port: number, target: string, wanted: RegExp): Promise<void> {
  for (;;) {
    const { statusLine, body } = await get(port, target)
    if (wanted.test(`${statusLine} ${body}`)) return void t.pass(`${target.split('?')[0]} is answered as it is now`)
  }
}

/** The newest Node of another version that `npm run test:nodes` has fetched, or a copy of this one: another file at least. */
function findOtherNode(scratch: string): string {
  const fetched = fs.existsSync(cache) ? fs.readdirSync(cache).sort().reverse() : []
  const others = fetched
    .filter(name => name.startsWith('node-linux-'))
    .map(name => path.join(cache, name, 'package', 'bin', 'node'))
    .filter(file => fs.existsSync(file) && fs.statSync(file).size !== fs.statSync(process.execPath).size)
  const [newest] = others
  if (newest) return newest
  const copy = path.join(scratch, 'another-node')
  fs.copyFileSync(process.execPath, copy)
  return copy
}

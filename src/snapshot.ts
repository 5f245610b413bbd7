/*
 * What `npm run build` makes a start-up snapshot of: the responder, loaded, and warmed up with a message, so that a CGI process
 * finds the functions that it needs compiled.
 */
import { createHash, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { startupSnapshot } from 'node:v8'
import { loadConfig } from './config/load.ts'
import { requestFromEnvironment } from './gateway/request.ts'
import { respond } from './gateway/response.ts'
import { createLogger } from './log.ts'
import { run } from './responder.ts'
import { createSite } from './site.ts'
import { snapshotFit } from './snapshot-fit.ts'

const XML =
  '<xml><ToUserName><![CDATA[gh_warm]]></ToUserName><FromUserName><![CDATA[oWarm]]></FromUserName>' +
  '<CreateTime>1</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[warm]]></Content><MsgId>1</MsgId></xml>'

void warmUp()
fs.writeFileSync(path.join(path.dirname(process.argv[1] ?? ''), 'responder.blob.fit'), snapshotFit())
startupSnapshot.setDeserializeMainFunction(() => {
  const script = path.resolve(process.argv[1] ?? '')
  void run(path.dirname(path.dirname(script)), 'snapshot')
})

async function warmUp(): Promise<void> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'weixin-'))
  const token = randomBytes(8).toString('hex')
  const environment = { WEIXIN_TOKEN: token, WEIXIN_STORE: `file:${directory}/store` }
  const log = createLogger(() => {})
  try {
    const config = await loadConfig(environment, directory)
    const site = await createSite({ config, environment, directory, log, hold: 1000, spent: 0 })
    for (const [method, rest, body] of [
      ['GET', '&echostr=1', ''],
      ['POST', '', XML],
    ] as const) {
      const request = requestFromEnvironment(
        { REQUEST_METHOD: method, QUERY_STRING: `${signed(token)}${rest}`, CONTENT_LENGTH: String(body.length) },
        Buffer.from(body),
      )
      await respond(site, request, () => {})
    }
  } finally {
    fs.rmSync(directory, { recursive: true, force: true })
  }
}

function signed(token: string): string {
  const timestamp = String(Math.floor(Date.now() / 1000))
  const signature = createHash('sha1').update([token, timestamp, '1'].sort().join('')).digest('hex')
  return `signature=${signature}&timestamp=${timestamp}&nonce=1`
}

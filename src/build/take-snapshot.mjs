import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import { leaveOutCodeCache } from './node-code-cache.mjs'

/**
 * Makes a start-up snapshot with this Node. The launcher knows by its time, which is that of the Node's file, which Node it is
 * of use to.
 *
 * @param {string} script what is in it once it has run, with a message as a CGI process gets it
 * @param {string} blob the file
 * @returns {string | undefined} why there is none
 */
export function takeSnapshot(script, blob) {
  const made = `${blob}.${process.pid}`
  const { status, stderr } = spawnSync(
    process.execPath,
    // Hashing all names anew takes a third of what a start takes beyond Node's own. The launcher starts Node with the same.
    ['--no-rehash-snapshot', '--snapshot-blob', made, '--build-snapshot', script],
    { ...message(), encoding: 'utf8' },
  )
  if (status !== 0) {
    fs.rmSync(made, { force: true })
    return reasonIn(stderr)
  }
  leaveOutCodeCache(made)
  spawnSync('touch', ['-r', process.execPath, made])
  fs.renameSync(made, blob)
  return undefined
}

/**
 * The error by its name, which stands above its stack, or whatever Node has said last.
 *
 * @param {string} stderr
 */
function reasonIn(stderr) {
  const lines = stderr.trim().split('\n')
  return lines.find(line => /^\w*Error: /.test(line)) ?? lines.at(-1)
}

function message() {
  const input =
    '<xml><ToUserName><![CDATA[gh_warm]]></ToUserName><FromUserName><![CDATA[oWarm]]></FromUserName>' +
    '<CreateTime>1</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[warm]]></Content><MsgId>1</MsgId></xml>'
  const token = randomBytes(8).toString('hex')
  const timestamp = String(Math.floor(Date.now() / 1000))
  const signature = createHash('sha1').update([token, timestamp, '1'].sort().join('')).digest('hex')
  const env = {
    NODE_NO_WARNINGS: '1',
    GATEWAY_INTERFACE: 'CGI/1.1',
    QUERY_STRING: `signature=${signature}&timestamp=${timestamp}&nonce=1&echostr=1`,
    CONTENT_LENGTH: String(input.length),
    WEIXIN_TOKEN: token,
  }
  return { env, input }
}

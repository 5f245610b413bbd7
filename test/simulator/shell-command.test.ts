import { execFile } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import type { SentRequest } from '../../src/simulator/exchange.ts'
import { asCurl, asPipedCgi } from '../../src/simulator/shell-command.ts'
import { scratch } from '../gateway/launch.ts'
import { responder, says } from './sample.ts'

const run = promisify(execFile)
const sh = (command: string, cwd = '.') => run('sh', ['-c', command], { cwd })

/** Everything that a shell could take for something else. */
const BODY = `<xml><Content><![CDATA[it's "$HOME" \`id\` \\n !! $(id) 🌳
& | ; * ? ~]]></Content></xml>`
const POST: SentRequest = {
  method: 'POST',
  target: "/wx?site=a&signature=it's&nonce=$HOME",
  headers: { Host: 'ignored', 'Content-Type': 'text/xml', 'User-Agent': 'Mozilla/4.0', 'Content-Length': '1' },
  body: BODY,
}

t.test('the curl command makes the very same request', async t => {
  const { url, arrived } = await responder(t, says('success'))
  const { stdout } = await sh(asCurl(POST, url))
  t.match(stdout, /^HTTP\/1\.1 200 OK[\s\S]*\r\n\r\nsuccess$/)
  t.match(arrived[0], { method: 'POST', body: BODY })
  t.match(arrived[0]?.headers, {
    host: new URL(url).host,
    'content-type': 'text/xml',
    'user-agent': 'Mozilla/4.0',
    'content-length': String(Buffer.byteLength(BODY)),
  })
  t.equal(arrived[0]?.url.searchParams.get('nonce'), '$HOME')
  t.equal(arrived[0]?.url.searchParams.get('signature'), "it's")
  const at = { ...POST, body: '@/etc/hostname' }
  await sh(asCurl(at, url))
  t.equal(arrived[1]?.body, '@/etc/hostname', 'no file is read')
})

t.test('a GET is one', async t => {
  const { url, arrived } = await responder(t, says('1'))
  await sh(asCurl({ method: 'GET', target: '/wx?echostr=1', headers: {}, body: '' }, url))
  t.match(arrived[0], { method: 'GET', body: '' })
})

t.test('the piped CGI command gives the script the very same request', async t => {
  const folder = scratch(t)
  const script = path.join(folder, "it's a script")
  fs.writeFileSync(
    script,
    `#!${process.execPath}
const { REQUEST_METHOD, QUERY_STRING, PATH_INFO, CONTENT_LENGTH, CONTENT_TYPE, GATEWAY_INTERFACE, OWN } = process.env
const body = require('fs').readFileSync(0, 'utf8')
process.stdout.write(JSON.stringify({ REQUEST_METHOD, QUERY_STRING, PATH_INFO, CONTENT_LENGTH, CONTENT_TYPE, GATEWAY_INTERFACE, OWN, body }))
`,
    { mode: 0o755 },
  )
  const posted = await sh(asPipedCgi(POST, script, { OWN: "a 'word'" }))
  t.strictSame(JSON.parse(posted.stdout), {
    REQUEST_METHOD: 'POST',
    QUERY_STRING: "site=a&signature=it's&nonce=$HOME",
    PATH_INFO: '/wx',
    CONTENT_LENGTH: String(Buffer.byteLength(BODY)),
    CONTENT_TYPE: 'text/xml',
    GATEWAY_INTERFACE: 'CGI/1.1',
    OWN: "a 'word'",
    body: BODY,
  })
  const got = await sh(asPipedCgi({ method: 'GET', target: '/?echostr=1', headers: {}, body: '' }, script))
  t.strictSame(JSON.parse(got.stdout), {
    REQUEST_METHOD: 'GET',
    QUERY_STRING: 'echostr=1',
    GATEWAY_INTERFACE: 'CGI/1.1',
    body: '',
  })
})

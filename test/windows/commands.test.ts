import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { weixin } from '../cli/weixin.ts'
import { wampCheckout } from './wamp.ts'

const HTTPD_CONF = `Listen 0.0.0.0:80
LoadModule alias_module modules/mod_alias.so
LoadModule authz_core_module modules/mod_authz_core.so
LoadModule cgi_module modules/mod_cgi.so
Include conf/extra/httpd-vhosts.conf
`

/** An Apache as wamp lays it out, but for the program itself. */
function wampApache(folder: string): string {
  const root = path.join(folder, 'wamp 64')
  const apache = path.join(root, 'bin', 'apache', 'apache2.4.62')
  fs.mkdirSync(path.join(apache, 'conf', 'extra'), { recursive: true })
  fs.mkdirSync(path.join(apache, 'modules'))
  for (const name of ['env', 'headers', 'cgi', 'proxy', 'proxy_fcgi']) {
    fs.writeFileSync(path.join(apache, 'modules', `mod_${name}.so`), '')
  }
  fs.writeFileSync(path.join(apache, 'conf', 'httpd.conf'), HTTPD_CONF)
  fs.writeFileSync(path.join(apache, 'conf', 'extra', 'httpd-vhosts.conf'), '')
  return root
}

t.test('from init to the doctor, in a folder with a blank and Chinese characters', async t => {
  const directory = wampCheckout(t)
  const apache = wampApache(path.dirname(directory))
  const run = (...words: string[]) => weixin(directory, words)
  const forward = directory.replaceAll('\\', '/')

  const made = await run('init', '--app-id', 'wx00d1e2f3a4b5c6d7')
  t.equal(made.code, 0, made.stderr)
  t.match(made.stdout, '\nNext: npx weixin vhost HOST --install\n')
  t.match(JSON.parse(fs.readFileSync(path.join(directory, 'weixin.config.json'), 'utf8')), { mode: 'safe' })

  const service = await run('vhost', 'weixin.example.com', '--apache', apache)
  t.match(service.stderr, 'Way: tcp (mod_proxy_fcgi, a service on a TCP port)')
  t.match(service.stdout, `\n<Directory "${forward}">\n`)
  t.match(service.stdout, /LoadModule proxy_fcgi_module "[A-Z]:\/.*\/wamp 64\/bin\/apache\/apache2\.4\.62\/modules\//)

  const script = await run('vhost', 'weixin.example.com', '--apache', apache, '--way', 'cgi')
  t.match(script.stdout, `    ScriptAlias / "${forward}/cgi-bin/weixin/"\n`)
  t.match(script.stderr, `#!"${process.execPath.replaceAll('\\', '/')}"`)

  const commands = await run('service')
  t.match(commands.stdout, `icacls "${directory}\\var" /grant`)

  const examined = await run('doctor', '--offline', '--json', '--apache', apache)
  const { findings } = JSON.parse(examined.stdout) as {
    findings: { name: string; state: string; saw: { en: string } }[]
  }
  const told = findings.map(({ name, state, saw }) => `${name} ${state}: ${saw.en}`)
  t.match(told.join('\n'), /^config ok: .*: safe, AppID$/m)
  t.match(told.join('\n'), /^script warning: \/bin\/sh in the first line means nothing to Windows/m)
  t.match(told.join('\n'), /^pipe ok: it answers after \d+ ms$/m)
  t.match(told.join('\n'), /^vhost failure: nothing in .*httpd\.conf leads to /m)
  t.notMatch(told.join('\n'), /could not be checked/)
})

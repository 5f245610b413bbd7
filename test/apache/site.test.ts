// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is a variable of Apache
import fs from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { interpreterLine, withInterpreter } from '../../src/apache/interpreter.ts'
import { renderSite, type Site, SitePathError, shippedFile } from '../../src/apache/site.ts'
import { blockOf, findBlock, withBlock } from '../../src/apache/site-file.ts'
import { WAYS, type Way } from '../../src/apache/ways.ts'
import { projectDirectory } from '../project.ts'

function render(way: Way, more: Partial<Site> = {}): string {
  const site: Site = {
    way,
    windows: false,
    directory: '/srv/微信 号/weixin.example.com',
    serverName: 'wx.example.org',
    address: '*',
    port: 80,
    addListen: false,
    name: 'shop',
    backends: ['127.0.0.1:9100'],
    load: [],
    ...more,
  }
  const file = path.join(projectDirectory, 'apache', shippedFile(way, site.windows))
  return renderSite(fs.readFileSync(file, 'utf8'), site)
}

t.test("every way's block has this machine's paths and none of the example's", async t => {
  for (const way of WAYS) {
    const block = render(way)
    t.match(block, '<Directory "/srv/微信 号/weixin.example.com">')
    t.match(block, '\n    ServerName wx.example.org\n')
    t.match(block, '\n    SetEnv ap_trust_cgilike_cl 1\n')
    t.notMatch(
      block.replaceAll('/srv/微信 号/weixin.example.com', ''),
      /wamp|\/srv|example\.com|10\.0\.0|weixin\.sock/,
      way,
    )
  }
  t.match(render('unix'), 'ProxyPass / "unix:/run/shop/shop.sock|fcgi://shop/" enablereuse=on')
  t.match(render('tcp'), 'ProxyPass / "fcgi://127.0.0.1:9100/" enablereuse=on')
  t.match(render('fcgid'), `FcgidWrapper "'/srv/微信 号/weixin.example.com/cgi-bin/weixin'" virtual`)
})

t.test('the project is closed to every other virtual host as well', async t => {
  for (const way of WAYS) t.ok(render(way).indexOf('Require all denied') < render(way).indexOf('<VirtualHost'), way)
})

t.test('the balancer has the machines that were named', async t => {
  const members = render('balancer', { backends: ['10.1.1.1:9000', '10.1.1.2:9000', 'c:9001'] }).match(
    /BalancerMember "[^"]*"/g,
  )
  t.strictSame(members, [
    'BalancerMember "fcgi://10.1.1.1:9000"',
    'BalancerMember "fcgi://10.1.1.2:9000"',
    'BalancerMember "fcgi://c:9001"',
  ])
})

t.test('Windows has forward slashes, its own directives, and modules that the block loads', async t => {
  const block = render('cgi', {
    windows: true,
    directory: 'D:\\wamp64\\www\\微信 号\\',
    load: [{ module: 'headers', file: 'C:\\wamp64\\modules\\mod_headers.so' }],
  })
  t.match(block, 'ScriptAlias / "D:/wamp64/www/微信 号/cgi-bin/weixin/"')
  t.match(block, '    PassEnv SystemRoot\n')
  t.match(
    block,
    '<IfModule !headers_module>\n    LoadModule headers_module "C:/wamp64/modules/mod_headers.so"\n</IfModule>\n',
  )
})

t.test('port, address, Listen and certificate are filled in', async t => {
  const block = render('cgi', {
    port: 443,
    address: '192.0.2.7',
    addListen: true,
    certificate: { file: '/etc/c.pem', key: '/etc/k.pem' },
  })
  t.match(block, /^Listen 443\n/m)
  t.match(
    block,
    '<VirtualHost 192.0.2.7:443>\n    ServerName wx.example.org\n    SSLEngine on\n    SSLCertificateFile "/etc/c.pem"\n    SSLCertificateKeyFile "/etc/k.pem"\n',
  )
})

t.test('a folder that Apache would read as a pattern or a quote is refused', async t => {
  for (const directory of ['/srv/a*', '/srv/[a]', '/srv/"', "/srv/it's", '/srv/${x}', '/srv/a\nb', '/srv/a\\b']) {
    t.throws(() => render('cgi', { directory }), SitePathError, directory)
  }
})

t.test("the script's first line names node, quoted on Windows, with one line end and no byte order mark", async t => {
  t.equal(interpreterLine('C:\\Program Files\\nodejs\\node.exe', true), '#!"C:/Program Files/nodejs/node.exe"')
  t.equal(interpreterLine('/opt/my node/bin/node', false), '#!/bin/sh', 'a shell takes a path with blanks')
  t.equal(withInterpreter("\uFEFF#!/usr/bin/env node\r\n'use strict'\r\n", '#!/bin/sh'), "#!/bin/sh\n'use strict'\n")
  t.equal(withInterpreter("'use strict'\n", '#!/bin/sh'), "#!/bin/sh\n'use strict'\n")
})

t.test('our block is found in a file of others, replaced, and taken out again without a trace', async t => {
  const others = '<VirtualHost *:80>\r\n</VirtualHost>\r\n'
  const block = blockOf({ name: 'weixin' }, 'Listen 81', ['cgid', 'env'])
  const text = withBlock(others, 'weixin', block)
  t.notMatch(text, /[^\r]\n/, 'in the line ends of the file')
  t.match(findBlock(text, 'weixin'), { first: 4, last: 10, modules: ['cgid', 'env'] })
  t.equal(withBlock(text, 'weixin', block), text, 'once is enough')
  t.equal(withBlock(text, 'weixin', blockOf({ name: 'weixin' }, 'Listen 82', [])).match(/Listen/g)?.length, 1)
  t.equal(findBlock(text, 'weixin')?.rest, others)
  t.equal(findBlock(text, 'shop'), undefined)
})

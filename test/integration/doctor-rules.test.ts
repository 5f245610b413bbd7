import t from 'tap'
import { requireApache } from './deployment.ts'
import { type Break, examine, inHost, install, load, type Making, namesFirst } from './doctor-report.ts'

/** Most of the time goes by with waiting for Apache. */
t.jobs = 4

/** A line of Apache's configuration that stands in the way, which the doctor has to point at. */
const breaks: readonly (Break & Making)[] = [
  {
    title: 'a rule forbids the programs that call themselves Mozilla/4',
    first: 'echo',
    says: /Apache refuses it \(403\).*look at .*httpd\.conf:\d+: rewriterule \^ - \[F\]/,
    block: vhost =>
      load('rewrite') +
      inHost('RewriteEngine on\nRewriteCond %{HTTP_USER_AGENT} Mozilla/4\nRewriteRule ^ - [F]')(vhost),
  },
  {
    title: 'a rule takes the query away',
    first: 'echo',
    says: /the query .* does not arrive at the responder.*look at .*: rewriterule/,
    block: vhost => load('rewrite') + inHost('RewriteEngine on\nRewriteRule ^/$ /x? [PT]')(vhost),
  },
  {
    title: 'a filter writes into the answer',
    first: 'echo',
    says: /somebody else answers.*look at .*: substitute s\/5838\/5839\//,
    block: vhost =>
      ['filter', 'substitute'].map(load).join('') +
      inHost('AddOutputFilterByType SUBSTITUTE text/plain\nSubstitute s/5838/5839/')(vhost),
  },
  {
    title: 'lines are too long for Apache',
    first: 'echo',
    says: /status 414 .*look at .*: limitrequestline 100/,
    block: vhost => `LimitRequestLine 100\n${vhost}`,
  },
  {
    title: 'only GET is let through',
    first: 'messages',
    says: /a plain message gets status 403 from Apache.*look at .*: require all denied/,
    block: inHost('<Location "/">\n<Limit POST>\nRequire all denied\n</Limit>\n</Location>'),
  },
  {
    title: 'the ScriptAlias leads to another file',
    first: 'vhost',
    says: /ScriptAlias leads to .*weixin\.js\/, which is not there/,
    block: vhost => vhost.replace('cgi-bin/weixin/"', 'cgi-bin/weixin.js/"'),
  },
  {
    title: 'the store is gone for the service alone',
    first: 'messages',
    says: /they are answered, but .*cannot use .*nowhere/,
    block: inHost('SetEnv WEIXIN_STORE file:/proc/nowhere'),
  },
]

for (const broken of requireApache(t) ? breaks : []) {
  t.test(`named first: ${broken.title}`, async t => namesFirst(t, await examine(await install(t, broken)), broken))
}

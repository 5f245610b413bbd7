// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is a variable of Apache
import t, { type Test } from 'tap'
import { compareVersions, readConfiguration } from '../../src/apache/configuration.ts'
import { type Files, rootedMachine } from './rooted-machine.ts'

function read(t: Test, text: string, files: Files = {}) {
  return readConfiguration(rootedMachine(t, 'linux', { '/r/main.conf': text, ...files }), {
    file: '/r/main.conf',
    serverRoot: '/r',
    builtIn: ['core', 'so'],
    environment: { WHERE: '/srv' },
    version: '2.4.58',
  })
}

/** The names and words of what is in force. */
function inForce(t: Test, text: string, files?: Files): string[] {
  return read(t, text, files).settings.map(({ name, words }) => [name, ...words].join(' '))
}

t.test('quotes, continued lines, comments and variables are as Apache reads them', async t => {
  t.strictSame(
    inForce(
      t,
      'DocumentRoot "/srv/my site"\nSetEnv a \\\n  b\n# Listen 81\nAlias /x ${WHERE}/x\nAlias /y ${NOBODY}/y\nHeader set A "say \\"hi\\""',
    ),
    ['documentroot /srv/my site', 'setenv a b', 'alias /x /srv/x', 'alias /y ${NOBODY}/y', 'header set A say "hi"'],
  )
})

t.test('only what its conditions permit is in force, in the order of loading', async t => {
  t.strictSame(
    inForce(
      t,
      `<IfModule cgid_module>
A 1
</IfModule>
LoadModule cgid_module modules/mod_cgid.so
<IfModule mod_cgid.c>
A 2
<IfModule !cgid_module>
<VirtualHost *:80>
A 3
</VirtualHost>
</IfModule>
</IfModule>
Define TLS
<IfDefine TLS>
A 4
</IfDefine>
UnDefine TLS
<IfDefine TLS>
A 5
</IfDefine>
<IfVersion >= 2.4.60>
A 6
</IfVersion>
<IfVersion < 2.4.60>
A 7
</IfVersion>
<IfFile /r/none>
A 8
</IfFile>
<Macro X>
A 9
</Macro>`,
    ).filter(line => line.startsWith('a ')),
    ['a 2', 'a 4', 'a 7'],
  )
})

t.test('included files are read where they are named, with the sections round them', async t => {
  const { settings, files, missing } = read(
    t,
    'Include sites/*.conf\n<VirtualHost *:80>\nInclude inner.conf\n</VirtualHost>\nIncludeOptional none.conf\nInclude gone.conf',
    { '/r/sites/b.conf': 'B 1', '/r/sites/a.conf': 'A 1', '/r/sites/a.txt': 'C 1', '/r/inner.conf': '\nServerName x' },
  )
  t.strictSame(files, ['/r/main.conf', '/r/sites/a.conf', '/r/sites/b.conf', '/r/inner.conf'])
  t.strictSame(missing, ['gone.conf'])
  t.match(
    settings.find(({ name }) => name === 'servername'),
    {
      file: '/r/inner.conf',
      line: 2,
      sections: [{ name: 'virtualhost', words: ['*:80'], file: '/r/main.conf', line: 2 }],
    },
  )
})

t.test('a file that includes itself ends', async t => {
  t.strictSame(read(t, 'Include main.conf').missing, ['/r/main.conf'])
})

t.test('versions are compared by number', async t => {
  t.ok(compareVersions('2.4.6', '2.4.10') < 0)
  t.ok(compareVersions('2.4.10', '2.4.6') > 0)
  t.equal(compareVersions('2.4.54.2', '2.4.54'), 0)
})

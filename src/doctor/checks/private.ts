import { configPath } from '../../config/load.ts'
import { type Check, type Finding, failure, ok, skipped } from '../check.ts'
import type { Patient, Target } from '../patient.ts'

/** What nobody must be able to fetch. */
const PRIVATE = [
  'weixin.config.json',
  'dist/responder.cjs',
  'src/app.ts',
  'cgi-bin/weixin',
  'package.json',
  '.git/config',
  '.git/HEAD',
  'dist/node',
]
/** So many of its first characters say which file it is. */
const SAMPLE = 40
const TIMEOUT = 2000

/** Neither the configuration nor the state nor the source is served, under our own host or another one of this Apache. */
export const privateFiles: Check = {
  name: 'private',
  title: { en: 'private files', zh: '私有文件' },
  needs: ['port'],
  async look(patient) {
    const target = await patient.target().catch(() => undefined)
    if (!target) return skipped({ en: 'nobody knows where to ask', zh: '不知道网址' })
    const { machine, directory, environment } = patient
    const inside = machine.path.relative(directory, configPath(environment, directory)).replaceAll('\\', '/')
    const names = [...new Set([...PRIVATE, inside])].filter(name => !name.startsWith('..'))
    const asked = addressesOf(names, target, patient)
    const findings = await Promise.all(asked.map(each => fetchPrivate(each, target, patient)))
    const served = findings.flat()
    return served.length > 0
      ? served
      : ok({ en: `none of ${asked.length} addresses gives one away`, zh: `${asked.length} 个地址都没有泄露` })
  },
}

interface Asked {
  readonly url: URL
  readonly file: string
}

/** Under our URL as it would be with a DocumentRoot of the project, and under every DocumentRoot that the project lies in. */
function addressesOf(names: readonly string[], { url }: Target, patient: Patient): Asked[] {
  const { machine, directory } = patient
  const at = (base: string, from: string) =>
    names.map(name => ({ url: new URL(`${base}${from}${name}`), file: machine.path.join(directory, name) }))
  const roots = (patient.apache()?.configuration.settings ?? [])
    .filter(({ name }) => name === 'documentroot')
    .flatMap(({ words, sections }) => {
      const within = machine.path.relative(words[0] ?? '', directory).replaceAll('\\', '/')
      if (!words[0] || within.startsWith('..') || machine.path.isAbsolute(within)) return []
      const section = sections.find(({ name }) => name === 'virtualhost')
      const host = patient.apache()?.vhosts.find(each => each.file === section?.file && each.line === section.line)
      const base = new URL(url.origin)
      base.hostname = host?.serverName?.replace(/:\d+$/, '') ?? 'localhost'
      return at(base.origin, `/${within === '' ? '' : `${within.split('/').map(encodeURIComponent).join('/')}/`}`)
    })
  return [...at(url.origin, '/'), ...roots]
}

async function fetchPrivate({ url, file }: Asked, { address }: Target, patient: Patient): Promise<Finding[]> {
  const sample = patient.readPart(file, 0, SAMPLE)?.text.trim()
  if (!sample) return []
  const answer = await patient.ask({ url, address, timeout: TIMEOUT })
  if (typeof answer === 'string' || answer.status !== 200 || !answer.body.includes(sample)) return []
  return [
    failure(
      { en: `${url.href} gives ${file} to everybody`, zh: `任何人都能通过 ${url.href} 读取 ${file}` },
      {
        en: `<Directory "${patient.directory}"> Require all denied </Directory> outside of all virtual hosts; then change Token, EncodingAESKey and AppSecret`,
        zh: `请在所有虚拟主机之外加入 <Directory "${patient.directory}"> Require all denied </Directory>，并更换 Token、EncodingAESKey 和 AppSecret`,
      },
    ),
  ]
}

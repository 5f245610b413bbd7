import { modulesOf } from '../../apache/ways.ts'
import { type Check, failure, ok, skipped } from '../check.ts'

/** Apache has loaded what the way of our virtual host needs. */
export const modules: Check = {
  name: 'modules',
  title: { en: "Apache's modules", zh: 'Apache 模块' },
  needs: ['vhost'],
  look(patient) {
    const apache = patient.apache()
    const block = patient.block()
    if (!apache || !block?.way)
      return skipped({ en: 'there is no virtual host to look at', zh: '没有可供检查的虚拟主机' })
    const needed = [...modulesOf(block.way, apache), ...(block.secure ? ['ssl'] : [])]
    const missing = needed.filter(name => !apache.loaded.has(name))
    if (missing.length === 0) return ok({ en: needed.join(', '), zh: needed.join('、') })
    const names = missing.map(name => `mod_${name}`)
    const lines = missing.map(name => `LoadModule ${name}_module …/mod_${name}.so`).join('; ')
    return failure(
      { en: `not loaded: ${names.join(', ')}`, zh: `未加载：${names.join('、')}` },
      apache.layout === 'debian'
        ? {
            en: `a2enmod ${missing.join(' ')}, then restart Apache`,
            zh: `请执行 a2enmod ${missing.join(' ')}，然后重启 Apache`,
          }
        : {
            en: `in httpd.conf: ${lines}; then restart Apache`,
            zh: `请在 httpd.conf 中加入 ${lines}，然后重启 Apache`,
          },
    )
  },
}

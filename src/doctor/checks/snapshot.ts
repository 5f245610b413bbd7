import { type Check, ok, skipped, warning } from '../check.ts'
import { notedNode } from './node.ts'

/** What Node ends with when a snapshot does not fit it. */
const REFUSED = 14
const REBUILD = {
  en: 'npm run build; until then CGI begins with the bundle, and answers all the same',
  zh: '请运行 npm run build；在此之前 CGI 从打包文件启动，应答不受影响',
}

/** Whether a CGI process begins with the start-up snapshot, or with the bundle, which does the same only later. */
export const snapshot: Check = {
  name: 'snapshot',
  title: { en: 'start-up snapshot', zh: '启动快照' },
  needs: ['build'],
  look({ machine, directory, changed, node: running }) {
    const { join } = machine.path
    const blob = join(directory, 'dist', 'responder.blob')
    const node = notedNode({ machine, directory }) ?? running
    if (machine.platform === 'win32') {
      return skipped({ en: 'Windows makes no use of it', zh: 'Windows 不使用快照' })
    }
    if (!machine.status(blob)) {
      return ok({
        en: 'not in use: the build made none; CGI begins with the bundle, which takes some 20 ms longer',
        zh: '未使用：构建时没有生成快照；CGI 从打包文件启动，约慢 20 毫秒',
      })
    }
    if (changed(blob) !== changed(node)) {
      return warning(
        {
          en: `not in use: ${node} is not the Node that made it, or it was copied without its time`,
          zh: `未使用：它不是由 ${node} 生成的，或复制时没有保留修改时间`,
        },
        REBUILD,
      )
    }
    // Of no account what it answers: when it does, Node has taken the snapshot. The configuration is not this check's.
    const flags = ['--no-rehash-snapshot', '--snapshot-blob', blob, join(directory, 'cgi-bin', 'weixin')]
    const request = { GATEWAY_INTERFACE: 'CGI/1.1', REQUEST_METHOD: 'HEAD', WEIXIN_CONFIG: '/dev/null' }
    const { code } = machine.run(node, flags, request)
    return code === REFUSED
      ? warning(
          { en: `not in use: ${node} does not take it on this processor`, zh: `未使用：${node} 在这台机器上不接受它` },
          REBUILD,
        )
      : ok({ en: 'in use for CGI', zh: 'CGI 正在使用' })
  },
}

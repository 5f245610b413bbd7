import { type Check, ok, skipped, warning } from '../check.ts'
import { notedNode } from './node.ts'

const BOOT_ID = '/proc/sys/kernel/random/boot_id'

/** Whether a CGI process begins with the start-up snapshot, or with the bundle, which does the same only later. */
export const snapshot: Check = {
  name: 'snapshot',
  title: { en: 'start-up snapshot', zh: '启动快照' },
  needs: ['build'],
  look({ machine, directory, snapshotFit, node }) {
    const { join } = machine.path
    const blob = join(directory, 'dist', 'responder.blob')
    if (machine.platform === 'win32') {
      return skipped({ en: 'Windows makes no use of it', zh: 'Windows 不使用快照' })
    }
    const madeFor = machine.readText(`${blob}.fit`)?.trim()
    if (!machine.status(blob) || madeFor === undefined) {
      return ok({
        en: 'not in use: the build made none; CGI begins with the bundle, which takes some 20 ms longer',
        zh: '未使用：构建时没有生成快照；CGI 从打包文件启动，约慢 20 毫秒',
      })
    }
    const rebuild = {
      en: 'npm run build; until then CGI begins with the bundle, and answers all the same',
      zh: '请运行 npm run build；在此之前 CGI 从打包文件启动，应答不受影响',
    }
    if (madeFor !== snapshotFit) {
      const [of] = madeFor.split(' ')
      const [is] = snapshotFit.split(' ')
      const [en, zh] =
        of === is
          ? [`this ${is} on this processor`, `这台机器上的 ${is}`]
          : [`${is}: it was made by ${of}`, `${is}：它由 ${of} 生成`]
      return warning({ en: `not in use: it does not fit ${en}`, zh: `未使用：快照不适用于${zh}` }, rebuild)
    }
    const named = notedNode({ machine, directory })
    if (named && machine.realPath(named) !== machine.realPath(node)) {
      return ok({ en: `made for ${named}`, zh: `为 ${named} 生成` })
    }
    const [boot, noted] = (machine.readText(join(directory, 'var', 'snapshot')) ?? '').split('\n')
    return noted && boot === machine.readText(BOOT_ID)?.trim()
      ? ok({ en: 'in use for CGI', zh: 'CGI 正在使用' })
      : ok({ en: 'it fits; used from the second CGI request on', zh: '适用；从第二次 CGI 请求开始使用' })
  },
}

import { randomUUID } from 'node:crypto'
import { openStore } from '../../store/open.ts'
import { StoreError } from '../../store/store-error.ts'
import { type Check, failure, ok, skipped, warning } from '../check.ts'

const MOMENT = 10_000

/** Redis takes and gives a value; what is kept in memory is of use to one process alone. */
export const store: Check = {
  name: 'store',
  title: { en: 'store', zh: '存储' },
  needs: ['config'],
  async look(patient) {
    const { store: setting } = await patient.config()
    if (setting.startsWith('file:')) return skipped({ en: 'in files, see “state”', zh: '使用文件，见“state”' })
    if (setting === 'memory:') {
      return patient.block()?.way === 'cgi' || patient.block()?.way === 'fcgid'
        ? failure(
            {
              en: '“memory:” with a process for each message keeps nothing',
              zh: '“memory:” 配合每条消息一个进程，什么也保存不下来',
            },
            { en: 'set "store" to file:var', zh: '请把 "store" 设为 file:var' },
          )
        : warning(
            { en: '“memory:” forgets everything with each restart', zh: '“memory:” 每次重启都会丢失全部状态' },
            { en: 'set "store" to file:var, unless that is meant', zh: '如非有意，请把 "store" 设为 file:var' },
          )
    }
    const opened = await openStore(setting, { baseDirectory: patient.directory })
    const key = `doctor:${randomUUID()}`
    try {
      await opened.set(key, 'well', MOMENT)
      const kept = await opened.get(key)
      await opened.remove(key)
      return kept === 'well'
        ? ok({ en: 'Redis takes and gives values', zh: 'Redis 读写正常' })
        : failure(
            { en: 'Redis has lost a value at once', zh: 'Redis 没有保存住刚写入的值' },
            { en: 'look at its maxmemory and maxmemory-policy', zh: '请检查 maxmemory 和 maxmemory-policy' },
          )
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      return failure(
        { en: patient.quote(error.message, 300), zh: patient.quote(error.zh, 300) },
        {
          en: 'without Redis messages are answered, but twice when delivered twice',
          zh: '没有 Redis 时消息仍会应答，但重复推送会被重复处理',
        },
      )
    } finally {
      await opened.close()
    }
  },
}

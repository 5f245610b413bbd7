import { type Check, type Finding, ok, skipped, warning } from '../check.ts'
import { explainLog } from '../log-lines.ts'

const SHOWN = 3
const DAY = 86_400_000

/** The last relevant lines of Apache's error log and the service's journal, from before the doctor came. */
export const log: Check = {
  name: 'log',
  title: { en: 'error log', zh: '错误日志' },
  look(patient) {
    const { file, before } = patient.log()
    if (file === undefined && before === '') {
      return skipped({
        en: 'no log that may be read; try sudo, or --log FILE',
        zh: '没有可读的日志；请用 sudo，或用 --log 指定文件',
      })
    }
    const recent = explainLog(before, patient.now() - DAY).filter(({ symptom }) => symptom.weight !== 'noise')
    if (recent.length === 0)
      return ok({
        en: `nothing of the last day in ${file ?? 'the journal'}`,
        zh: `${file ?? 'journal'} 最近一天没有异常`,
      })
    return recent.slice(0, SHOWN).map(
      ({ symptom, count, example }): Finding =>
        warning(
          {
            en: `${count} × ${symptom.what.en}: ${patient.quote(example)}`,
            zh: `${count} 次：${symptom.what.zh}：${patient.quote(example)}`,
          },
          symptom.todo,
        ),
    )
  },
}

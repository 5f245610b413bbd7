import t from 'tap'
import { explainLog } from '../../src/doctor/log-lines.ts'

const AT = (time: string) => `[Sun Nov 22 ${time}.000001 2026]`
const refused = 'weixin warn: -40001: the signature does not match status=403 reason=-40001'

t.test('known lines are counted by cause, the most frequent first', async t => {
  const text = [
    `${AT('10:00:00')} [mpm_event:notice] [pid 1] AH00489: Apache configured`,
    `${AT('10:00:01')} [proxy:error] [pid 2] (2)No such file or directory: AH02454: FCGI: attempt to connect failed`,
    refused,
    `${AT('10:00:02')} [cgid:error] [pid 2] [client 192.0.2.1:1] AH01215: stderr from weixin: ${refused}`,
    'weixin info: listening address="/run/weixin/weixin.sock" pid=7',
  ].join('\r\n')
  t.match(explainLog(text), [
    { count: 2, symptom: { what: { en: '-40001: the signature does not match' } } },
    { count: 1, symptom: { what: { en: /the service does not run/ } }, example: /^\(2\)No such file/ },
  ])
})

t.test('old lines do not count, nor those without a time that follow them, nor one stranger', async t => {
  const text = [
    `${AT('08:00:00')} [core:error] AH02454: x`,
    'weixin error: cannot use Redis at x: y',
    `${AT('12:00:00')} ${refused}`,
    `${AT('12:00:00')} No space left on device`,
  ].join('\n')
  t.match(explainLog(text, new Date(2026, 10, 22, 11).getTime()), [{ symptom: { what: { en: 'the disk is full' } } }])
})

import t from 'tap'
import { isRefused, isRequest, parseEntry } from '../../src/traffic/entry.ts'

const LINE =
  '{"time":"2026-11-22T08:00:00.000Z","level":"info","message":"answered","account":"default","kind":"text","content":"a \\"木\\"","answer":"text","ms":2.5}'
const ENTRY = {
  time: Date.parse('2026-11-22T08:00:00Z'),
  level: 'info',
  message: 'answered',
  account: 'default',
  kind: 'text',
  content: 'a "木"',
  answer: 'text',
  ms: 2.5,
}

t.test('a line is read as it was written, and behind what systemd puts in front of it', async t => {
  t.strictSame(parseEntry(LINE), ENTRY)
  t.strictSame(parseEntry(`Nov 22 08:00:00 host weixin[77]: ${LINE}`), ENTRY)
})

t.test("a line is read from Apache's error log, where quotes and bytes are escaped", async t => {
  const escaped = LINE.replace(/[\\"]/g, '\\$&').replace('木', '\\xe6\\x9c\\xa8')
  const line = `[Sun Nov 22 08:00:00.1 2026] [cgid:error] [pid 7] [client 1.2.3.4:5] AH01215: ${escaped}: /srv/weixin/cgi-bin/weixin`
  t.strictSame(parseEntry(line), ENTRY)
})

t.test('whatever else a log holds is left out', async t => {
  const others = [
    '',
    'weixin info: answered',
    '{"time":1}',
    '{"time":"x","level":"info","message":""}',
    '}{"time":',
    LINE.slice(0, -9),
  ]
  for (const line of others) t.equal(parseEntry(line), undefined, line)
  const { kind } = parseEntry('{"time":"2026-11-22T08:00:00Z","level":"info","message":"","kind":[1],"ms":"2"}') ?? {}
  t.equal(kind, undefined)
})

t.test('requests are told from remarks', async t => {
  const entry = { time: 0, level: 'info', message: '' } as const
  t.ok(isRequest({ ...entry, kind: 'text', answer: 'none' }))
  t.ok(isRequest({ ...entry, status: 403, reason: 'query' }))
  t.ok(isRefused({ ...entry, status: 403, reason: 'query' }))
  t.notOk(isRequest({ ...entry, kind: 'text' }))
  t.notOk(isRefused({ ...entry, token: 'failed', reason: '40164' }))
})

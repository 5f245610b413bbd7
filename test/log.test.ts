import t from 'tap'
import { createLogger, type LogLevel } from '../src/log.ts'

/** What is written when all four methods are called. */
function written(level?: LogLevel): string[] {
  const lines: string[] = []
  const log = createLogger(line => lines.push(line), level)
  log.debug('a')
  log.info('b')
  log.warn('c')
  log.error('d')
  return lines
}

function lineOf(message: string, fields?: Parameters<ReturnType<typeof createLogger>['info']>[1]): string | undefined {
  const lines: string[] = []
  createLogger(line => lines.push(line)).info(message, fields)
  return lines[0]
}

t.test('lines below the level are dropped; the level is info when nobody says', async t => {
  const all = ['weixin debug: a', 'weixin info: b', 'weixin warn: c', 'weixin error: d']
  t.strictSame(written(), all.slice(1))
  t.strictSame(written('debug'), all)
  t.strictSame(written('info'), all.slice(1))
  t.strictSame(written('warn'), all.slice(2))
  t.strictSame(written('error'), all.slice(3))
})

t.test('fields follow the message as name=value, quoted where they have to be', async t => {
  t.equal(
    lineOf('listening', { address: '127.0.0.1:9000', pid: 7 }),
    'weixin info: listening address=127.0.0.1:9000 pid=7',
  )
  t.equal(lineOf('x', { a: true, b: 0, c: -40001 }), 'weixin info: x a=true b=0 c=-40001')
  t.equal(
    lineOf('x', { a: 'two words', b: '', c: 'a"b', d: 'a=b' }),
    'weixin info: x a="two words" b="" c="a\\"b" d="a=b"',
  )
  t.equal(lineOf('x', { kind: 'event:CLICK', file: '/a/b-c.d' }), 'weixin info: x kind=event:CLICK file=/a/b-c.d')
  t.equal(lineOf('x', { a: undefined, b: 1 }), 'weixin info: x b=1', 'nothing is left out')
  t.equal(lineOf('x', {}), 'weixin info: x')
})

t.test('nobody can forge a line, or reach the terminal', async t => {
  t.equal(lineOf('a\nweixin error: b'), 'weixin info: a\\nweixin error: b')
  t.equal(lineOf('a\r\nb\tc\0d'), 'weixin info: a\\u000d\\nb\\u0009c\\u0000d')
  t.equal(lineOf('a\x1b[31mb\x7fc\x9bd'), 'weixin info: a\\u001b[31mb\\u007fc\\u009bd')
  t.equal(lineOf('a\u2028b\u2029c'), 'weixin info: a\\u2028b\\u2029c')
  t.equal(lineOf('x', { a: 'b\nc' }), 'weixin info: x a="b\\nc"')
  t.equal(lineOf('x', { 'a\nb': 1 }), 'weixin info: x a\\nb=1')
})

t.test('other languages stay as they are', async t => {
  t.equal(lineOf('签名校验失败 🌳', { 名: '木棉' }), 'weixin info: 签名校验失败 🌳 名="木棉"')
})

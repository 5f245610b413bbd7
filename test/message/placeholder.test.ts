import t from 'tap'
import { isUnsupportedPlaceholder } from '../../src/message/placeholder.ts'
import { ENVELOPE, parse, parseEvent } from './parsed.ts'

t.test('the sentence for what the platform does not forward is told from a text', async t => {
  const placeholder = (content: string) =>
    isUnsupportedPlaceholder(parse(`<xml>${ENVELOPE}<MsgType>text</MsgType><Content>${content}</Content></xml>`))
  t.equal(placeholder('【收到不支持的消息类型，暂无法显示】'), true)
  t.equal(placeholder('收到不支持的消息类型，暂无法显示'), false)
  t.equal(isUnsupportedPlaceholder(parseEvent('CLICK')), false)
})

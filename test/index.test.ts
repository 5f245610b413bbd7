import t from 'tap'
import { isUnsupportedPlaceholder, type UnknownEvent, type XmlElement, type XmlValue } from '../src/index.ts'
import { parseMessage } from '../src/message/parse.ts'
import { parseXml } from '../src/xml/parse.ts'

const incoming = (inner: string) =>
  parseMessage(
    parseXml(
      Buffer.from(
        `<xml><ToUserName>a</ToUserName><FromUserName>b</FromUserName><CreateTime>1</CreateTime>${inner}</xml>`,
      ),
    ),
  )

/** As an author of handlers might write them, with nothing but what src/index.ts offers. */
const layersOf = (fields: XmlElement): number => count(fields['Layer'])
const count = (value: XmlValue = []): number => [value].flat().length
const nameOf = ({ Event }: UnknownEvent): string => Event

t.test('functions over what is not typed can be written with the public types', async t => {
  const message = incoming('<MsgType>event</MsgType><Event>hologram</Event><Layer>1</Layer><Layer>2</Layer>')
  t.equal(layersOf(message.fields), 2)
  t.equal(message.kind === 'unknown' && message.MsgType === 'event' ? nameOf(message) : '', 'hologram')
})

t.test('an unknown MsgType is compared by its field', async t => {
  const message = incoming('<MsgType>hologram</MsgType>')
  t.equal(message.kind === 'unknown' && message.fields['MsgType'] === 'hologram', true)
})

t.test('the public functions tell what a follower has not written', async t => {
  t.equal(
    isUnsupportedPlaceholder(
      incoming('<MsgType>text</MsgType><Content>【收到不支持的消息类型，暂无法显示】</Content>'),
    ),
    true,
  )
})

import t from 'tap'
import { hear } from '../../src/dispatch/hears.ts'
import { incoming, incomingEvent, incomingText } from '../dispatch/incoming.ts'
import { answerTo, lets } from './answering.ts'

const key = (value: string) => `<EventKey>${value}</EventKey>`
const texts = (...contents: string[]) => Object.fromEntries(contents.map(content => [content, incomingText(content)]))

const messages = {
  text: incomingText('订单'),
  image: incoming('<MsgType>image</MsgType><PicUrl>p</PicUrl><MediaId>m</MediaId>'),
  voice: incoming('<MsgType>voice</MsgType><MediaId>m</MediaId><Format>amr</Format>'),
  hologram: incoming('<MsgType>hologram</MsgType><Content>订单</Content>'),
  subscribe: incomingEvent('subscribe', key('qrscene_booth-17')),
  SCAN: incomingEvent('SCAN', key('booth-17')),
  CLICK: incomingEvent('CLICK', key('about')),
  VIEW: incomingEvent('VIEW', key('https://example.com/about')),
  scancode_waitmsg: incomingEvent('scancode_waitmsg', key('about')),
  LOCATION: incomingEvent('LOCATION', '<Latitude>1</Latitude>'),
  brand_new: incomingEvent('brand_new', key('about')),
}

t.test('exact is the whole text, blanks round it and capitals aside', async t => {
  const said = texts('help', ' HELP\n', 'help me', '帮助')
  await lets(t, { exact: 'help' }, said, ['help', ' HELP\n'])
  await lets(t, { exact: ' Help ' }, said, ['help', ' HELP\n'])
  await lets(t, { exact: ['帮助', 'help me'] }, said, ['help me', '帮助'])
  await lets(t, { exact: '订单' }, messages, ['text'])
})

t.test('exact hears what the hears of a handler hears', async t => {
  for (const word of ['help', ' Help', 'ÄRGER', '订单', 'h.lp']) {
    for (const content of ['help', 'HELP ', 'ärger', ' 订单\n', 'h.lp', 'halp', 'help!']) {
      await lets(t, { exact: word }, texts(content), hear([word], content) ? [content] : [])
    }
  }
})

t.test('contains is a part of the text, blanks round it and capitals aside', async t => {
  const said = texts('请问价格？', '价 格', 'WiFi 密码', 'wifi')
  await lets(t, { contains: '价格' }, said, ['请问价格？'])
  await lets(t, { contains: ' wifi ' }, said, ['WiFi 密码', 'wifi'])
  await lets(t, { contains: ['密码', '价格'] }, said, ['请问价格？', 'WiFi 密码'])
  await lets(t, { contains: '.' }, said, [])
  await lets(t, { contains: '单' }, messages, ['text'])
})

t.test('regex is searched for in the text without the blanks round it, capitals aside', async t => {
  const said = texts('weather Xiamen', 'Weather Xiamen \n', 'the weather', '😀😀', '订单 20')
  await lets(t, { regex: '^weather (\\w+)$' }, said, ['weather Xiamen', 'Weather Xiamen \n'])
  await lets(t, { regex: 'weather' }, said, ['weather Xiamen', 'Weather Xiamen \n', 'the weather'])
  await lets(t, { regex: '^..$' }, said, ['😀😀'])
  await lets(t, { regex: ['^\\p{Script=Han}+ \\d+$', '^the'] }, said, ['the weather', '订单 20'])
  await lets(t, { regex: '.*' }, messages, ['text'])
})

t.test('menu is the key of a button, in its own spelling', async t => {
  await lets(t, { menu: 'about' }, messages, ['CLICK', 'scancode_waitmsg'])
  await lets(t, { menu: 'About' }, messages, [])
  await lets(t, { menu: ['x', 'about'] }, messages, ['CLICK', 'scancode_waitmsg'])
  await lets(t, { menu: 'https://example.com/about' }, messages, [])
})

t.test('event is the name of an event, in whatever case', async t => {
  await lets(t, { event: 'subscribe' }, messages, ['subscribe'])
  await lets(t, { event: 'Scan' }, messages, ['SCAN'])
  await lets(t, { event: ['CLICK', 'VIEW'] }, messages, ['CLICK', 'VIEW'])
})

t.test('the key of an event is what was entered, and of a follower who came by a QR code its scene', async t => {
  await lets(t, { event: 'SCAN', key: 'booth-17' }, messages, ['SCAN'])
  await lets(t, { event: ['SCAN', 'subscribe'], key: 'booth-17' }, messages, ['subscribe', 'SCAN'])
  await lets(t, { event: 'subscribe', key: 'qrscene_booth-17' }, messages, ['subscribe'])
  await lets(t, { event: 'SCAN', key: ['booth-1', 'Booth-17'] }, messages, [])
  await lets(t, { event: 'VIEW', key: 'https://example.com/about' }, messages, ['VIEW'])
})

t.test('a word alone is a type of message', async t => {
  await lets(t, 'message', messages, ['text', 'image', 'voice'])
  await lets(t, 'image', messages, ['image'])
  await lets(t, 'event:scan', messages, ['SCAN'])
  await lets(t, 'event', messages, ['subscribe', 'SCAN', 'CLICK', 'VIEW', 'scancode_waitmsg', 'LOCATION', 'brand_new'])
})

t.test('of a list of conditions any will do', async t => {
  await lets(t, [{ exact: '订单' }, { event: 'SCAN' }, 'voice'], messages, ['text', 'voice', 'SCAN'])
})

t.test('the first rule that fits answers, and the fallback what no other does', async t => {
  const rules = [
    { when: { contains: '价格' }, reply: 'first' },
    { when: { exact: '价格' }, reply: 'second' },
    { when: { regex: '价' }, reply: 'third' },
    { when: 'message', reply: 'fallback' },
  ]
  t.match(await answerTo(rules, incomingText('价格')), { Content: 'first' })
  t.match(await answerTo(rules, incomingText('价')), { Content: 'third' })
  t.match(await answerTo(rules, incomingText('x')), { Content: 'fallback' })
  t.match(await answerTo(rules, messages.image), { Content: 'fallback' })
  t.equal(await answerTo(rules, messages.CLICK), 'passed on')
  t.equal(await answerTo([], incomingText('x')), 'passed on')
})

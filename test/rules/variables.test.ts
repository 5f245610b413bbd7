import t from 'tap'
import type { IncomingMessage } from '../../src/message/types.ts'
import { incoming, incomingEvent, incomingText } from '../dispatch/incoming.ts'
import { answerTo } from './answering.ts'

const filled = async (when: unknown, words: string, message: IncomingMessage) =>
  (await answerTo([{ when, reply: words }], message)) as { readonly Content: string }

t.test('the match is 0, its groups are 1, 2 …', async t => {
  const weather = { regex: '^weather (\\w+)(?: in (\\w+))?$' }
  t.match(await filled(weather, '{{0}}|{{1}}|{{ 2 }}', incomingText('Weather Xiamen in May ')), {
    Content: 'Weather Xiamen in May|Xiamen|May',
  })
  t.match(await filled(weather, '{{0}}|{{1}}|{{2}}', incomingText('weather Xiamen')), {
    Content: 'weather Xiamen|Xiamen|',
  })
  t.match(await filled({ exact: 'help' }, '{{0}}', incomingText(' HELP ')), { Content: 'HELP' }, 'as it was written')
  t.match(await filled({ contains: ['x', 'Wifi'] }, '{{0}}', incomingText('my WIFI')), { Content: 'Wifi' }, 'the word')
})

t.test('the most groups of several regular expressions count', async t => {
  const several = { regex: ['^(a)(b)$', '^c'] }
  t.match(await filled(several, '[{{1}}{{2}}]', incomingText('ab')), { Content: '[ab]' })
  t.match(await filled(several, '[{{1}}{{2}}]', incomingText('c')), { Content: '[]' })
})

t.test('groups are counted as regular expressions count them', async t => {
  const counted = { regex: '^\\((a)[(](?:b)(?=c)(?<!d)(?<name>c)(?<=c)$' }
  t.match(await filled(counted, '{{1}}{{2}}', incomingText('(a(bc')), { Content: 'ac' })
  await t.rejects(filled(counted, '{{3}}', incomingText('')), /has "\{\{3\}\}", which is no variable here/)
})

t.test('the fields of the message have the names that WeChat gives them', async t => {
  t.match(await filled('text', '{{Content}} {{FromUserName}} {{ToUserName}} {{CreateTime}}', incomingText(' hi ')), {
    Content: ' hi  oFan gh_a 1893456000',
  })
  const place = '<Location_X>24.5</Location_X><Location_Y>118</Location_Y><Scale>x</Scale><Label>厦门</Label>'
  const location = incoming(`<MsgType>location</MsgType>${place}`)
  t.match(await filled('location', '{{Location_X}},{{Location_Y}} {{Label}} ({{Scale}})', location), {
    Content: '24.5,118 厦门 ()',
  })
  t.match(
    await filled({ event: 'CLICK' }, '{{Event}} {{EventKey}}', incomingEvent('click', '<EventKey>a</EventKey>')),
    {
      Content: 'click a',
    },
  )
})

t.test('a field inside another has its own name', async t => {
  const elements =
    '<EventKey>a</EventKey><ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>42</ScanResult></ScanCodeInfo>'
  t.match(await filled({ menu: 'a' }, '{{ScanType}} {{ScanResult}}', incomingEvent('scancode_waitmsg', elements)), {
    Content: 'qrcode 42',
  })
})

t.test('from is the follower, scene the QR code of subscribe and SCAN', async t => {
  const scanned = incomingEvent('subscribe', '<EventKey>qrscene_booth-17</EventKey>')
  t.match(await filled({ event: 'subscribe' }, '{{scene}} {{from}}', scanned), { Content: 'booth-17 oFan' })
  t.match(await filled({ event: 'subscribe' }, '[{{scene}}]', incomingEvent('subscribe')), { Content: '[]' })
})

t.test('what a follower writes is never filled in again', async t => {
  for (const content of ['{{from}}', '{{{from}}}', '{{#from}}x{{/from}}', '{{0}}', '$&', '{{constructor}}']) {
    t.match(await filled({ regex: '.*' }, '“{{0}}{{Content}}”', incomingText(content)), {
      Content: `“${content}${content}”`,
    })
    const scanned = incomingEvent('subscribe', `<EventKey><![CDATA[qrscene_${content}]]></EventKey>`)
    const answer = await answerTo([{ when: { event: 'subscribe' }, reply: { template: 'welcome' } }], scanned)
    t.match(answer, { Content: `你好，欢迎关注！\n你扫的是“${content}”的二维码。\n回复“帮助”看看我会什么。` })
  }
})

t.test('what is filled into an address cannot add anything to it', async t => {
  const news = { title: '{{0}}', picture: 'https://example.com/{{0}}.jpg', url: 'https://example.com/?q={{0}}&lang=zh' }
  t.match(await answerTo([{ when: { regex: '.+' }, reply: { news } }], incomingText('a&lang=en 木')), {
    Articles: [
      {
        Title: 'a&lang=en 木',
        PicUrl: 'https://example.com/a%26lang%3Den%20%E6%9C%A8.jpg',
        Url: 'https://example.com/?q=a%26lang%3Den%20%E6%9C%A8&lang=zh',
      },
    ],
  })
})

t.test('single braces and closing ones are words', async t => {
  t.match(await filled('text', '{a} }} {', incomingText('x')), { Content: '{a} }} {' })
})

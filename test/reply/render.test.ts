import { readdirSync, readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import Mustache from 'mustache'
import t from 'tap'
import {
  image,
  music,
  news,
  none,
  text,
  transferBizAiIvr,
  transferCustomerService,
  video,
  voice,
} from '../../src/reply/build.ts'
import { parseReply } from '../../src/reply/parse.ts'
import { renderReply } from '../../src/reply/render.ts'
import type { Reply } from '../../src/reply/types.ts'

const ADDRESS = { toUserName: 'oQ7xExampleFan0001', fromUserName: 'gh_a0b1c2d3e4f5', createTime: 1893456002 }
const HEAD =
  '<xml><ToUserName><![CDATA[oQ7xExampleFan0001]]></ToUserName><FromUserName><![CDATA[gh_a0b1c2d3e4f5]]></FromUserName><CreateTime>1893456002</CreateTime>'

function content(rendered: string): string {
  const reply = parseReply(rendered)
  return reply.MsgType === 'text' ? reply.Content : ''
}

t.test('every reply is rendered byte for byte', async t => {
  const replies: [Reply, string][] = [
    [text('ok'), '<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[ok]]></Content></xml>'],
    [image('mA'), '<MsgType><![CDATA[image]]></MsgType><Image><MediaId><![CDATA[mA]]></MediaId></Image></xml>'],
    [voice('mB'), '<MsgType><![CDATA[voice]]></MsgType><Voice><MediaId><![CDATA[mB]]></MediaId></Voice></xml>'],
    [
      video('mC', { Title: 't', Description: 'd' }),
      '<MsgType><![CDATA[video]]></MsgType><Video><MediaId><![CDATA[mC]]></MediaId><Title><![CDATA[t]]></Title><Description><![CDATA[d]]></Description></Video></xml>',
    ],
    [
      music('mD', {
        Title: 't',
        Description: 'd',
        MusicUrl: 'https://a.example.org/1.mp3',
        HQMusicUrl: 'https://a.example.org/1hq.mp3',
      }),
      '<MsgType><![CDATA[music]]></MsgType><Music><Title><![CDATA[t]]></Title><Description><![CDATA[d]]></Description><MusicUrl><![CDATA[https://a.example.org/1.mp3]]></MusicUrl><HQMusicUrl><![CDATA[https://a.example.org/1hq.mp3]]></HQMusicUrl><ThumbMediaId><![CDATA[mD]]></ThumbMediaId></Music></xml>',
    ],
    [
      news([{ Title: 't', Description: 'd', PicUrl: 'https://a.example.org/p.jpg', Url: 'https://a.example.org/p' }]),
      '<MsgType><![CDATA[news]]></MsgType><ArticleCount>1</ArticleCount><Articles><item><Title><![CDATA[t]]></Title><Description><![CDATA[d]]></Description><PicUrl><![CDATA[https://a.example.org/p.jpg]]></PicUrl><Url><![CDATA[https://a.example.org/p]]></Url></item></Articles></xml>',
    ],
    [
      transferCustomerService('anna@harbourclub'),
      '<MsgType><![CDATA[transfer_customer_service]]></MsgType><TransInfo><KfAccount><![CDATA[anna@harbourclub]]></KfAccount></TransInfo></xml>',
    ],
    [transferBizAiIvr(), '<MsgType><![CDATA[transfer_biz_ai_ivr]]></MsgType></xml>'],
  ]
  for (const [reply, body] of replies) t.equal(renderReply(reply, ADDRESS), HEAD + body)
  t.equal(renderReply(none, ADDRESS), 'success')
})

t.test('what is optional is left out', async t => {
  t.equal(
    renderReply(video('mC'), ADDRESS),
    `${HEAD}<MsgType><![CDATA[video]]></MsgType><Video><MediaId><![CDATA[mC]]></MediaId></Video></xml>`,
  )
  t.equal(
    renderReply(music('mD', { Title: '' }), ADDRESS),
    `${HEAD}<MsgType><![CDATA[music]]></MsgType><Music><ThumbMediaId><![CDATA[mD]]></ThumbMediaId></Music></xml>`,
  )
  t.equal(
    renderReply(transferCustomerService(), ADDRESS),
    `${HEAD}<MsgType><![CDATA[transfer_customer_service]]></MsgType></xml>`,
  )
})

t.test('an article sends what it does not have empty, and takes nothing from the reply around it', async t => {
  const articles = [
    { Title: 'one', Description: 'd' },
    { Title: 'two', Url: 'https://a.example.org/' },
  ]
  t.equal(
    renderReply(news(articles), ADDRESS),
    `${HEAD}<MsgType><![CDATA[news]]></MsgType><ArticleCount>2</ArticleCount><Articles><item><Title><![CDATA[one]]></Title><Description><![CDATA[d]]></Description><PicUrl><![CDATA[]]></PicUrl><Url><![CDATA[]]></Url></item><item><Title><![CDATA[two]]></Title><Description><![CDATA[]]></Description><PicUrl><![CDATA[]]></PicUrl><Url><![CDATA[https://a.example.org/]]></Url></item></Articles></xml>`,
  )
})

t.test('hostile text stays text', async t => {
  for (const hostile of [
    'a]]>b',
    ']]>]]>',
    ']]]]>>',
    '<![CDATA[x]]>',
    '{{x}} {{Content}} {{ToUserName}}',
    '{{{x}}} {{{ToUserName}}}',
    '{{#Content}}x{{/Content}}',
    'a & b &amp; <b>"c"</b> \'d\' `e` =/',
    '</Content></xml><xml>',
    '木棉 🌳 👨‍👩‍👧‍👦 🇨🇳',
    '  blanks at both ends  ',
    'line\nline\ttab',
    '$& $1 $$',
  ]) {
    t.equal(content(renderReply(text(hostile), ADDRESS)), hostile)
  }
  t.equal(content(renderReply(text('a\u0000\u0008\u000b\u001f\uffffb\ud800c'), ADDRESS)), 'abc', 'what XML forbids')
  t.equal(content(renderReply(text('a\r\nb\rc'), ADDRESS)), 'a\nb\nc', 'line ends, as XML reads them')
})

t.test('names are escaped like any other text', async t => {
  const rendered = renderReply(text('x'), { ...ADDRESS, toUserName: 'o]]><b>', fromUserName: '{{Content}}' })
  t.match(parseReply(rendered), { ToUserName: 'o]]><b>', FromUserName: '{{Content}}' })
})

t.test('what somebody put on Object.prototype does not come into a reply', async t => {
  const prototype = Object.prototype as Record<string, unknown>
  for (const name of ['Description', 'PicUrl', 'Title', 'KfAccount']) {
    prototype[name] = 'polluted'
    t.teardown(() => delete prototype[name])
  }
  for (const reply of [news([{ Title: 't' }]), video('m'), transferCustomerService()]) {
    t.notMatch(renderReply(reply, ADDRESS), /polluted/)
  }
})

t.test('createTime is whole seconds', async t => {
  for (const createTime of [1893456002000, 1.5, -1, Number.NaN, 1e21]) {
    t.throws(() => renderReply(text('x'), { ...ADDRESS, createTime }), { name: 'ReplyError' }, String(createTime))
  }
})

t.test('any text, render to parse, is what it was but for what XML cannot hold', async t => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), string => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 forbids
      const kept = string.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu, '').replace(/\r\n?/g, '\n')
      const reply = text(string)
      return reply.MsgType === 'none' ? kept.trim() === '' : content(renderReply(reply, ADDRESS)) === kept
    }),
    { seed: 20260101, numRuns: 2000 },
  )
  t.pass('2000 texts')
})

t.test('any reply, render to parse, is what it was', async t => {
  const string = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
    .map(value => value.replace(/\r\n?/g, '\n'))
  const id = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 64 })
  const article = fc.record(
    { Title: string, Description: string, PicUrl: string, Url: string },
    { noNullPrototype: true },
  )
  const caption = fc.record({ Title: string, Description: string }, { requiredKeys: [] })
  const song = fc.record({ Title: string, MusicUrl: string, HQMusicUrl: string }, { requiredKeys: [] })
  const replies: fc.Arbitrary<Reply> = fc.oneof(
    id.map(image),
    id.map(voice),
    fc.tuple(id, caption).map(([mediaId, given]) => video(mediaId, given)),
    fc.tuple(id, song).map(([mediaId, given]) => music(mediaId, given)),
    fc.array(article, { minLength: 1, maxLength: 8 }).map(news),
    id.map(transferCustomerService),
  )
  fc.assert(
    fc.property(replies, reply =>
      isDeepStrictEqual(parseReply(renderReply(reply, ADDRESS)), {
        ...reply,
        ToUserName: 'oQ7xExampleFan0001',
        FromUserName: 'gh_a0b1c2d3e4f5',
        CreateTime: '1893456002',
      }),
    ),
    { seed: 20260101, numRuns: 300 },
  )
  t.pass('300 replies')
})

t.test('the templates use double braces only, and no name that is not there', async t => {
  const names = {
    'text.xml': ['Content'],
    'image.xml': ['MediaId'],
    'voice.xml': ['MediaId'],
    'video.xml': ['MediaId', 'Title', 'Description'],
    'music.xml': ['Title', 'Description', 'MusicUrl', 'HQMusicUrl', 'ThumbMediaId'],
    'news.xml': ['ArticleCount', 'Articles', 'Title', 'Description', 'PicUrl', 'Url'],
    'transfer_customer_service.xml': ['KfAccount'],
    'transfer_biz_ai_ivr.xml': [],
  } as Record<string, string[]>
  const folder = new URL('../../../templates/reply/', import.meta.url)
  t.strictSame(readdirSync(folder).sort(), Object.keys(names).sort())
  for (const file of readdirSync(folder)) {
    const template = readFileSync(new URL(file, folder), 'utf8')
    t.notMatch(template, /\{\{\s*[{&>=]/, `${file} escapes everything`)
    t.notMatch(
      template.replace(/<!\[CDATA\[\{\{\w+\}\}\]\]>/g, ''),
      /\{\{(?!CreateTime|ArticleCount|[#/])/,
      `${file} has text in CDATA only`,
    )
    const permitted = new Set(['ToUserName', 'FromUserName', 'CreateTime', ...(names[file] ?? [])])
    const used = [...template.matchAll(/\{\{[#/^]?([^{}]*)\}\}/g)].map(([, name = '']) => name)
    t.strictSame(
      used.filter(name => !permitted.has(name)),
      [],
      `${file} knows its names`,
    )
    t.strictSame(
      [...permitted].filter(name => !used.includes(name)),
      [],
      `${file} uses all of them`,
    )
    t.doesNotThrow(() => Mustache.parse(template))
  }
})

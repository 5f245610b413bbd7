import t from 'tap'
import { image, music, news, none, text, transferCustomerService } from '../../src/reply/build.ts'
import { lintReply } from '../../src/reply/lint.ts'
import type { Article, Reply } from '../../src/reply/types.ts'

function messages(reply: Reply): string[] {
  return lintReply(reply).map(finding => finding.message)
}

t.test('a reply that is shown as it was meant has no findings', async t => {
  for (const reply of [
    none,
    image('m'),
    transferCustomerService(),
    text('two\nlines, a < b > c & d, "quotes", 木棉 🌳'),
    text(
      'see <a href="https://a.example.org/?a=1&b=2">this</a> and <A HREF=\'weixin://bizmsgmenu?msgmenuid=1\'>that</A>',
    ),
    music('m', { Title: 't', MusicUrl: 'https://a.example.org/1.mp3' }),
    music('m'),
    news([{ Title: 't', Description: '', PicUrl: 'http://a.example.org/p.jpg', Url: 'https://a.example.org' }]),
    news([{ Title: '木'.repeat(64), Description: '🌳'.repeat(120) }]),
  ]) {
    t.strictSame(messages(reply), [])
  }
})

t.test('a text with what WeChat shows as it stands is found', async t => {
  t.strictSame(messages(text('two\\nlines')), [
    'reply text: Content has \\n as two characters, shown as they stand; use a line feed',
  ])
  for (const [content, tag] of Object.entries({
    'a<br>b': '<br>',
    'a<br/>b': '<br>',
    '<b>x</b>': '<b>',
    'x</p>': '</p>',
    '<ABBR title="x">': '<ABBR>',
  })) {
    t.strictSame(messages(text(content)), [
      `reply text: Content has ${tag}, shown as it stands; only <a href="…"> works`,
    ])
  }
  t.strictSame(messages(text('<a href="/relative">x</a>')), ['reply text: Content has a link without href="https://…"'])
  t.strictSame(messages(text('<a href="https://a.example.org/">x')), [
    'reply text: Content has a link that is not closed by </a>',
  ])
})

t.test('a link card with what WeChat shows wrongly is found', async t => {
  const found = (article: Partial<Article>) => messages(news([{ Title: 't', ...article }]))
  t.strictSame(found({ PicUrl: 'https://a.example.org/p.GIF?x=1' }), [
    'reply news: Articles[0].PicUrl is a gif; use jpg or png',
  ])
  t.strictSame(found({ Url: 'a.example.org/p' }), ['reply news: Articles[0].Url is not an http:// or https:// URL'])
  t.strictSame(found({ PicUrl: 'https:///p.jpg' }), [
    'reply news: Articles[0].PicUrl is not an http:// or https:// URL',
  ])
  t.strictSame(found({ Title: ' ' }), ['reply news: Articles[0].Title is empty'])
  t.strictSame(found({ Title: '木'.repeat(65) }), [
    'reply news: Articles[0].Title is 65 characters (195 bytes); 64 characters are sure to be shown',
  ])
  t.strictSame(found({ Description: 'd'.repeat(121) }), [
    'reply news: Articles[0].Description is 121 characters (121 bytes); 120 characters are sure to be shown',
  ])
})

t.test('a music URL that is none is found', async t => {
  t.strictSame(messages(music('m', { MusicUrl: '1.mp3', HQMusicUrl: 'ftp://a.example.org/1.mp3' })), [
    'reply music: MusicUrl is not an http:// or https:// URL',
    'reply music: HQMusicUrl is not an http:// or https:// URL',
  ])
})

t.test('characters that will be left out are found in any field', async t => {
  t.strictSame(messages(text('a\u0001')), ['reply text: Content has characters that XML forbids; they are left out'])
  t.strictSame(messages(news([{ Title: 'a\ud800' }])), [
    'reply news: Articles: 0: Title has characters that XML forbids; they are left out',
  ])
})

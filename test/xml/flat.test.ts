import t from 'tap'
import { readFlat } from '../../src/xml/flat.ts'
import { readNested } from '../../src/xml/nested.ts'

const MESSAGE =
  '<xml><ToUserName><![CDATA[gh_a0b1c2d3e4f5]]></ToUserName>\n<FromUserName><![CDATA[oA1]]></FromUserName>\n\t' +
  '<CreateTime>1893456121</CreateTime> <Content><![CDATA[ <b>&amp;</b>\n]] ]]></Content><Empty></Empty></xml>\n'

t.test('what WeChat sends is read without the parser, and as the parser reads it', async t => {
  const read = {
    ToUserName: 'gh_a0b1c2d3e4f5',
    FromUserName: 'oA1',
    CreateTime: '1893456121',
    Content: ' <b>&amp;</b>\n]] ',
    Empty: '',
  }
  t.strictSame({ ...readFlat(MESSAGE) }, read)
  t.strictSame({ ...readNested(MESSAGE) }, read)
  t.equal(Object.getPrototypeOf(readFlat(MESSAGE)), null)
})

t.test('what is not as simple is left to the parser', async t => {
  for (const xml of [
    '<a>b</a><a>c</a>',
    '<item>b</item>',
    '<List>b</List>',
    '<a> b </a>',
    '<a>&lt;</a>',
    '<a>中</a>',
    '<a><b>c</b></a>',
    '<a b="c">d</a>',
    '<a/>',
    '<a><![CDATA[b]]><![CDATA[c]]></a>',
    '<a> <![CDATA[b]]></a>',
    '<a><![CDATA[b]]> </a>',
    '<a><![CDATA[b]]></A>',
    '<a>b</A>',
    '<a><![CDATA[b\r\nc]]></a>',
    '<a><![CDATA[b</a>',
    '<a>b</a>c',
    '<!-- a --><a>b</a>',
    '<a:b>c</a:b>',
    '<constructor>b</constructor>',
    '<__proto__>b</__proto__>',
    '<prototype>b</prototype>',
    '<a>b</a></xml><a>c</a>',
    Array.from({ length: 65 }, (_, index) => `<a${index}>b</a${index}>`).join(''),
    '',
  ]) {
    t.equal(readFlat(`<xml>${xml}</xml>`), undefined, xml)
  }
  for (const text of ['<xml ><a>b</a></xml>', '<xml><a>b</a>', '<xml><a>b</a></xml>c', '<XML><a>b</a></XML>']) {
    t.equal(readFlat(text), undefined, text)
  }
})

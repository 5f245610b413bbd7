import t from 'tap'
import { parseXml } from '../../src/xml/parse.ts'
import { XmlError } from '../../src/xml/xml-error.ts'

/** The children of <xml> as plain objects. */
function parse(text: string): unknown {
  return JSON.parse(JSON.stringify(parseXml(Buffer.from(text)).root))
}

function refusal(bytes: Uint8Array | string): string {
  try {
    parseXml(Buffer.from(bytes))
    return 'accepted'
  } catch (error) {
    return error instanceof XmlError ? error.reason : `${error}`
  }
}

t.test('a value is its text, with or without CDATA', async t => {
  for (const [xml, value] of [
    ['<a>12</a>', '12'],
    ['<a><![CDATA[12]]></a>', '12'],
    ['<a>007</a>', '007'],
    ['<a><![CDATA[1e3]]></a>', '1e3'],
    ['<a>true</a>', 'true'],
    ['<a/>', ''],
    ['<a />', ''],
    ['<a></a>', ''],
    ['<a> \n </a>', ''],
    ['<a><![CDATA[]]></a>', ''],
    ['<a>![CDATA[300]]</a>', '![CDATA[300]]'],
    ['<a>]]></a>', ']]>'],
  ] as const) {
    t.strictSame(parse(`<xml>${xml}</xml>`), { a: value }, xml)
  }
})

t.test('white space is stripped round CDATA and never inside it', async t => {
  t.strictSame(parse('<xml><a> \n <![CDATA[ x\n ]]>\t\n</a></xml>'), { a: ' x\n ' })
  t.strictSame(parse('<xml><a>\n  12\n</a></xml>'), { a: '12' })
  t.strictSame(parse('<xml><a> b <![CDATA[ c ]]> d </a></xml>'), { a: 'b  c  d' })
})

t.test('CDATA sections side by side are one text', async t => {
  t.strictSame(parse('<xml><a><![CDATA[1 ]]]]><![CDATA[> 2]]></a></xml>'), { a: '1 ]]> 2' })
})

t.test('CDATA holds markup and references as they were written', async t => {
  for (const written of [
    '<!DOCTYPE html>',
    '<!ENTITY a "b">',
    '<b>&amp;</b>',
    '&#20013;',
    '<!-- x -->',
    '<?x?>',
    ']]',
  ]) {
    t.strictSame(parse(`<xml><a><![CDATA[${written}]]></a></xml>`), { a: written })
  }
})

t.test('outside CDATA the entities of XML and numeric references are decoded once', async t => {
  t.strictSame(parse('<xml><a>&lt;&gt;&amp;&quot;&apos;</a></xml>'), { a: '<>&"\'' })
  t.strictSame(parse('<xml><a>&#20013;&#x4E2d;&#128514;</a></xml>'), { a: '中中😂' })
  t.strictSame(parse('<xml><a>&amp;lt;</a></xml>'), { a: '&lt;' })
  t.strictSame(parse('<xml><a>a]]&gt;b</a></xml>'), { a: 'a]]>b' })
})

t.test('a reference that names no character stays as it came', async t => {
  for (const written of ['&nbsp;', '&#xD800;', '&#1114112;', '&#99999999999999999999;', '&AMP;']) {
    t.strictSame(parse(`<xml><a>${written}</a></xml>`), { a: written })
  }
})

t.test('children are grouped by name, and item and List are always arrays', async t => {
  t.strictSame(parse('<xml><a>1</a><b>2</b><a><c/></a></xml>'), { a: ['1', { c: '' }], b: '2' })
  t.strictSame(parse('<xml><P><item><M>1</M></item></P><S><List/></S></xml>'), {
    P: { item: [{ M: '1' }] },
    S: { List: [''] },
  })
  t.strictSame(parse('<xml><P>\n\n</P></xml>'), { P: '' })
})

t.test('text beside elements, comments and processing instructions are passed over', async t => {
  t.strictSame(parse('<xml>>stray<a>1</a>\n text <!-- <b>2</b> --><?pi <c>?><d>3</d></xml>'), { a: '1', d: '3' })
  t.strictSame(parse('<xml><a>b<!-- c -->d</a></xml> <!-- after --><?pi?>\n'), { a: 'bd' })
})

t.test('a byte order mark, an XML declaration and CRLF are survived', async t => {
  t.strictSame(parse('\ufeff<xml><a>1</a></xml>'), { a: '1' })
  t.strictSame(parse('<?xml version="1.0" encoding="UTF-8"?>\r\n<xml>\r\n<a><![CDATA[x\r\ny]]></a>\r\n</xml>\r\n'), {
    a: 'x\ny',
  })
  t.strictSame(parse('\ufeff \n <?xml version="1.0"?><xml ><a>1</a></xml >'), { a: '1' })
})

t.test('comments may stand between the XML declaration and <xml>', async t => {
  for (const comments of [
    '<!-- a -->',
    '<!---->',
    '<!--><!DOCTYPE x>-->',
    '\n<!-- <xml> -->\n<!-- <!DOCTYPE x> - b -->\n',
  ]) {
    t.strictSame(parse(`<?xml version="1.0"?>${comments}<xml><a>1</a></xml>`), { a: '1' }, comments)
  }
  for (const comments of [
    '<!-- a --><!DOCTYPE xml>',
    '<!DOCTYPE xml><!-- a -->',
    '<!-- a -- b -->',
    '<!-- a',
    '<!-- a -->x',
  ]) {
    t.equal(refusal(`<?xml version="1.0"?>${comments}<xml></xml>`), 'prolog', comments)
  }
})

t.test('the text is at hand as it came, without the byte order mark', async t => {
  t.equal(parseXml(Buffer.from('\ufeff<xml>\r\n<a>中</a></xml>')).text, '<xml>\r\n<a>中</a></xml>')
})

t.test('control characters that XML forbids, NUL too, stay in the text', async t => {
  t.strictSame(parse('<xml><a><![CDATA[x\u001d\u0000\u000by]]></a><b>\u0001</b></xml>'), {
    a: 'x\u001d\u0000\u000by',
    b: '\u0001',
  })
})

t.test('what is not UTF-8 is refused', async t => {
  const xml = '<xml><a>1</a></xml>'
  t.equal(refusal(Buffer.from(`\ufeff${xml}`, 'utf16le')), 'not-utf8')
  t.equal(refusal(Buffer.from([0x3c, 0x78, 0x6d, 0x6c, 0x3e, 0xd6, 0xd0, 0xce, 0xc4])), 'not-utf8', 'GBK')
  t.equal(refusal(Buffer.from([0xed, 0xa0, 0x80])), 'not-utf8', 'half of a surrogate pair')
  t.equal(refusal(Buffer.from(xml, 'utf16le')), 'prolog')
})

t.test('what does not begin with <xml> is refused', async t => {
  for (const body of [
    '',
    ' ',
    'success',
    '{"a":1}',
    '<XML></XML>',
    '<xml/>',
    '<xmlx></xmlx>',
    '<xml a="1"></xml>',
    '<root><xml></xml></root>',
    'x<xml></xml>',
    '\ufeff\ufeff<xml></xml>',
    '\u00a0<xml></xml>',
    '<!-- x --><xml></xml>',
    '<?xml version="1.0"?><?xml version="1.0"?><xml></xml>',
    '<!DOCTYPE xml><xml></xml>',
    '<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "b">]><xml><a>&a;</a></xml>',
  ]) {
    t.equal(refusal(body), 'prolog', body)
  }
})

t.test('a markup declaration inside <xml> is refused, whatever it stands behind', async t => {
  for (const inside of [
    '<!DOCTYPE x>',
    '<!DOCTYPE x [<!ENTITY a "b">]><a>&a;</a>',
    '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><a>&a;</a>',
    '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:1/"> %a;]>',
    '<!DOCTYPE x><!DOCTYPE x>',
    '<!ENTITY a "b">',
    '<![IGNORE[ x ]]>',
    '<!-- <![CDATA[ --><!DOCTYPE x>',
    '<a><![CDATA[ <!-- ]]></a><!DOCTYPE x>',
    '<?pi <![CDATA[ ?><!DOCTYPE x>',
  ]) {
    t.equal(refusal(`<xml>${inside}</xml>`), 'declaration', inside)
  }
})

t.test('what is not one whole document is refused', async t => {
  for (const body of [
    '<xml>',
    '<xml><a>1</a>',
    '<xml><a>1</b></xml>',
    '<xml><a></xml></a>',
    '<xml></xml><xml></xml>',
    '<xml></xml><xml/>',
    '<xml></xml>x',
    '<xml></xml><![CDATA[x]]>',
    '<xml></xml></xml>',
    '<xml><a><![CDATA[x</a></xml>',
    '<xml><a>x & y</a></xml>',
    '<xml><1/></xml>',
    '<xml><#text>1</#text></xml>',
    '<xml><a b>1</a></xml>',
    '<xml><![CDATA[x</xml>',
    '<xml><!-- x</xml>',
    '<xml></xml><?pi',
    '<xml>< a>1</a></xml>',
  ]) {
    t.equal(refusal(body), 'malformed', body)
  }
})

t.test('attributes are refused', async t => {
  t.equal(refusal('<xml><a b="1">1</a></xml>'), 'attributes')
  t.equal(refusal("<xml><a><b c='1'/></a></xml>"), 'attributes')
  t.equal(refusal('<xml><a xmlns:xi="http://www.w3.org/2001/XInclude"/></xml>'), 'attributes')
})

t.test('a name that means something to JavaScript is refused and changes nothing', async t => {
  for (const name of [
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'valueOf',
    'hasOwnProperty',
    '__defineGetter__',
  ]) {
    t.equal(refusal(`<xml><${name}><polluted>1</polluted></${name}></xml>`), 'malformed', name)
    t.equal(refusal(`<xml><a><${name}/></a></xml>`), 'malformed', `<${name}/>`)
  }
  t.equal(Reflect.get({}, 'polluted'), undefined)
  t.equal(Object.getPrototypeOf(parseXml(Buffer.from('<xml></xml>')).root), null)
  t.equal(Object.getPrototypeOf(parseXml(Buffer.from('<xml><a/></xml>')).root), null)
})

t.test('elements may be nested 8 deep', async t => {
  const nested = (depth: number) => `${'<xml>'.padEnd(5 + 3 * (depth - 1), '<a>')}1${'</a>'.repeat(depth - 1)}</xml>`
  t.strictSame(parse(nested(8)), { a: { a: { a: { a: { a: { a: { a: '1' } } } } } } })
  t.equal(refusal(nested(9)), 'too-deep')
  t.equal(refusal(nested(20_000)), 'too-deep')
})

t.test('there may be 1000 elements below <xml>', async t => {
  t.equal(refusal(`<xml>${'<a/>'.repeat(1000)}</xml>`), 'accepted')
  t.equal(refusal(`<xml>${'<a/>'.repeat(1001)}</xml>`), 'too-many')
  t.equal(refusal(`<xml><b>${'<a/>'.repeat(500)}</b><b>${'<a/>'.repeat(499)}</b></xml>`), 'too-many')
})

t.test('a long hostile document is refused like a short one', async t => {
  for (const [unit, reason] of [
    ['<', 'malformed'],
    ['<?', 'malformed'],
    ['<!', 'declaration'],
    ['<!--', 'malformed'],
    ['<![CDATA[', 'malformed'],
    ['&', 'malformed'],
    ['&#1', 'malformed'],
    ['<a b="', 'malformed'],
    ['</a>', 'malformed'],
  ] as const) {
    t.equal(refusal(`<xml>${unit.repeat(65_536 / unit.length)}</xml>`), reason, unit)
  }
  t.equal(refusal(`<xml></xml>${'<?'.repeat(32_768)}`), 'malformed')
  t.equal(refusal(`<?xml ${'? '.repeat(32_768)}`), 'prolog')
  for (const unit of ['<!---->', '<!-- - -->', '<!--', ' ', '-']) {
    t.equal(refusal(`<?xml version="1.0"?>${unit.repeat(65_536 / unit.length)}`), 'prolog', unit)
    t.equal(refusal(`<?xml version="1.0"?><!--${unit.repeat(65_536 / unit.length)}`), 'prolog', unit)
  }
})

t.test('the reason is told in both languages', async t => {
  const error = new XmlError('not-utf8')
  t.equal(error.in('en'), 'the body is not UTF-8')
  t.equal(error.in('zh'), '请求正文不是 UTF-8 编码')
})

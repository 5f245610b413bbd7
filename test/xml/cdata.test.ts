import fc from 'fast-check'
import t from 'tap'
import { escapeCdata } from '../../src/xml/cdata.ts'
import { parseXml } from '../../src/xml/parse.ts'

const throughCdata = (text: string) =>
  parseXml(Buffer.from(`<xml><a><![CDATA[${escapeCdata(text)}]]></a></xml>`)).root['a']

t.test('an end mark is divided over two CDATA sections', async t => {
  t.equal(escapeCdata('a]]>b'), 'a]]]]><![CDATA[>b')
  t.equal(escapeCdata(']]>]]>'), ']]]]><![CDATA[>]]]]><![CDATA[>')
  t.equal(escapeCdata(']]'), ']]')
  t.equal(escapeCdata('<b>&amp;</b>'), '<b>&amp;</b>')
})

t.test('characters that XML 1.0 forbids are left out', async t => {
  t.equal(escapeCdata('a\u0000\u0008\u000b\u000c\u000e\u001fb\ufffe\uffffc'), 'abc')
  t.equal(escapeCdata('a\ud800b\udc00c'), 'abc')
  t.equal(escapeCdata('\t\n\r \u007f\u0085\ud7ff\ue000\ufffd😀'), '\t\n\r \u007f\u0085\ud7ff\ue000\ufffd😀')
})

t.test('an end mark that appears when a character is left out is divided, too', async t => {
  t.equal(escapeCdata(']]\u0000>'), ']]]]><![CDATA[>')
})

t.test('any text comes through CDATA and the parser as it was, but for forbidden characters and CR', async t => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is left out
      const permitted = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      return throughCdata(text) === permitted.replace(/\r\n?/g, '\n')
    }),
    { seed: 20310101, numRuns: 2000 },
  )
  fc.assert(
    fc.property(fc.array(fc.constantFrom(']', '>', '<', '!', '[', 'CDATA', '&', 'amp;', '木')), parts => {
      return throughCdata(parts.join('')) === parts.join('')
    }),
    { seed: 20310102, numRuns: 2000 },
  )
  t.pass('4000 texts came through')
})

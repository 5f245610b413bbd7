import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { parseReply } from '../../../src/reply/parse.ts'
import { readFlat } from '../../../src/xml/flat.ts'
import { readNested } from '../../../src/xml/nested.ts'
import { projectDirectory } from '../../project.ts'
import { PLAIN, plainPost, textXml } from '../../webhook/receiver.ts'
import { createWatched, echo } from '../receiver.ts'
import { promise, type Target } from '../target.ts'

const ask = createWatched(PLAIN, echo)
const FIXTURES = path.join(projectDirectory, 'test', 'fixtures', 'messages')

/**
 * XML documents, rightly signed. What is answered must be a reply that WeChat can read, and the quick way through a simple
 * document ends where the parser does.
 */
export const xml: Target = {
  name: 'xml',
  seeds: [
    Buffer.from(textXml('你好 ]]]]><![CDATA[> & <b>')),
    ...fs.readdirSync(FIXTURES).map(name => fs.readFileSync(path.join(FIXTURES, name))),
  ].filter(({ length }) => length > 0),
  words: ['<', '>', '/', '&', ';', '"', '=', '\0', '\u001d', '\ufeff', '\ufffe', '<a>', '</a>', '<a/>', '<a b="1">']
    .concat(['<![CDATA[', ']]>', '<!--', '-->', '<?', '?>', '<?xml version="1.0"?>', '<!DOCTYPE x [<!ENTITY a "b">]>'])
    .concat([
      '&a;',
      '&#0;',
      '&#x110000;',
      '&lt;',
      '<xml>',
      '</xml>',
      '<item>',
      '</item>',
      '<__proto__>',
      '</__proto__>',
    ])
    .concat([
      '<constructor/>',
      '<MsgId>1</MsgId>',
      '<MsgType>event</MsgType>',
      '<Content>',
      '</Content>',
      '😀',
      '\ud800',
    ])
    .concat(['<FromUserName>x</FromUserName>', '<Encrypt>x</Encrypt>', '{{x}}', '{{{Content}}}', '\r\n']),
  async check(input) {
    const document = input.toString()
    const flat = readFlat(document)
    if (flat) assert.deepEqual(flat, readNested(document))
    const { status, body } = await ask(plainPost(input))
    promise([200, 400, 413, 415].includes(status), `a signed document is answered or a bad request, not ${status}`)
    if (status === 200) parseReply(body.toString())
    promise(Object.keys(Object.prototype).length === 0, 'Object.prototype stays as it is')
  },
}

import t from 'tap'
import { answers, closes, ignores, opened, params, withstand } from './attack.ts'
import { begin, PARAMS, pair, pairs, record, STDIN, stream, variables } from './client.ts'

const long = (size: number) => Buffer.from([size >>> 24, (size >> 16) & 255, (size >> 8) & 255, size & 255])

withstand(t, {
  'PARAMS after their end close the connection': closes(opened('4'), record(PARAMS, 1, pair('A', 'b'))),
  'a second end of PARAMS closes the connection': closes(opened('4'), record(PARAMS, 1)),
  'a name of no bytes closes the connection': closes(params(pair('', 'value'))),
  'a name of 2 GiB closes the connection': closes(
    params(Buffer.concat([long(0xffffffff), Buffer.from([1]), Buffer.from('ab')])),
  ),
  'a value of 2 GiB closes the connection': closes(
    params(Buffer.concat([Buffer.from([1]), long(0xffffffff), Buffer.from('ab')])),
  ),
  'a long form of no bytes closes the connection': closes(
    params(Buffer.concat([long(0x80000000), Buffer.from([1, 65])])),
  ),
  'a value of one byte more than there is closes the connection': closes(params(Buffer.from([1, 2, 65, 66]))),
  'a length that is cut closes the connection': closes(params(Buffer.from([1, 0x80, 0, 0]))),
  'a pair without its second length closes the connection': closes(params(Buffer.from([1]))),
  'PARAMS that never end close the connection as soon as they are over 1 MiB': closes(
    begin(1),
    ...Array.from({ length: 27 }, () => record(PARAMS, 1, Buffer.alloc(40_000))),
  ),
  'more than 1024 variables close the connection': closes(
    params(Buffer.concat(Array.from({ length: 1025 }, () => pair('A', 'b')))),
  ),
  'PARAMS and STDIN of an unknown request are ignored': ignores(
    stream(PARAMS, 7, pair('A', 'b')),
    stream(STDIN, 7, 'body'),
  ),
  'PARAMS and STDIN of request 0 are ignored': ignores(stream(PARAMS, 0, pair('A', 'b')), stream(STDIN, 0, 'body')),
  'more than 64 KiB of PARAMS are answered once they have ended': answers('431', params(pair('A', 'a'.repeat(65536)))),
  'as much as Apache lets through is answered': answers(
    '431',
    params(Buffer.concat(Array.from({ length: 100 }, () => pair('A', 'a'.repeat(8190))))),
  ),
  'a request without a variable is read': answers('200', params(Buffer.alloc(0))),
  "a variable that is the gateway's own says nothing": answers(
    '200',
    params(pair('GATEWAY_BODY_FAULT', 'constructor')),
  ),
  'nor does it hide what is wrong': answers(
    '400',
    params(Buffer.concat([pair('GATEWAY_BODY_FAULT', ''), pair('CONTENT_LENGTH', '1')])),
  ),
  'PARAMS of 64 KiB are read': answers('200', params(pair('A', 'a'.repeat(65529)))),
  '1024 variables are read': answers('200', params(Buffer.concat(Array.from({ length: 1024 }, () => pair('A', 'b'))))),
  'names that every object has are variables like others': answers(
    '200',
    params(Buffer.concat(['constructor', '__proto__', 'toString', 'REQUEST_METHOD'].map(name => pair(name, 'a')))),
  ),

  async 'a pair may be split at every byte'(t, open) {
    const content = pairs(variables('signature=s', 'body'))
    const wire = open()
    for (let cut = 1; cut < content.length; cut++) {
      wire.send(
        Buffer.concat([
          begin(1, { keep: true }),
          record(PARAMS, 1, content.subarray(0, cut)),
          stream(PARAMS, 1, content.subarray(cut)),
          stream(STDIN, 1, 'body'),
        ]),
      )
      const { document } = await wire.reply()
      if (
        !document.endsWith(
          '{"method":"POST","query":"signature=s","contentType":"text/xml","contentEncoding":"","body":"body"}',
        )
      ) {
        t.fail(`split at ${cut}`, { document })
      }
    }
    t.ok(content.length > 300)
    wire.socket.destroy()
  },
})

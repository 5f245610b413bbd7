import t from 'tap'
import { type Exchange, TRANSPORTS } from './transports.ts'

interface Row extends Exchange {
  readonly name: string
  readonly status: string
  readonly body: string
  /** Of the answer, where it is not that of the body. */
  readonly contentLength?: number
  readonly answer: string
}

const post = (length: string) => ({ REQUEST_METHOD: 'POST', QUERY_STRING: '', CONTENT_LENGTH: length })
const echoed = (body: string) => `{"method":"POST","query":"","contentType":"","contentEncoding":"","body":"${body}"}`

const ROWS: readonly Row[] = [
  {
    name: 'GET brings its query as it came and no body',
    variables: { REQUEST_METHOD: 'GET', QUERY_STRING: 'signature=a%20b&nonce=+%zz&echostr=%E4%BD%A0' },
    body: '',
    status: '200 OK',
    answer:
      '{"method":"GET","query":"signature=a%20b&nonce=+%zz&echostr=%E4%BD%A0","contentType":"","contentEncoding":"","body":""}',
  },
  {
    name: 'POST brings its body and what it is',
    variables: {
      ...post('11'),
      QUERY_STRING: 'a=1',
      CONTENT_TYPE: 'text/xml',
      HTTP_CONTENT_ENCODING: 'gzip',
      HTTP_PROXY: 'http://evil.example/',
      HTTP_CONTENT_TYPE: 'text/html',
      HTTP_CONTENT_LENGTH: '3',
    },
    body: '<xml></xml>',
    status: '200 OK',
    answer: '{"method":"POST","query":"a=1","contentType":"text/xml","contentEncoding":"gzip","body":"<xml></xml>"}',
  },
  {
    name: 'HEAD is answered with the length of the body and without it',
    variables: { REQUEST_METHOD: 'HEAD', QUERY_STRING: 'chinese' },
    body: '',
    status: '200 OK',
    contentLength: 15,
    answer: '',
  },
  {
    name: 'a length is counted in bytes',
    variables: { REQUEST_METHOD: 'GET', QUERY_STRING: 'chinese' },
    body: '',
    status: '200 OK',
    answer: Buffer.from('你好，世界').toString('latin1'),
  },
  {
    name: 'an unknown method is the application’s to refuse',
    variables: { REQUEST_METHOD: 'BREW', QUERY_STRING: '' },
    body: '',
    status: '200 OK',
    answer: '{"method":"BREW","query":"","contentType":"","contentEncoding":"","body":""}',
  },
  {
    name: 'a body of no bytes is no fault',
    variables: post('0'),
    body: '',
    status: '200 OK',
    answer: echoed(''),
  },
  {
    name: 'a body without a length is read to its end',
    variables: { REQUEST_METHOD: 'POST', QUERY_STRING: '' },
    body: 'chunked',
    status: '200 OK',
    answer: echoed('chunked'),
  },
  {
    name: 'a body of exactly the limit is taken',
    variables: post('65536'),
    body: 'b'.repeat(65536),
    status: '200 OK',
    answer: echoed('b'.repeat(65536)),
  },
  {
    name: 'a body of one byte more is too large',
    variables: post('65537'),
    body: 'b'.repeat(65537),
    status: '413 Content Too Large',
    answer: 'too-large',
  },
  {
    name: 'a body of megabytes is too large, and the answer arrives',
    variables: post('3000000'),
    body: 'b'.repeat(3_000_000),
    status: '413 Content Too Large',
    answer: 'too-large',
  },
  {
    name: 'a body that grows too large without having said so is too large',
    variables: { REQUEST_METHOD: 'POST', QUERY_STRING: '' },
    body: 'b'.repeat(300_000),
    status: '413 Content Too Large',
    answer: 'too-large',
  },
  {
    name: 'a body shorter than its length is incomplete',
    variables: post('5'),
    body: 'four',
    status: '400 Bad Request',
    answer: 'incomplete',
  },
  ...['-1', '5x', '0x5', '5.0', ' 5', '٥'].map(length => ({
    name: `a length of ${JSON.stringify(length)} makes a body incomplete`,
    variables: post(length),
    body: 'five!',
    status: '400 Bad Request',
    answer: 'incomplete',
  })),
  {
    name: 'an application that throws gets the client a neutral 500',
    variables: { REQUEST_METHOD: 'GET', QUERY_STRING: 'throw' },
    body: '',
    status: '500 Internal Server Error',
    answer: 'internal error\n',
  },
  {
    name: 'an application that rejects gets the client a neutral 500',
    variables: { REQUEST_METHOD: 'GET', QUERY_STRING: 'reject' },
    body: '',
    status: '500 Internal Server Error',
    answer: 'internal error\n',
  },
  {
    name: 'a header that would split the answer is a 500',
    variables: { REQUEST_METHOD: 'GET', QUERY_STRING: 'split' },
    body: '',
    status: '500 Internal Server Error',
    answer: 'internal error\n',
  },
  {
    name: 'an answer of 400 000 bytes is complete',
    variables: { REQUEST_METHOD: 'GET', QUERY_STRING: 'big' },
    body: '',
    status: '200 OK',
    answer: 'x'.repeat(400_000),
  },
]

for (const [name, open] of Object.entries(TRANSPORTS)) {
  t.test(name, async t => {
    const exchange = await open(t)
    for (const row of ROWS) {
      const document = await exchange(row)
      const end = document.indexOf('\r\n\r\n')
      const [status, ...headers] = document.slice(0, end).split('\r\n')
      const body = document.slice(end + 4)
      t.equal(status, `Status: ${row.status}`, row.name)
      t.ok(headers.includes(`Content-Length: ${row.contentLength ?? body.length}`), `${row.name}: length`)
      t.notOk(
        headers.some(header => /^(connection|transfer-encoding|date|set-cookie):/i.test(header)),
        `${row.name}: no header of the gateway’s own`,
      )
      t.ok(body === row.answer, `${row.name}: answer`, { found: body.slice(0, 200) })
    }
  })
}

import { UsageError } from '../../../src/errors.ts'
import { contentLength } from '../../../src/gateway/content-length.ts'
import { detectGateway } from '../../../src/gateway/detect.ts'
import { requestFromEnvironment } from '../../../src/gateway/request.ts'
import { COMPATIBLE, SIGNED, textXml } from '../../webhook/receiver.ts'
import { createWatched, echo } from '../receiver.ts'
import { promise, type Target } from '../target.ts'

const ask = createWatched(COMPATIBLE, echo)
const BODY = Buffer.from(textXml('hi'))

const seed = (variables: Readonly<Record<string, string>>) =>
  Buffer.from(
    Object.entries(variables)
      .map(pair => pair.join('='))
      .join('\0'),
  )

/** CGI environments, as execve takes them: `NAME=value` with a NUL behind each. */
export const environment: Target = {
  name: 'environment',
  seeds: [
    seed({
      GATEWAY_INTERFACE: 'CGI/1.1',
      REQUEST_METHOD: 'POST',
      QUERY_STRING: SIGNED,
      CONTENT_LENGTH: String(BODY.length),
      CONTENT_TYPE: 'text/xml',
      SCRIPT_NAME: '',
      PATH_INFO: '/',
    }),
    seed({ REQUEST_METHOD: 'GET', QUERY_STRING: `${SIGNED}&echostr=1`, PATH_INFO: '/shop', HTTP_HOST: 'localhost' }),
    seed({ LISTEN_FDS: '1', LISTEN_PID: '7', WEIXIN_LISTEN: '127.0.0.1:9000' }),
  ],
  words: ['\0', '=', 'REQUEST_METHOD=', 'HEAD', 'PUT', 'QUERY_STRING=', 'CONTENT_LENGTH=', '-1', '99999999999999999999']
    .concat([
      '0x10',
      '1e3',
      ' 5',
      'WEIXIN_GATEWAY=',
      'fastcgi',
      'LISTEN_FDS=',
      'WEIXIN_LISTEN=',
      ':',
      '[::1]:9',
      '/x.sock',
    ])
    .concat([
      'HTTP_CONTENT_ENCODING=gzip',
      '__proto__=x',
      'constructor=',
      'PATH_INFO=',
      '/../',
      '//',
      '木',
      '\ud800',
      '%00',
    ])
    .concat([SIGNED]),
  async check(input) {
    const variables = Object.fromEntries(
      input
        .toString()
        .split('\0')
        .map(pair => /^([^=]*)=?(.*)$/s.exec(pair)?.slice(1) ?? []),
    )
    detect(variables)
    const length = contentLength(variables)
    promise(length === undefined || Number.isNaN(length) || length >= 0, `the length ${length}`)
    const request = requestFromEnvironment(variables, request0(variables), undefined)
    await ask(request)
  },
}

function request0(variables: Readonly<Record<string, string>>): Buffer {
  return variables['REQUEST_METHOD'] === 'POST' ? BODY : Buffer.alloc(0)
}

function detect(variables: Readonly<Record<string, string>>): void {
  try {
    detectGateway({ environment: variables, argv: [], pid: 7, isFd0ListeningSocket: () => false })
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
  }
}

import { cgiVariables } from './deliver.ts'
import type { SentRequest } from './exchange.ts'

/**
 * The request as a `curl` command for a POSIX shell.
 *
 * @param url the responder's; the request's own path and query take the place of its own
 */
export function asCurl({ method, target, headers, body }: SentRequest, url: string): string {
  const words = ['curl', '-sS', '-i', ...(method === 'GET' ? [] : ['-X', method])]
  for (const [name, value] of Object.entries(headers)) {
    // curl finds these two itself.
    if (name !== 'Host' && name !== 'Content-Length') words.push('-H', quoted(`${name}: ${value}`))
  }
  // Unlike --data, --data-raw does not take what begins with @ for the name of a file.
  if (body) words.push('--data-raw', quoted(body))
  return [...words, quoted(new URL(target, url).href)].join(' ')
}

/**
 * The request as a command that pipes it into the script with a CGI environment (RFC 3875).
 *
 * @param script `cgi-bin/weixin`
 * @param environment what the script needs beside it, such as WEIXIN_TOKEN where no configuration has it
 */
export function asPipedCgi(
  { method, target, body }: SentRequest,
  script: string,
  environment: Readonly<Record<string, string>> = {},
): string {
  const [path = '', query = ''] = target.split(/\?(.*)/s, 2)
  const variables = {
    ...environment,
    ...cgiVariables({ method, query, body }),
    ...(path !== '/' && { PATH_INFO: path }),
  }
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${quoted(value)}`)
  const command = [...assignments, quoted(script)].join(' ')
  return body ? `printf %s ${quoted(body)} | ${command}` : `${command} </dev/null`
}

/** One word of the shell; what means nothing to it stays as it is. */
function quoted(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

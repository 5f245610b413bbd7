import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

/**
 * Stands between the platform and an Apache: what is broken off or answered with an error of the server is not
 * answered at all, so that the next delivery comes five seconds after the last one, as it does from WeChat.
 *
 * @returns its address
 */
export async function startPatience(t: Test, url: string): Promise<string> {
  const server = http.createServer((request, response) => {
    const { method, headers, url: path = '/' } = request
    const onward = http.request(new URL(path, url), { method, headers, agent: false }, answer => {
      if ((answer.statusCode ?? 500) >= 500) return void answer.resume()
      response.writeHead(answer.statusCode ?? 200, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => {})
    response.on('close', () => onward.destroy())
    request.pipe(onward)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

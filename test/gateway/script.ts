/** A CGI script for the tests of the HTTP front: its query says what it does. */
import fs from 'node:fs'

const query = process.env['QUERY_STRING'] ?? ''
const actions: Readonly<Record<string, () => void>> = {
  environment: () => print(`Content-Type: application/json\n\n${JSON.stringify(process.env)}`),
  body: () => print(`Status: 201 Created\r\nX-Two: a\r\nX-Two: b\r\n\r\n${fs.readFileSync(0, 'latin1')}`),
  length: () => print('Content-Type: text/plain\r\nContent-Length: 4\r\n\r\nfour'),
  elsewhere: () => print('Location: http://elsewhere.example/\n\n'),
  unread: () => print('Status: 413 Content Too Large\n\ntoo large'),
  silent: () => {},
  malformed: () => print('Hello, world!\n\nbody'),
  informational: () => print('Status: 100 Continue\n\n'),
  crash: () => process.exit(3),
  hang: () => {
    fs.writeFileSync(process.env['TEST_PID_FILE'] ?? '/dev/null', String(process.pid))
    setInterval(() => {}, 1000)
  },
}

function print(document: string): void {
  process.stdout.write(document)
}

actions[query]?.()

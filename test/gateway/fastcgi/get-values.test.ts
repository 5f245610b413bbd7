import t from 'tap'
import { type Attack, closes, withstand } from './attack.ts'
import { GET_VALUES, GET_VALUES_RESULT, pair, pairs, record } from './client.ts'

const capacities =
  (names: readonly string[], ...told: Buffer[]): Attack =>
  async (t, open) => {
    const wire = open()
    wire.send(record(GET_VALUES, 0, pairs(Object.fromEntries(names.map(name => [name, ''])))))
    const { id, content } = await wire.next(({ type }) => type === GET_VALUES_RESULT)
    t.equal(id, 0)
    t.same(content, Buffer.concat(told))
    wire.socket.destroy()
  }

const MAX_CONNS = pair('FCGI_MAX_CONNS', '1024')
const MAX_REQS = pair('FCGI_MAX_REQS', '1024')
const MPXS_CONNS = pair('FCGI_MPXS_CONNS', '1')

withstand(t, {
  'GET_VALUES is told three capacities': capacities(
    ['FCGI_MPXS_CONNS', 'FCGI_MAX_REQS', 'FCGI_MAX_CONNS'],
    MAX_CONNS,
    MAX_REQS,
    MPXS_CONNS,
  ),
  'GET_VALUES is told only what it asked for': capacities(['FCGI_MPXS_CONNS', 'SERVER_NAME'], MPXS_CONNS),
  'GET_VALUES cannot ask for what every object has': capacities(['constructor', '__proto__', 'toString', 'valueOf']),
  'GET_VALUES of nothing is told nothing': capacities([]),
  'GET_VALUES with 1000 names is told three': capacities(
    [...Array.from({ length: 999 }, (_, index) => `NAME_${index}`), 'FCGI_MAX_CONNS'],
    MAX_CONNS,
  ),
  'GET_VALUES with too many names closes the connection': closes(
    record(GET_VALUES, 0, pairs(Object.fromEntries(Array.from({ length: 1025 }, (_, index) => [`N${index}`, ''])))),
  ),
  'GET_VALUES that is cut closes the connection': closes(
    record(GET_VALUES, 0, pair('FCGI_MAX_CONNS', '').subarray(0, 9)),
  ),
  'GET_VALUES with a request id closes the connection': closes(record(GET_VALUES, 1, pair('FCGI_MAX_CONNS', ''))),
})

import t from 'tap'
import type { Exchange } from '../../src/simulator/exchange.ts'
import { createJournal } from '../../src/simulator/journal.ts'

t.test('a journal keeps the last 500 exchanges', async t => {
  const journal = createJournal()
  const exchange = { kind: 'text', openid: '', mode: 'plain', xml: '', startedAt: 0, deliveries: [] } as const
  for (let id = 1; id <= 501; id++) {
    const opened: Exchange = { ...exchange, id: String(id), state: 'running' }
    journal.open(opened, { method: 'GET', query: '', body: '' })
  }
  t.equal(journal.exchanges.length, 500)
  t.equal(journal.exchanges[0]?.id, '2')
  t.equal(journal.find('1'), undefined)
  t.equal(journal.find('501')?.exchange.id, '501')
})

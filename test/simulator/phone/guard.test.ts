import t from 'tap'
import { askedFor, type Guard, pictureAskedFor } from '../../../src/simulator/phone/guard.ts'

const guard: Guard = { key: 'K3y-_', port: 8123, pictureKey: id => `of-${id}` }
const host = '127.0.0.1:8123'

t.test('whoever knows the key gets what he asks for, decoded and without its query', async t => {
  t.equal(askedFor({ url: '/K3y-_/', headers: { host } }, guard), '')
  t.equal(askedFor({ url: '/K3y-_/?lang=zh', headers: { host } }, guard), '')
  t.equal(askedFor({ url: '/K3y-_/media/a%2Db', headers: { host: 'localhost:8123' } }, guard), 'media/a-b')
  const own = { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' }
  t.equal(askedFor({ url: '/K3y-_/events', headers: own }, guard), 'events')
})

t.test('nobody else gets anything', async t => {
  for (const [why, url, headers] of [
    ['no key', '/', { host }],
    ['no slash behind the key', '/K3y-_', { host }],
    ['another key', '/K3y-x/', { host }],
    ['part of the key', '/K3y/', { host }],
    ['the key in the query', '/?/K3y-_/', { host }],
    ['a name that somebody points at this machine', '/K3y-_/', { host: 'evil.example:8123' }],
    ['another port', '/K3y-_/', { host: '127.0.0.1:80' }],
    ['no host', '/K3y-_/', {}],
    ['a page of another site', '/K3y-_/', { host, origin: 'https://evil.example' }],
    ['a page of a sandbox', '/K3y-_/', { host, origin: 'null' }],
    ['another server of this machine', '/K3y-_/', { host, 'sec-fetch-site': 'same-site' }],
    ['a picture in a page of another site', '/K3y-_/', { host, 'sec-fetch-site': 'cross-site' }],
    ['half an escape', '/K3y-_/%', { host }],
  ] as const) {
    t.equal(askedFor({ url, headers }, guard), undefined, why)
  }
})

t.test('a picture opens with its own key, and that key opens nothing else', async t => {
  t.equal(pictureAskedFor({ url: '/of-m1/picture/m1', headers: { host } }, guard), 'm1')
  t.equal(pictureAskedFor({ url: '/of-m1/picture/m2', headers: { host } }, guard), undefined)
  t.equal(pictureAskedFor({ url: '/of-m1/picture/m1', headers: { host: 'evil.example' } }, guard), undefined)
  t.equal(askedFor({ url: '/of-m1/picture/m1', headers: { host } }, guard), undefined)
})

import http from 'node:http'
import { sign } from '../../../src/crypto/signature.ts'
import type { Defect } from './defect.ts'
import { ACCOUNT, type Answer, plain, type Received, Refused } from './responder.ts'

const isGet = ({ method }: Received) => method === 'GET'
const echoes = (change: (echostr: string) => Answer) => () => ({ echo: change })
const fetched = (url: string) => new Promise(resolve => http.get(url, resolve).on('error', resolve))

/** Responders that get the access check, signatures and the HTTP round them wrong. */
export const brokenRequests: readonly Defect[] = [
  {
    name: 'answers the access check with status 201',
    fails: ['access-echo', 'access-sort', 'access-order', 'access-again'],
    change: echoes(text => plain(201, text)),
  },
  { name: 'quotes the echostr', fails: ['access-exact'], change: echoes(text => plain(200, JSON.stringify(text))) },
  {
    name: 'chunks its answers to GET',
    fails: ['access-length'],
    change: () => ({
      finish: (answer, request) =>
        isGet(request) ? { ...answer, headers: { ...answer.headers, 'Transfer-Encoding': 'chunked' } } : answer,
    }),
  },
  {
    name: 'takes the echostr for a number',
    fails: ['access-number'],
    change: echoes(text => plain(200, /^\d+$/.test(text) ? String(Number(text)) : text)),
  },
  {
    name: 'loses leading zeros of the nonce',
    fails: ['access-sort'],
    change: () => ({
      sign: query => sign(ACCOUNT.token, query.get('timestamp') ?? '', String(Number(query.get('nonce')))),
    }),
  },
  {
    name: 'knows its parameters by their place',
    fails: ['access-sort', 'access-order', 'access-again'],
    change: ({ readQuery }) => ({
      readQuery(query) {
        if (!query.startsWith('signature=')) throw new Refused(403)
        return readQuery(query)
      },
    }),
  },
  {
    name: 'takes a nonce that was there before for a replay, in GET',
    fails: ['access-again'],
    change({ echo, readQuery }) {
      const seen = new Set<string>()
      return {
        readQuery(query) {
          const values = readQuery(query)
          if (values.has('echostr') && seen.has(query)) throw new Refused(403)
          seen.add(query)
          return values
        },
        echo,
      }
    },
  },
  {
    name: 'echoes whatever the signature',
    fails: ['access-forged', 'access-empty-token'],
    change: ({ isSigned }) => ({
      isSigned: (query, right) => (query.has('echostr') && query.get('signature') !== '') || isSigned(query, right),
    }),
  },
  {
    name: 'echoes without any signature',
    fails: ['access-missing'],
    change: ({ refuse }) => ({
      refuse(status, request) {
        const query = new URLSearchParams(request.query)
        const echostr = query.get('echostr')
        return isGet(request) && echostr && !query.has('signature') ? plain(200, echostr) : refuse(status, request)
      },
    }),
  },
  {
    name: 'takes the last of several signatures',
    fails: ['access-repeated'],
    change: () => ({
      readQuery(query) {
        const values = new Map(new URLSearchParams(query))
        if (!values.get('signature') || !values.get('nonce') || !values.get('timestamp')) throw new Refused(403)
        return values
      },
    }),
  },
  {
    name: 'has lost its Token, and goes on',
    fails: ['access-empty-token', 'forgery-unsigned'],
    change: ({ isSigned }) => ({
      isSigned: (query, right) =>
        isSigned(query, right) || isSigned(query, sign('', query.get('timestamp') ?? '', query.get('nonce') ?? '')),
    }),
  },
  {
    name: 'serves the echostr as a web page',
    fails: ['access-markup'],
    change: echoes(body => ({ status: 200, headers: { 'Content-Type': 'text/html' }, body })),
  },
  {
    name: 'fails on a browser',
    fails: ['access-stranger', 'refusal-calm'],
    change: ({ refuse }) => ({
      refuse: (status, request) => refuse(request.query === '' && isGet(request) ? 500 : status, request),
    }),
  },
  {
    name: 'believes a message whatever its signature',
    fails: ['forgery-token', 'forgery-altered', 'forgery-unsigned', 'refusal-status'],
    change: ({ isSigned }) => ({
      isSigned: (query, right) =>
        isSigned(query, right) ||
        (!query.has('echostr') && query.get('nonce') !== '1' && query.get('signature')?.length === 40),
    }),
  },
  {
    name: 'signs the Token alone',
    fails: ['forgery-altered'],
    change: ({ isSigned }) => {
      const good = new Set<string>()
      return {
        isSigned(query, right) {
          const signature = query.get('signature') ?? ''
          if (isSigned(query, right)) good.add(signature)
          return isSigned(query, right) || (!query.has('echostr') && query.get('nonce') === '1')
        },
      }
    },
  },
  {
    name: 'compares as much of the signature as came',
    fails: ['forgery-unsigned'],
    change: () => ({
      isSigned: (query, right) => right.startsWith(query.get('signature') ?? '-'),
    }),
  },
  {
    name: 'accepts any timestamp of the past',
    fails: ['forgery-old'],
    change: () => ({ isFresh: time => time < Date.now() / 1000 + 300 }),
  },
  {
    name: 'accepts any timestamp of the future',
    fails: ['forgery-future'],
    change: () => ({ isFresh: time => time > Date.now() / 1000 - 300 }),
  },
  {
    name: 'answers every forged message with success',
    fails: ['refusal-status'],
    change: ({ refuse }) => ({
      refuse: (status, request) =>
        request.method === 'POST' && status === 403 ? plain(200, 'success') : refuse(status, request),
    }),
  },
  {
    name: 'answers what it cannot read with 500',
    fails: ['refusal-calm'],
    change: ({ refuse }) => ({ refuse: (status, request) => refuse(status === 400 ? 500 : status, request) }),
  },
  {
    name: 'shows its Token when it refuses',
    fails: ['refusal-neutral'],
    change: () => ({ refuse: status => plain(status, `wrong signature for ${ACCOUNT.token}`) }),
  },
  {
    name: 'shows where it failed',
    fails: ['refusal-neutral'],
    change: () => ({ refuse: status => plain(status, `Error: no\n    at open (/srv/wx/index.js:12:7)`) }),
  },
  {
    name: 'takes PUT for POST',
    fails: ['http-methods'],
    change: () => ({
      receive: request => (request.method === 'PUT' ? { ...request, method: 'POST' } : request),
    }),
  },
  {
    name: 'fails on HEAD',
    fails: ['http-head'],
    change: ({ refuse }) => ({
      refuse: (status, request) => refuse(request.method === 'HEAD' ? 500 : status, request),
    }),
  },
  {
    name: 'insists on its idea of Content-Type',
    fails: ['http-headers'],
    change: () => ({
      receive(request) {
        if (!isGet(request) && request.headers['content-type'] !== 'text/xml') throw new Refused(415)
        return request
      },
    }),
  },
  {
    name: 'reads eight kilobytes and no more',
    fails: ['text-long', 'limit-message'],
    change: () => ({
      receive(request) {
        if (request.body.length > 8192) throw new Refused(413)
        return request
      },
    }),
  },
  {
    name: 'fails on two megabytes',
    fails: ['limit-huge'],
    change: ({ refuse }) => ({ refuse: (status, request) => refuse(status === 413 ? 500 : status, request) }),
  },
  {
    name: 'does not answer any more after garbage',
    fails: ['xml-json', 'refusal-calm'],
    change({ refuse, echo }) {
      let broken = false
      return {
        refuse(status, request) {
          broken ||= request.body.toString() === '{"a":'
          return refuse(status, request)
        },
        echo(echostr) {
          if (!broken) return echo(echostr)
          broken = false
          return plain(500, '')
        },
      }
    },
  },
  {
    name: 'never recovers from two megabytes',
    fails: ['limit-huge', 'survival-hostile'],
    change({ finish }) {
      let dead = false
      return {
        finish(answer, request) {
          dead ||= request.body.length > 1_000_000
          return dead ? undefined : finish(answer, request)
        },
      }
    },
  },
  {
    name: 'fetches what a document names',
    fails: ['xml-external'],
    change: () => ({
      async receive(request) {
        const [url] = /http:\/\/127[^"]+/.exec(request.body.toString()) ?? []
        if (url) await fetched(url)
        return request
      },
    }),
  },
]

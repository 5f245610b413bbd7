import t from 'tap'
import { testDefects } from './breaks.ts'
import { brokenRequests } from './broken-requests.ts'

testDefects(t, brokenRequests)

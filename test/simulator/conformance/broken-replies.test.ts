import t from 'tap'
import { testDefects } from './breaks.ts'
import { brokenReplies } from './broken-replies.ts'

testDefects(t, brokenReplies)

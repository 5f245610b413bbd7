import t from 'tap'
import { testDefects } from './breaks.ts'
import { brokenDocuments } from './broken-documents.ts'

testDefects(t, brokenDocuments)

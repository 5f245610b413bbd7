import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { projectDirectory } from '../project.ts'
import type { Finding } from './fuzz.ts'
import type { Target } from './target.ts'

const FOLDER = path.join(projectDirectory, 'test', 'fuzz', 'regressions')

/** Inputs that were findings once, by the names of their files: `xml-0a1b2c3d`. */
export function regressionsOf({ name }: Target): readonly { readonly file: string; readonly input: Buffer }[] {
  if (!fs.existsSync(FOLDER)) return []
  const files = fs.readdirSync(FOLDER).filter(file => file.startsWith(`${name}-`))
  return files.map(file => ({ file, input: fs.readFileSync(path.join(FOLDER, file)) }))
}

/** Keeps a finding for the tests, and tells where. */
export function keep({ name }: Target, { input }: Finding): string {
  fs.mkdirSync(FOLDER, { recursive: true })
  const file = path.join(FOLDER, `${name}-${createHash('sha256').update(input).digest('hex').slice(0, 8)}`)
  fs.writeFileSync(file, input)
  return file
}

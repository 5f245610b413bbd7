import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** What one test file has said, and how it ended. */
export interface Ran {
  readonly output: string
  readonly succeeded: boolean
  /** It took too long and was ended. */
  readonly hung?: boolean
  readonly milliseconds: number
}

export interface TestFile {
  /** How Node is started, without the test's name. */
  readonly command: readonly [program: string, ...words: string[]]
  readonly file: string
  readonly directory: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Milliseconds; 240 000 if not given. */
  readonly patience?: number
}

const PATIENCE = 240_000

/** Runs one compiled test to its end. Its output goes through files: under Wine the outermost process has no pipes. */
export async function runTestFile({ patience = PATIENCE, ...test }: TestFile): Promise<Ran> {
  const { command, file, directory, environment } = test
  const started = performance.now()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'weixin-tap-'))
  const [input, output, remarks] = ['/dev/null', 'tap', 'remarks'].map((name, index) =>
    index === 0 ? fs.openSync(os.devNull, 'r') : fs.openSync(path.join(folder, name), 'w'),
  )
  const [program, ...words] = command
  const child = spawn(program, [...words, file], {
    cwd: directory,
    // Here alone it is decided what hangs.
    env: { ...environment, TAP_TIMEOUT: String(patience / 500) },
    stdio: [input, output, remarks],
    timeout: patience,
    killSignal: 'SIGKILL',
  })
  const code = await new Promise(resolve => {
    child.once('error', resolve)
    child.once('exit', resolve)
  })
  for (const fd of [input, output, remarks]) if (fd !== undefined) fs.closeSync(fd)
  const read = (name: string) => fs.readFileSync(path.join(folder, name), 'utf8')
  const said = read('tap') + read('remarks').replaceAll(/^(?=.)/gm, '# ')
  fs.rmSync(folder, { recursive: true })
  const hung = child.signalCode === 'SIGKILL'
  return { output: said, succeeded: code === 0, hung, milliseconds: Math.round(performance.now() - started) }
}

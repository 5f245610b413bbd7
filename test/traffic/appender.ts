import { createJournal } from '../../src/traffic/journal.ts'

/** A file is full after some thousand lines, and there is room for all of them. */
const [folder = '', name, count] = process.argv.slice(2)
const append = createJournal({ folder, size: 500_000, days: 30, now: Date.now, uid: undefined })
for (let index = 0; index < Number(count); index++) append(Buffer.from(`${name}-${index}-${'x'.repeat(40)}\n`))

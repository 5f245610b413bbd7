import type { Terminal } from './command.ts'

const WIDTH = 24

/** A progress bar on the error output, told how much of how much is done; without a total it counts. */
export function createProgress({ overwrite }: Terminal, label: string) {
  return {
    report(done: number, total: number | undefined): void {
      const filled = total ? Math.round((WIDTH * Math.min(done, total)) / total) : 0
      overwrite(total ? `${label} [${'#'.repeat(filled).padEnd(WIDTH, '.')}] ${done}/${total}` : `${label} ${done}`)
    },
    end: () => overwrite(''),
  }
}

import path from 'node:path'
import { loadConfig } from '../../config/load.ts'
import type { Config } from '../../config/types.ts'
import { ConfigError } from '../../errors.ts'
import type { Terminal } from '../terminal/command.ts'

/** The folder in which the store keeps its files, or else the journal; undefined when there are none on this machine. */
export async function stateFolder({
  environment,
  directory,
}: Pick<Terminal, 'environment' | 'directory'>): Promise<string | undefined> {
  const { store, journal } = await configured(environment, directory)
  if (store.startsWith('file:')) return path.resolve(directory, store.slice('file:'.length))
  return journal === 'on' ? path.join(directory, 'var') : undefined
}

/** What is to be deployed need not be configured yet. */
async function configured(
  environment: Terminal['environment'],
  directory: string,
): Promise<Pick<Config, 'store' | 'journal'>> {
  try {
    return await loadConfig(environment, directory)
  } catch (error) {
    if (error instanceof ConfigError) return { store: 'file:var', journal: 'off' }
    throw error
  }
}

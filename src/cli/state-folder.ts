import path from 'node:path'
import { loadConfig } from '../config/load.ts'
import { ConfigError } from '../errors.ts'
import type { Terminal } from './command.ts'

/** The folder in which the configured store keeps its files; undefined when it keeps none on this machine. */
export async function stateFolder({
  environment,
  directory,
}: Pick<Terminal, 'environment' | 'directory'>): Promise<string | undefined> {
  const store = await configuredStore(environment, directory)
  return store.startsWith('file:') ? path.resolve(directory, store.slice('file:'.length)) : undefined
}

/** What is to be deployed need not be configured yet. */
async function configuredStore(environment: Terminal['environment'], directory: string): Promise<string> {
  try {
    return (await loadConfig(environment, directory)).store
  } catch (error) {
    if (error instanceof ConfigError) return 'file:var'
    throw error
  }
}

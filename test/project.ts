import { fileURLToPath } from 'node:url'

/** The project's folder, seen from `dist/test/`. */
export const projectDirectory = fileURLToPath(new URL('../..', import.meta.url))

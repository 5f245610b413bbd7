import { fileURLToPath } from 'node:url'

/** The project's folder, seen from `dist/test/`. */
export const projectDirectory = fileURLToPath(new URL('../..', import.meta.url))

/** What the build makes for `cgi-bin/weixin`. */
export const BUNDLES = ['dist/responder.cjs', 'dist/redis-client.cjs', 'dist/node-fastcgi.cjs']

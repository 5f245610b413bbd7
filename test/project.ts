import { fileURLToPath } from 'node:url'

/** The project's folder, seen from `dist/test/`. */
export const projectDirectory = fileURLToPath(new URL('../..', import.meta.url))

/** What the build makes for `cgi-bin/weixin`. */
export const BUNDLES = ['dist/responder.cjs', 'dist/redis-client.cjs', 'dist/node-fastcgi.cjs']

/** What the script begins a CGI process with, where it fits. */
export const SNAPSHOT = ['dist/node', 'dist/responder.blob', 'dist/responder.blob.fit']

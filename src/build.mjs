/*
 * Makes `dist/` from the sources: `node src/build.mjs [--install]`. It is plain JavaScript because in a fresh clone
 * it runs before there is a compiler: with `--install` it first lets npm bring the dependencies that the lock file
 * names, when they are not there yet.
 *
 *   dist/templates.js    everything under templates/, as one module
 *   dist/responder.cjs   what cgi-bin/weixin runs: responder, owner's handlers and templates in one file
 *   dist/*.cjs           packages that only some configurations need: a process is quicker without them
 *   dist/cli.js          the command `weixin`
 *   dist/phone/          the page of `weixin phone`, with WeUI's style: nothing in it is fetched from elsewhere
 *   dist/responder.blob  the start-up snapshot that a CGI process begins with, and dist/node, which made it
 *   dist/index.js        src/index.ts, for programs of the owner's own that `import … from 'weixin-cgi'`
 */
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { takeSnapshot } from './build/take-snapshot.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const dist = path.join(root, 'dist')

/** @type {Record<string, string>} */
const SEPARATE_PACKAGES = { '@redis/client': 'redis-client.cjs', 'node-fastcgi': 'node-fastcgi.cjs' }

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`weixin-cgi needs Node 20.19 or newer; this is ${process.version} (${process.execPath})\n`)
  process.exit(2)
}

if (process.argv.includes('--install')) installDependencies()
fs.mkdirSync(dist, { recursive: true })
writeTemplates()
await bundle()

/** npm leaves node_modules/.package-lock.json behind: older than package-lock.json means that something is missing. */
function installDependencies() {
  const modified = (/** @type {string} */ file) =>
    fs.statSync(path.join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0
  if (modified('node_modules/.package-lock.json') >= modified('package-lock.json')) return
  // npm runs this script, and says where it is itself; no .cmd is started, which Windows would need a shell for.
  const npm = process.env['npm_execpath']
  const [command, ...before] = npm ? [process.execPath, npm] : ['npm']
  const { status } = spawnSync(command ?? '', [...before, 'ci', '--loglevel=error'], { cwd: root, stdio: 'inherit' })
  if (status !== 0) {
    process.stderr.write('npm could not install the dependencies; its message is above\n')
    process.exit(1)
  }
}

/** templates/reply/text.xml becomes `templates.reply['text.xml']`. */
function writeTemplates() {
  const folders = path.join(root, 'templates')
  /** @type {Record<string, Record<string, string>>} */
  const templates = {}
  for (const folder of ['reply', 'content']) {
    const files = fs.readdirSync(path.join(folders, folder)).filter(file => !file.startsWith('.'))
    templates[folder] = Object.fromEntries(
      files.sort().map(file => [file, readTemplate(path.join(folders, folder, file))]),
    )
  }
  fs.writeFileSync(path.join(dist, 'templates.js'), `export const templates = ${JSON.stringify(templates, null, 2)}\n`)
  fs.writeFileSync(
    path.join(dist, 'templates.d.ts'),
    'export declare const templates: Readonly<Record<"reply" | "content", Readonly<Record<string, string>>>>\n',
  )
}

/**
 * Editors on Windows put a mark in front and two bytes at the end of a line; neither is for a follower to read.
 *
 * @param {string} file
 */
function readTemplate(file) {
  return fs
    .readFileSync(file, 'utf8')
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n')
}

/**
 * What node-fastcgi is built on still says `new Buffer(length)`. Inside node_modules Node says nothing about it; in a bundle it
 * would warn in Apache's error log at every start.
 *
 * @returns {import('esbuild').Plugin}
 */
function currentBuffers() {
  return {
    name: 'current-buffers',
    setup(build) {
      build.onLoad({ filter: /node_modules[/\\](fastcgi-stream|bufferlist)[/\\].*\.js$/ }, ({ path: file }) => ({
        contents: fs.readFileSync(file, 'utf8').replace(/\bnew Buffer\(/g, 'Buffer.alloc('),
      }))
    },
  }
}

/**
 * These are loaded from files of their own, when they are needed. An ES module would load them with itself, were they
 * not required.
 *
 * @param {string} [requireFunction] what loads them
 * @returns {import('esbuild').Plugin}
 */
function separatePackages(requireFunction = 'require') {
  return {
    name: 'separate-packages',
    setup(build) {
      build.onResolve({ filter: /^[@\w]/ }, ({ path: name }) =>
        Object.hasOwn(SEPARATE_PACKAGES, name) ? { path: name, namespace: 'separate' } : undefined,
      )
      build.onResolve({ filter: /^\.\//, namespace: 'separate' }, ({ path: file }) => ({ path: file, external: true }))
      build.onLoad({ filter: /./, namespace: 'separate' }, ({ path: name }) => ({
        contents: `module.exports = ${requireFunction}('./${SEPARATE_PACKAGES[name]}')`,
      }))
    },
  }
}

async function bundle() {
  const { build } = await import('esbuild')
  /** @type {import('esbuild').BuildOptions} */
  const common = {
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    mainFields: ['module', 'main'],
    absWorkingDir: root,
    charset: 'utf8',
    logLevel: 'warning',
  }
  await build({
    ...common,
    entryPoints: ['src/responder.ts'],
    outfile: 'dist/responder.new.cjs',
    format: 'cjs',
    // A start-up snapshot has no import(): whatever is loaded on demand is required.
    supported: { 'dynamic-import': false },
    plugins: [separatePackages()],
  })
  exchangeResponder()
  for (const [name, file] of Object.entries(SEPARATE_PACKAGES)) {
    await build({ ...common, entryPoints: [name], outfile: `dist/${file}`, format: 'cjs', plugins: [currentBuffers()] })
  }
  const requireInModule = [
    "import { createRequire as weixinCreateRequire } from 'node:module'",
    'const require = weixinCreateRequire(import.meta.url)',
  ]
  for (const { entry, outfile, firstLines } of [
    { entry: 'src/cli/main.ts', outfile: 'dist/cli.js', firstLines: ['#!/usr/bin/env node'] },
    { entry: 'src/index.ts', outfile: 'dist/index.js', firstLines: [] },
  ]) {
    await build({
      ...common,
      entryPoints: [entry],
      outfile,
      format: 'esm',
      plugins: [separatePackages()],
      banner: { js: [...firstLines, ...requireInModule].join('\n') },
    })
  }
  await bundlePage(build)
  await bundleForSnapshot(build, common)
}

/** What Apache runs is exchanged in one moment, and only for what can be loaded: a mistake in src/app.ts takes nothing away. */
function exchangeResponder() {
  const made = path.join(dist, 'responder.new.cjs')
  const { status, stderr } = spawnSync(process.execPath, ['-e', 'require(process.argv[1])', made], { encoding: 'utf8' })
  if (status === 0) return fs.renameSync(made, path.join(dist, 'responder.cjs'))
  fs.rmSync(made)
  process.stderr.write(
    `src/app.ts, or what it imports, cannot be loaded; what was built before is still there.\n${stderr}`,
  )
  process.exit(1)
}

/**
 * A snapshot of the responder after its first answers, which a CGI process of the very same Node begins with. Where it
 * cannot be made the bundle does the same, only later.
 *
 * @param {typeof import('esbuild').build} build
 * @param {import('esbuild').BuildOptions} common
 */
async function bundleForSnapshot(build, common) {
  const blob = path.join(dist, 'responder.blob')
  fs.writeFileSync(path.join(dist, 'node'), `${lastingPath(process.execPath)}\n`)
  // One of an earlier build would answer as it did then.
  fs.rmSync(blob, { force: true })
  if (process.platform === 'win32') return
  const { outputFiles: [script] = [] } = await build({
    ...common,
    entryPoints: ['src/snapshot.ts'],
    format: 'cjs',
    supported: { 'dynamic-import': false },
    minifyWhitespace: true,
    write: false,
    // In a snapshot require() knows what comes with Node, and nothing else.
    plugins: [
      separatePackages(
        "require('node:module').createRequire(require('node:path').resolve(process.argv[1], '../../dist/_'))",
      ),
    ],
  })
  fs.writeFileSync(path.join(dist, 'snapshot.cjs'), withoutWideCharacters(script?.text ?? ''))
  const fault = takeSnapshot(path.join(dist, 'snapshot.cjs'), blob)
  if (fault) process.stderr.write(`no start-up snapshot was made, CGI is slower without one: ${fault}\n`)
}

/**
 * All of the script is in the snapshot as a string, which is twice as long when it has a single character beyond Latin-1.
 *
 * @param {string} script
 */
function withoutWideCharacters(script) {
  return script.replace(/[\u0100-\uffff]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/**
 * /usr/bin/node rather than the file of one version behind it, which the next upgrade removes.
 *
 * @param {string} file
 */
function lastingPath(file) {
  const isSame = (/** @type {string} */ name) => fs.existsSync(name) && fs.realpathSync(name) === fs.realpathSync(file)
  return ['/usr/bin/node', '/usr/local/bin/node'].find(isSame) ?? file
}

/**
 * The page is a browser's, and complete: not a byte of it comes from the network.
 *
 * @param {typeof import('esbuild').build} build
 */
async function bundlePage(build) {
  const page = path.join(root, 'templates', 'phone')
  const made = path.join(dist, 'phone')
  await build({
    bundle: true,
    minify: true,
    absWorkingDir: root,
    charset: 'utf8',
    logLevel: 'warning',
    entryPoints: { script: path.join(page, 'main.js'), style: path.join(page, 'phone.css') },
    outdir: made,
    format: 'esm',
    target: ['chrome109', 'firefox115', 'safari16.4'],
  })
  for (const file of ['index.html', 'icon.svg']) fs.copyFileSync(path.join(page, file), path.join(made, file))
}

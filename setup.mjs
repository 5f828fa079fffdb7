// Makes a fresh clone ready: installs the locked packages that are missing. `--run` asks only for what running needs;
// without it come the packages that test and check. The source runs as it is, so nothing is built.
// Plain JavaScript with nothing but Node's own modules, because it runs before anything is installed.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The first Node that runs TypeScript without a warning, and the package that brings one where this Node is older. */
const FIRST_NODE = 24
const NODE = 'node_modules/node'
/** Where that package is installed while npm writes the others, which takes half the time of one after the other. */
const PART = '.node-part'

const lock = packagesOf('package-lock.json')
// npm writes down here what it installed, whoever called it.
const record = 'node_modules/.package-lock.json'
const installed = existsSync(record) ? packagesOf(record) : {}

const isForTests = !process.argv.includes('--run') || 'node_modules/vitest' in installed
const needsNode = isForTests || Number.parseInt(process.versions.node, 10) < FIRST_NODE
const missing = Object.keys(lock).filter(isNeeded).filter(isMissing)
const lacksNode = needsNode && !hasNode()
// npm ci takes out what it did not install itself, this Node too.
const replaces = missing.length > 0
const done = await Promise.all([
  ...(replaces ? [npm('.', 'ci', ...(isForTests ? [] : ['--omit=dev']), '--ignore-scripts')] : []),
  ...(needsNode && (replaces || lacksNode) ? [nodeApart()] : []),
])
const failure = done.find((status) => status !== 0)
if (failure === undefined && existsSync(PART)) placeNode()
rmSync(PART, { recursive: true, force: true })
process.exitCode = failure

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages
}

/** Optional packages are those of other platforms. The Node is looked for by itself: npm's record knows nothing of it. */
function isNeeded(path) {
  const { dev, devOptional, optional } = lock[path]
  return path !== '' && path !== NODE && !optional && (isForTests || (!dev && !devOptional))
}

function isMissing(path) {
  return installed[path]?.version !== lock[path].version
}

/** Whether the Node of the lock is there with its program: without its script the package is a few words of text. */
function hasNode() {
  const about = `${NODE}/package.json`
  if (!existsSync(about)) return false
  const { version, bin } = JSON.parse(readFileSync(about, 'utf8'))
  return version === lock[NODE].version && existsSync(join(NODE, bin.node))
}

/**
 * Installs the Node beside the other packages. It is the only one whose script runs: the script brings the program. The
 * database brings its own programs, and its script, which npm adds, would ask for Python and a compiler.
 */
function nodeApart() {
  rmSync(PART, { recursive: true, force: true })
  mkdirSync(PART)
  writeFileSync(join(PART, 'package.json'), '{ "private": true }\n')
  return npm(PART, 'install', '--no-save', '--no-package-lock', `node@${lock[NODE].version}`)
}

/** Puts the Node and its command among the other packages. */
function placeNode() {
  const [from, to] = [join(PART, 'node_modules'), 'node_modules']
  rmSync(NODE, { recursive: true, force: true })
  mkdirSync(join(to, '.bin'), { recursive: true })
  renameSync(join(from, 'node'), NODE)
  for (const command of readdirSync(join(from, '.bin'))) {
    rmSync(join(to, '.bin', command), { force: true })
    renameSync(join(from, '.bin', command), join(to, '.bin', command))
  }
}

/** The exit code of npm. Its words go to stderr: stdout is for results. */
function npm(folder, ...words) {
  console.error(`setup: installing packages (npm ${words.join(' ')})`)
  const options = { cwd: folder, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' }
  const running = spawn('npm', [...words, '--no-audit', '--no-fund', '--loglevel=error'], options)
  return new Promise((resolve) => {
    const failed = (status, why = '') => {
      console.error(`setup: "npm ${words.join(' ')}" failed${why}.`)
      resolve(status || 1)
    }
    running.once('error', (error) => failed(1, `: ${error.message}`))
    running.once('close', (status) => (status === 0 ? resolve(0) : failed(status)))
  })
}

// Makes a fresh clone ready: installs the locked packages that are missing. `--run` asks only for what running needs;
// without it come the packages that test and check. The source runs as it is, so nothing is built.
// Plain JavaScript with nothing but Node's own modules, because it runs before anything is installed.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** The first Node that runs TypeScript without a warning, and the package that brings one where this Node is older. */
const FIRST_NODE = 24
const NODE = 'node_modules/node'

const lock = packagesOf('package-lock.json')
// npm writes down here what it installed, whoever called it.
const record = 'node_modules/.package-lock.json'
const installed = existsSync(record) ? packagesOf(record) : {}

const isForTests = !process.argv.includes('--run') || 'node_modules/vitest' in installed
const needsNode = Number.parseInt(process.versions.node, 10) < FIRST_NODE
const missing = Object.keys(lock).filter(isNeeded).filter(isMissing)
if (missing.some((path) => path !== NODE)) {
  npm('ci', ...(isForTests ? [] : ['--omit=dev']))
  if (isForTests) missing.length = 0
}
// After the packages that running needs, because `npm ci` takes out what is not among them.
if (!isForTests && needsNode && (missing.length > 0 || isMissing(NODE))) {
  npm('install', '--no-save', '--save-prod', '--omit=dev', `node@${lock[NODE].version}`)
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages
}

/** Optional packages are those of other platforms. */
function isNeeded(path) {
  const { dev, devOptional, optional } = lock[path]
  return path !== '' && !optional && (isForTests || (!dev && !devOptional) || (path === NODE && needsNode))
}

function isMissing(path) {
  return installed[path]?.version !== lock[path].version
}

/** Runs npm, and ends this process with its exit code when it fails. Its words go to stderr: stdout is for results. */
function npm(...words) {
  console.error(`setup: installing packages (npm ${words.join(' ')})`)
  const options = { stdio: ['ignore', 2, 2], shell: process.platform === 'win32' }
  const { status, error } = spawnSync('npm', [...words, '--no-audit', '--no-fund', '--loglevel=error'], options)
  if (status === 0) return
  console.error(`setup: "npm ${words.join(' ')}" failed${error ? `: ${error.message}` : ''}.`)
  process.exit(status || 1)
}

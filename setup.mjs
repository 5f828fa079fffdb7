// Makes a fresh clone ready: installs the locked packages when they are missing or old, and builds when asked.
// Plain JavaScript with nothing but Node's own modules, because it runs before anything is installed.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'

const build = process.argv.includes('--build')
const quiet = process.argv.includes('--quiet')
const stamp = 'node_modules/.pilotlight-lock'

/** Runs a command of npm's and ends this process with its exit code when it fails. */
function run(command, args) {
  const shell = process.platform === 'win32'
  const result = spawnSync(command, args, { stdio: quiet ? ['ignore', 'ignore', 'inherit'] : ['ignore', 2, 2], shell })
  if (result.status === 0) return
  console.error(`setup: "${command} ${args.join(' ')}" failed${result.error ? `: ${result.error.message}` : ''}.`)
  process.exit(result.status || 1)
}

const lock = readFileSync('package-lock.json', 'utf8')
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  if (!quiet) console.error('setup: installing the locked packages (npm ci)')
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  writeFileSync(stamp, lock)
  rmSync('dist', { recursive: true, force: true })
}
if (build) {
  if (!existsSync('dist/cli/main.js')) rmSync('dist', { recursive: true, force: true })
  run('npm', ['run', '--silent', 'build'])
}

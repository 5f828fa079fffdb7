// Runs the suites that take minutes (test/**/*.slow.test.ts); words after `--` go to vitest.
import { spawnSync } from 'node:child_process'

const vitest = ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)]
const { status } = spawnSync(process.execPath, vitest, {
  stdio: 'inherit',
  env: { ...process.env, PILOTLIGHT_SLOW: '1' },
})
process.exit(status ?? 1)

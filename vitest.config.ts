import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Suites that take minutes: containers, long fuzzing, browsers, Slurm. `npm run test:slow` runs them. */
const SLOW = 'test/**/*.slow.test.ts'
const runsSlow = process.env['PILOTLIGHT_SLOW'] !== undefined

/** Suites that need the packages of their own folder; test/export/independent.test.ts says so where they are missing. */
const JUDGES = 'test/export/independent'
const hasJudges = existsSync(`${JUDGES}/node_modules/.package-lock.json`)

// Processes and threads that tests start compile a source once, and not each anew.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('node_modules/.cache/tests', import.meta.url))

export default defineConfig({
  test: {
    include: runsSlow ? [SLOW] : ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', ...(runsSlow ? [] : [SLOW]), ...(hasJudges ? [] : [`${JUDGES}/**`])],
    setupFiles: ['test/fixed-seed.ts'],
    reporters: ['default', './test/summary-reporter.ts'],
    testTimeout: runsSlow ? 900_000 : 60_000,
    hookTimeout: runsSlow ? 300_000 : 60_000,
  },
})

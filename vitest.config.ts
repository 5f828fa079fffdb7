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
    // Half of a file's time went into importing what the file before it had imported too. So the files of a worker share
    // their modules, and a test that changes the process (its environment, a mock) puts it back. Slow suites start engines
    // and kill processes: each has a process of its own, one after the other.
    isolate: runsSlow,
    restoreMocks: true,
    // One on each core. Vitest would leave a core to itself, though it only waits.
    maxWorkers: runsSlow ? 1 : '100%',
    setupFiles: ['test/fixed-seed.ts'],
    reporters: ['default', './test/summary-reporter.ts'],
    testTimeout: runsSlow ? 900_000 : 60_000,
    hookTimeout: runsSlow ? 300_000 : 60_000,
  },
})

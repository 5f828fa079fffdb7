import { defineConfig } from 'vitest/config'

/** Suites that take minutes: containers, long fuzzing, browsers, Slurm. `npm run test:slow` runs them. */
const SLOW = 'test/**/*.slow.test.ts'
const runsSlow = process.env['PILOTLIGHT_SLOW'] !== undefined

export default defineConfig({
  test: {
    include: runsSlow ? [SLOW] : ['test/**/*.test.ts'],
    exclude: runsSlow ? [] : [SLOW],
    reporters: ['default', './test/summary-reporter.ts'],
    testTimeout: runsSlow ? 900_000 : 60_000,
    hookTimeout: runsSlow ? 300_000 : 60_000,
  },
})

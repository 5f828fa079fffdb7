import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { add, ADDITIONS, inCopy } from './stranger.ts'

/** Runs a program in a copy and gives what it printed. Throws where it fails. */
function run(root: string, ...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, PILOTLIGHT_SLOW: undefined },
  })
  if (status === 0) return stdout
  throw new Error(`${words.join(' ')} gave ${status}:\n${stdout}\n${stderr}`)
}

it('a plug-in of every kind is one file and one line: lint, import directions, types, contract tests, tables and schemas hold', async () => {
  await inCopy(async (root) => {
    for (const addition of ADDITIONS) add(root, addition)
    // As docs/design.md says: one command writes the tables and the schemas anew.
    run(root, 'tools/write-tables.ts')
    run(root, 'node_modules/@biomejs/biome/bin/biome', 'format', '--write', 'src')
    run(root, 'node_modules/oxlint/bin/oxlint', 'src')
    run(
      root,
      'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
      '--config',
      'dependency-cruiser.config.mjs',
      'src',
    )
    run(root, 'node_modules/typescript/bin/tsc', '--noEmit')
    const tests = new Set(
      ADDITIONS.flatMap(({ tests, ownTest }) => (ownTest === undefined ? tests : [...tests, ownTest.file])),
    )
    const schemas = ['test/config/experiment-schema.test.ts', 'test/config/live-schema.test.ts']
    run(root, 'node_modules/vitest/vitest.mjs', 'run', '--maxWorkers=2', ...tests, ...schemas)
    expect(run(root, 'src/cli/main.ts', 'list', 'platforms')).toMatch(/^added +\S/m)
  })
})

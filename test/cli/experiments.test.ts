import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pilotlight } from './pilotlight.ts'

const EXPERIMENTS = fileURLToPath(new URL('../../experiments/', import.meta.url))
/** Those on data that are no part of the project. */
const OF_SAMPLES = ['azure-sample', 'all-policies']

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'pilotlight-experiments-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const names = readdirSync(EXPERIMENTS)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.replace('.yaml', ''))

// test/cli/experiments.slow.test.ts makes their runs.
it.each(names.filter((name) => !OF_SAMPLES.includes(name)))('The experiment %s can be planned', async (name) => {
  const { code, stdout } = await pilotlight(folder, 'run', join(EXPERIMENTS, `${name}.yaml`), '--dry-run', '--quiet')
  expect(code).toBe(0)
  expect(stdout.trim().split('\n').length).toBeGreaterThan(1)
})

it('docs/own-policy.md shows experiments/my-policy.ts as it is', () => {
  const page = readFileSync(new URL('../../docs/own-policy.md', import.meta.url), 'utf8')
  expect(page).toContain(`\`\`\`ts\n${readFileSync(join(EXPERIMENTS, 'my-policy.ts'), 'utf8')}\`\`\``)
})

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pilotlight } from '../cli/pilotlight.ts'

const TRACE = fileURLToPath(new URL('../../../shared/traces/azure2019-dirigent-500', import.meta.url))

/** The journey of someone with 476 real apps and a budget: which policy, and does it hold where executions take time? */
describe.skipIf(!existsSync(TRACE))('the budget question on 476 apps, in both worlds (needs the shared traces)', () => {
  let folder = ''
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pilotlight-budget-'))
    writeFileSync(
      join(folder, 'budget.yaml'),
      `name: budget
trace: { path: ${JSON.stringify(TRACE)}, format: azure-2019 }
model: [{ kind: paper }, { kind: instances }]
choose: { minimise: cold-starts, subject to: idle-memory <= 100 % }
policies:
  - { policy: fixed, keepAlive: [10m, 20m] }
  - { policy: hybrid-histogram, label: hybrid 4h, range: 4h }
baseline: fixed(keepAlive=10m)
`,
    )
    const { code, stderr } = await pilotlight(folder, 'run', 'budget.yaml', '--quiet')
    if (code !== 0) throw new Error(stderr)
  }, 300_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('ends in one sentence: the hybrid wins in paper, and does not in instances', async () => {
    const { stdout } = await pilotlight(folder, 'choose', 'budget.yaml')
    expect(stdout).toContain(
      'hybrid 4h has the fewest cold starts with no more idle memory than the baseline: 881 cold starts in paper, 62.9 % below the baseline, at 47.85 % of the baseline’s idle memory; it does not hold in instances, where fixed(keepAlive=10m) is best.',
    )
    expect(stdout).toMatch(
      /In instances fixed\(keepAlive=10m\) is best with 4,826 cold starts; hybrid 4h has 6,922 cold starts at 93\.\d\d % of the baseline’s idle memory, 5,\d{3} of them scaleOut\./,
    )
    expect(stdout).toMatch(/^rank in +paper +instances$/m)
  })

  it('tells how far the winner is from what could be had, and a line that exports it', async () => {
    const { stdout } = await pilotlight(folder, 'choose', 'budget.yaml', '--to', 'pilotlight', '--json')
    const { winner, export: line } = JSON.parse(stdout) as { winner: { bound: { times: number } }; export: string }
    // With so much idle memory, perfect foresight is cold at each app's first invocation alone.
    expect(winner.bound.times).toBe(881 / 476)
    expect(line).toBe(
      "pilotlight export budget.yaml --run 'hybrid 4h paper' --to pilotlight --out reports/budget-pilotlight",
    )
  })

  it('fails a pipeline where a share of cold starts is too high', async () => {
    const { code, stderr } = await pilotlight(
      folder,
      'compare',
      'budget.yaml',
      '--where',
      'world = instances',
      '--fail-if',
      'cold-per-10000 > 20',
    )
    expect([code, stderr]).toEqual([
      3,
      'hybrid 4h instances: 22.79 cold per 10,000; --fail-if "cold-per-10000 > 20" is true of it.\n',
    ])
  })
})

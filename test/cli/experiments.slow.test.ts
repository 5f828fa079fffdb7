import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { ComparisonDocument } from '../../src/metrics/to-json.ts'
import { pilotlight } from './pilotlight.ts'

const EXPERIMENTS = fileURLToPath(new URL('../../experiments/', import.meta.url))
const SAMPLE = fileURLToPath(new URL('../../../shared/traces/azure2019-dirigent-500', import.meta.url))
/** Those on data that are no part of the project. */
const OF_SAMPLES = ['azure-sample.yaml', 'all-policies.yaml']
const IS_HERE = existsSync(SAMPLE)
// Several runs over millions of invocations take their time where other tests want the processor too.
vi.setConfig({ testTimeout: 300_000 })

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'pilotlight-experiments-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function documentOf(name: string): Promise<ComparisonDocument> {
  const { code, stdout, stderr } = await pilotlight(
    folder,
    'run',
    join(EXPERIMENTS, `${name}.yaml`),
    '--json',
    '--quiet',
  )
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout) as ComparisonDocument
}

const run = ({ runs }: ComparisonDocument, label: string) => runs.find((one) => one.label === label)!

describe('the experiments that come with the project run', () => {
  const others = readdirSync(EXPERIMENTS).filter((name) => name.endsWith('.yaml') && !OF_SAMPLES.includes(name))

  it.each(others.map((name) => name.replace('.yaml', '')))(
    '%s, with accounts that add up',
    async (name) => {
      const { experiment, runs } = await documentOf(name)
      expect(experiment).toBe(name)
      for (const { totals, reasons } of runs) {
        expect(totals.coldStarts).toBe(Object.values(reasons).reduce((sum, count) => sum + count, 0))
        expect(totals.prewarmsUnused).toBeLessThanOrEqual(totals.prewarms)
        expect(totals.prewarms).toBeLessThanOrEqual(totals.loads)
      }
    },
    180_000,
  )

  it('quickstart: a longer fixed window has fewer cold starts and more idle memory', async () => {
    const document = await documentOf('quickstart')
    expect(document.runs.map(({ label }) => label)).toEqual([
      'fixed(keepAlive=10m)',
      'fixed(keepAlive=20m)',
      'hybrid-histogram',
    ])
    const [ten, twenty] = document.runs
    expect(twenty!.totals.coldStarts).toBeLessThan(ten!.totals.coldStarts)
    expect(twenty!.totals.idleMbS).toBeGreaterThan(ten!.totals.idleMbS)
  })

  it('emulate: one policy on one trace has other numbers under each simulator, as docs/emulating.md shows', async () => {
    const document = await documentOf('emulate')
    const totals = (as: string) => run(document, `fixed(keepAlive=10m) as=${as}`).totals
    const [none, faascache, dslab, opendc] = [totals('none'), totals('faascache'), totals('dslab'), totals('opendc')]
    for (const { invocations } of [faascache, dslab, opendc]) expect(invocations).toBe(none.invocations)
    // Windows that use does not renew; one instance per function, which loads for all that come; drops where there is no room.
    expect(dslab.coldStarts).toBeGreaterThan(none.coldStarts)
    expect(opendc.coldStarts).toBeLessThan(none.coldStarts)
    expect(opendc.joined).toBeGreaterThan(0)
    expect(faascache.drops).toBeGreaterThan(0)
    expect(none.drops + dslab.drops + opendc.drops).toBe(0)
    const page = readFileSync(new URL('../../docs/emulating.md', import.meta.url), 'utf8')
    for (const [as, figures] of Object.entries({ none, faascache, dslab, opendc })) {
      const cells = [figures.coldStarts, figures.joined, figures.drops].map((count) => count.toLocaleString('en-US'))
      expect(page).toContain(`| \`${as}\` | ${cells.join(' | ')} |`)
    }
  })

  it.skipIf(!IS_HERE)(
    'azure-sample (where the real sample is present): between its two bounds, ordered by window',
    async () => {
      const document = await documentOf('azure-sample')
      expect(document.trace).toMatchObject({ apps: 476, functions: 500, invocations: 3_037_902, horizonMs: 28_800_000 })
      // Every app is loaded once and never again.
      expect(run(document, 'no-unload').totals).toMatchObject({ coldStarts: 476, loads: 476 })
      expect(run(document, 'none').totals.idleMs).toBe(0)
      const fixed = document.runs.filter(({ policy }) => policy === 'fixed')
      for (const [index, { totals }] of fixed.slice(1).entries()) {
        expect(totals.coldStarts).toBeLessThanOrEqual(fixed[index]!.totals.coldStarts)
        expect(totals.idleMbS).toBeGreaterThanOrEqual(fixed[index]!.totals.idleMbS)
      }
      // The paper's finding: fewer cold starts at the 75th-percentile app, and less memory than the fixed windows.
      const hybrid = run(document, 'hybrid-histogram(range=4h)')
      expect(hybrid.perApp.coldShare.p75).toBeLessThan(run(document, 'fixed(keepAlive=10m)').perApp.coldShare.p75)
      expect(hybrid.relative.idleMbS).toBeLessThan(1)
    },
  )

  it.skipIf(IS_HERE)('azure-sample (where the real sample is absent): says that there is no trace', async () => {
    const { code, stderr } = await pilotlight(folder, 'run', join(EXPERIMENTS, 'azure-sample.yaml'))
    expect(code).toBe(2)
    expect(stderr).toMatch(
      /azure-sample\.yaml:\d+:\d+: trace\.path: there is no trace at .*dirigent-500\. Paths are relative/,
    )
  })
})

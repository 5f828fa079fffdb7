import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readExperiment } from '../../src/config/experiment-file.ts'
import { keepExperiment, makeRuns } from '../../src/experiment/execute.ts'
import { keepMeasured, measuredStarts } from '../../src/experiment/measured-starts.ts'
import { planRuns } from '../../src/experiment/run-plan.ts'
import { comparisonOf, resultsIn } from '../../src/experiment/results.ts'
import { toJson } from '../../src/metrics/to-json.ts'
import { textReport } from '../../src/report/comparison/text-report.ts'
import { RENDERERS } from '../../src/report/renderers/index.ts'
import { mergeStores } from '../../src/store/merge-stores.ts'
import { openStore } from '../../src/store/store.ts'
import { readTrace } from '../../src/trace/read.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'pilotlight-measured-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Two apps over 30 minutes; with a window of 5 min, shop is cold at 0, 10 and 28 min, and mail at 1 min. */
const LOG = `at,app,ms,cold
0,shop,0,yes
60000,mail,0,yes
120000,shop,0,no
600000,shop,0,no
1680000,shop,0,yes
`
const MAPPING = `{ read: csv, app: app, start: { from: at, unit: ms }, duration: { from: ms, unit: ms }, cold: { from: cold, is: ["yes"] } }`

/** The places of the parts that have any. */
function parts(counts: readonly number[] | null): number[] {
  return counts!.flatMap((count, at) => (count > 0 ? [at] : []))
}

async function results(judge = '') {
  writeFileSync(join(folder, 'log.csv'), LOG)
  writeFileSync(
    join(folder, 'x.yaml'),
    `name: x
trace: { path: log.csv, mapping: ${JSON.stringify(MAPPING)}${judge} }
model: { kind: instances, memory: equal, coldStart: 1s }
policies: [{ policy: fixed, keepAlive: [5m, 20m] }]
baseline: fixed(keepAlive=5m)
`,
  )
  const experiment = await readExperiment(join(folder, 'x.yaml'))
  const trace = await readTrace([join(folder, 'log.csv')], { mapping: experiment.trace.mapping! })
  const plan = planRuns(experiment, trace)
  const path = join(folder, 'x.sqlite')
  const store = openStore(path, { create: true })
  keepExperiment(store, experiment, plan, { trace, path: join(folder, 'log.csv') })
  await makeRuns(trace, plan.runs, { store, jobs: 1 })
  await keepMeasured(store, trace, plan.runs)
  const found = comparisonOf(resultsIn(store))
  store.close()
  return { comparison: found, path, trace }
}

describe('measured beside simulated', () => {
  it('is in a comparison that is read from the store alone: sums, apps, parts of the time and idle times', async () => {
    const { comparison } = await results()
    const { measured, runs } = comparison
    expect(measured).toMatchObject({
      known: 5,
      cold: 3,
      apps: [
        { app: 'shop', invocations: 4, measured: 2 },
        { app: 'mail', invocations: 1, measured: 1 },
      ],
      keepAlive: { survived: 2, longestSurvivedMs: 480_000, ended: 1, shortestEndedMs: 1_080_000, mistaken: 0 },
    })
    const [short, long] = runs.map(({ digest }) => measured!.runs[digest]!)
    expect(short).toMatchObject({ perApp: [3, 1], difference: 1 / 3 })
    expect(long).toMatchObject({ perApp: [1, 1], difference: 1 / 3 })
    // Parts of 35 s: those that hold 0, 1 and 10 min, and the last one 28 min.
    expect(measured!.overTime.partMs).toBe(35_000)
    expect(parts(measured!.overTime.cold)).toEqual([0, 1, 47])
    expect(parts(short!.overTime)).toEqual([0, 1, 17, 47])
    expect(parts(long!.overTime)).toEqual([0, 1])
  })

  it('is in the text, the Markdown, the page and the JSON', async () => {
    const { comparison } = await results()
    const files = await Promise.all(['md', 'html'].map((id) => RENDERERS.get(id, 'test').render(comparison)))
    const texts = [textReport(comparison), ...files.map(([file]) => new TextDecoder().decode(file!.bytes))]
    for (const text of texts) {
      expect(text).toContain('Measured beside simulated cold starts')
      expect(text).toContain('The idle times that instances of the platform survived and did not')
    }
    expect(textReport(comparison)).toMatch(/measured +5 +3 +60\.00/)
    expect(textReport(comparison)).toMatch(/fixed\(keepAlive=5m\) +5 +4 +80\.00 +\+1 +33\.33/)
    expect(toJson(comparison).measured).toEqual(comparison.measured)
  })

  it('comes along where stores are merged', async () => {
    const { comparison, path } = await results()
    const out = join(folder, 'merged.sqlite')
    mergeStores([path], out)
    const merged = openStore(out, { create: false })
    expect(comparisonOf(resultsIn(merged)).measured).toEqual(comparison.measured)
    merged.close()
  })

  it('counts what is judged alone', async () => {
    const { trace } = await results()
    const judged = { fromMs: 120_000, toMs: 1_200_000 }
    expect(measuredStarts(trace, { unit: 'app' }, judged)).toMatchObject({ known: [0, 2], cold: [0, 0] })
  })

  it('is not there where a trace tells nothing of it', async () => {
    const trace = await readTrace([join(import.meta.dirname, '../../traces/sample')], {})
    expect(measuredStarts(trace, { unit: 'app' })).toBeUndefined()
  })
})

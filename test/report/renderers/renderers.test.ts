import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { Latencies } from '../../../src/engine/latency.ts'
import { compareRuns } from '../../../src/metrics/compare-runs.ts'
import type { Comparison } from '../../../src/metrics/comparison.ts'
import { METRICS } from '../../../src/metrics/index.ts'
import { toJson } from '../../../src/metrics/to-json.ts'
import { CHARTS } from '../../../src/report/charts/index.ts'
import { RENDERERS } from '../../../src/report/renderers/index.ts'
import { tinyLedger, tinyRun, TINY_TRACE } from '../../metrics/tiny-run.ts'
import { LOOKS, plausibleComparison } from '../plausible-comparison.ts'

function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}

async function rendered(id: string, comparison = plausibleComparison({ runs: 3 })): Promise<string> {
  const [file] = await RENDERERS.get(id, 'test').render(comparison)
  return textOf(file!.bytes)
}

const isPicture = (id: string): boolean => ['svg', 'pdf', 'png'].includes(id)

/**
 * PDF and PNG are made of the pictures that SVG gives in every look, so few of their looks are drawn here;
 * renderers.slow.test.ts draws the others.
 */
const FEW_LOOKS = LOOKS.filter(({ runs, hostile }) => runs === 1 || hostile)

describe.each(RENDERERS.all)('the renderer $id', (renderer) => {
  it('describes itself in one sentence', () => {
    expect(renderer.summary).toMatch(/^[A-Z].*\.$/)
  })

  const looks = ['pdf', 'png'].includes(renderer.id) ? FEW_LOOKS : LOOKS
  it.each(looks)('gives files with plain names and contents, the same each time, with $name', async (look) => {
    const comparison = plausibleComparison(look)
    const files = await renderer.render(comparison)
    expect(files.length).toBeGreaterThan(0)
    expect(new Set(files.map(({ name }) => name)).size).toBe(files.length)
    for (const { name, bytes } of files) {
      expect(name).toMatch(/^[a-z-]+\.[a-z]+$/)
      expect(bytes.length).toBeGreaterThan(100)
    }
    // Pictures take their time, so one look of each is drawn twice.
    if (isPicture(renderer.id) && look !== looks[0]) return
    expect(await renderer.render(comparison)).toEqual(files)
  })
})

describe.each(RENDERERS.all.filter(({ id }) => id !== 'png' && id !== 'pdf'))('the text that $id gives', (renderer) => {
  it('states trace, digest, model options, seed and version', async () => {
    const comparison = plausibleComparison({ runs: 2 })
    for (const { bytes } of await renderer.render(comparison)) {
      const text = textOf(bytes)
        .replaceAll(/<\/?tspan[^>]*>/g, '')
        .replaceAll('"', '')
      const letters = text.replaceAll(/\s/g, '')
      expect(letters).toContain('plausible')
      expect(letters).toContain('ab12'.repeat(16))
      expect(letters).toMatch(/spread(=|:|<\/dt><dd>)minute/)
      expect(letters).toMatch(/concurrency[=:]Infinity/)
      expect(letters).toMatch(/seed|7/)
      expect(letters).toContain('0.1.0')
    }
  })
})

describe('pictures', () => {
  it.each(['svg', 'pdf', 'png'])('as %s are one file per chart', async (id) => {
    const all = plausibleComparison({ runs: 2, cluster: true, measured: true })
    const files = await RENDERERS.get(id, 'test').render(all)
    expect(files.map(({ name }) => name)).toEqual(CHARTS.ids.map((chart) => `${chart}.${id}`))
  })

  it('of measured cold starts are left out where nothing was measured', async () => {
    const files = await RENDERERS.get('svg', 'test').render(plausibleComparison({ runs: 2, cluster: true }))
    const without = CHARTS.ids.filter((chart) => !chart.startsWith('measured-'))
    expect(files.map(({ name }) => name)).toEqual(without.map((chart) => `${chart}.svg`))
  })

  it('carry no markup of a label into an SVG', async () => {
    for (const { bytes } of await RENDERERS.get('svg', 'test').render(
      plausibleComparison({ runs: 2, hostile: true }),
    )) {
      expect(textOf(bytes)).not.toMatch(/<script/i)
    }
  })
})

describe('the CSV', () => {
  it('holds every metric at full precision, one row per run', async () => {
    const comparison = plausibleComparison({ runs: 3, hostile: true })
    const rows = parse(await rendered('csv', comparison), { columns: true }) as Record<string, string>[]
    expect(rows.map((row) => row['run'])).toEqual(comparison.runs.map(({ label }) => label))
    for (const { id, unit } of METRICS.all) {
      const heading = unit === '' ? id : `${id} [${unit}]`
      expect(rows.map((row) => (row[heading] === '' ? null : Number(row[heading])))).toEqual(
        comparison.runs.map(({ metrics }) => metrics[id]),
      )
    }
  })
})

describe('the JSON', () => {
  it('is the document of the interface', async () => {
    const comparison = plausibleComparison({ runs: 3 })
    expect(JSON.parse(await rendered('json', comparison))).toEqual(toJson(comparison))
  })
})

describe('the golden files', () => {
  const rows = [
    { invocations: 10, coldStarts: 4, first: 1, expired: 3, loads: 4, idleMs: 240_000, busyMs: 5000 },
    { invocations: 3, coldStarts: 3, first: 1, early: 2, loads: 4, prewarms: 1, prewarmsUnused: 1, idleMs: 60_000 },
    { invocations: 1, coldStarts: 1, first: 1, loads: 1, idleMs: 60_000 },
  ]
  const [first, second, third] = rows
  const better = [{ ...first, coldStarts: 2, expired: 1, loads: 2 }, { ...second, idleMs: 600_000 }, third!]
  const ledgers = [tinyLedger(rows, 3_600_000, [100, 300, 200]), tinyLedger(better, 3_600_000, [100, 500])]
  const comparison = compareRuns({
    experiment: 'golden',
    trace: TINY_TRACE,
    baseline: 'fixed(keepAlive=10m)',
    runs: [
      tinyRun({ ledger: ledgers[0]! }),
      tinyRun({
        label: 'hybrid | <b>*bold*</b>, "quoted"',
        policy: 'hybrid-histogram',
        params: { range: 14_400_000, arima: true, cap: Number.POSITIVE_INFINITY },
        ledger: ledgers[1]!,
      }),
    ],
  })

  it.each(['text', 'md', 'csv', 'json'])('hold what %s gives for a small comparison', async (id) => {
    const [file] = await RENDERERS.get(id, 'test').render(withFewColumns(comparison))
    await expect(textOf(file!.bytes)).toMatchFileSnapshot(`golden/${file!.name.replace('.', '.golden.')}`)
  })

  it.each(['text', 'md'])('hold what %s gives for a cluster of two sizes', async (id) => {
    const [file] = await RENDERERS.get(id, 'test').render(withFewColumns(clusterComparison()))
    await expect(textOf(file!.bytes)).toMatchFileSnapshot(
      `golden/${file!.name.replace('comparison.', 'cluster.golden.')}`,
    )
  })
})

/** A comparison with some columns of every kind: another metric in the list changes no golden file. */
function withFewColumns(comparison: Comparison): Comparison {
  const few =
    'cold-starts cold-share app-cold-share-p75 always-cold idle-memory idle-memory-relative drops added-p99 rum'
  const columns = few.split(' ').map((id) => METRICS.get(id, 'test'))
  const chosen = <T>(metrics: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(columns.map(({ id }) => [id, metrics[id]!]))
  const runs = comparison.runs.map((run) => ({ ...run, metrics: chosen(run.metrics) }))
  const groups = comparison.decision.groups.map((group) => ({ ...group, metrics: chosen(group.metrics) }))
  return { ...comparison, columns, runs, decision: { ...comparison.decision, groups } }
}

/** Two policies on nodes of 4 and 8 GB; the caching one has an eviction order of its own. */
function clusterComparison() {
  const row = { invocations: 10, coldStarts: 4, first: 1, evicted: 3, loads: 4, evictions: 3, idleMs: 240_000 }
  const pressed = { ...row, drops: 1, waits: 2, waitingMs: 1500 }
  const runOf = (policy: string, own: string, mb: number, cells: typeof row) => {
    const ledger = tinyLedger([cells], 3_600_000, [100, 300])
    const measured = new Latencies()
    for (let cold = 0; cold < cells.coldStarts; cold += 1) measured.delay(0, 100, 50 * cold, 700)
    measured.serve(0, 100, cells.invocations)
    ledger.latency = measured.table(0, 1)
    const eviction = own === '' ? 'lru' : own
    const nodes = [{ count: 2, memoryMb: mb }]
    const label = `${policy}${own === '' ? '' : `(eviction=${own})`} nodes=2x${mb / 1024}GB`
    const coldStart = { baseMs: 200, msPerMb: 5 }
    const model = { kind: 'cluster', nodes, eviction, coldStart }
    const spelt = {
      params: {},
      model: { kind: 'cluster', nodes: `2x${mb / 1024}GB`, eviction, coldStart: '{ base: 200ms, perMb: 5ms }' },
    }
    return tinyRun({ label, policy, params: {}, model, spelt, ledger })
  }
  const runs = [4096, 8192].flatMap((mb) => [
    runOf('fixed', '', mb, mb === 4096 ? pressed : row),
    runOf('no-unload', 'greedy-dual', mb, { ...row, coldStarts: 2, evicted: 1, loads: 2, evictions: 1 }),
  ])
  return compareRuns({
    experiment: 'cluster',
    trace: TINY_TRACE,
    baseline: { label: 'fixed', variant: runs[0]!.variant },
    runs,
  })
}

import { describe, expect, it } from 'vitest'
import { Latencies, type LatencyTable } from '../../src/engine/latency.ts'
import { compareRuns } from '../../src/metrics/compare-runs.ts'
import type { Comparison, RunSummary } from '../../src/metrics/comparison.ts'
import { formatCount, formatMoney, formatPercent, formatQuantity } from '../../src/metrics/figure-text.ts'
import { METRICS } from '../../src/metrics/index.ts'
import type { Metric } from '../../src/metrics/metric.ts'
import { memoryRate, sizesWithCpu, type PriceTable } from '../../src/metrics/prices/price-table.ts'
import { tinyLedger, tinyRun, TINY_TRACE } from './tiny-run.ts'

/** A thousand invocations of 100 ms: a load of 5 ms delays each, and waiting for room so many of them so long. */
const WAITS: readonly (readonly [invocations: number, waitedMs: number])[] = [
  [500, 10],
  [400, 20],
  [50, 30],
  [40, 40],
  [9, 50],
  [1, 60],
]

function thousandLatencies(): LatencyTable {
  const latencies = new Latencies()
  for (const [invocations, waitedMs] of WAITS) {
    for (let each = 0; each < invocations; each += 1) latencies.delay(0, 100, waitedMs, 5)
  }
  latencies.serve(0, 100, 1000)
  return latencies.table(0, 2)
}

const LEDGER = tinyLedger(
  [
    {
      invocations: 8,
      coldStarts: 2,
      joined: 3,
      drops: 1,
      first: 1,
      early: 1,
      loads: 6,
      prewarms: 4,
      prewarmsUnused: 1,
      idleMs: 1_024_000,
      busyMs: 2_048_000,
      loadingMs: 512_000,
      evictions: 5,
      waits: 4,
      waitingMs: 2500,
    },
    { invocations: 2, coldStarts: 2, first: 1, expired: 1, loads: 2 },
  ],
  90_000,
  [300, 60],
)
LEDGER.latency = thousandLatencies()
const RUN = tinyRun({ ledger: LEDGER, horizonMs: 90_000, model: { kind: 'cluster' } })
const TRACE = { ...TINY_TRACE, horizonMs: 90_000 }
const PRICES: PriceTable = {
  id: 'tiny',
  currency: 'EUR',
  running: memoryRate(0.01),
  loading: memoryRate(0.005),
  idle: memoryRate(0.001),
  millionRequests: 1_000_000,
  residentGbS: 0.002,
  sizes: sizesWithCpu([128]),
}
const PRICED = compareRuns({ experiment: 'e', trace: TRACE, baseline: RUN.label, runs: [RUN], prices: PRICES })
const [SUMMARY] = PRICED.runs

// By hand: carbon of 102,400 MB·s and 1,024 s of a core 37.888 + 1.92 W·s, at 475 g for 3,600,000 W·s, and 100 GB·s of
// 1,390 g over 126,144,000 s; of all that was loaded 3.5 times as much. RUM 4 x 0.808 + 100 / 99.69; 350 GB·s loaded at 0.002; at 128 MB an app 2.56 for running, 0.32 for loading,
// 0.128 for idling, and 9 requests, for one of the ten was dropped.
// 100 MB an app; shares 0.25 and 1, so quantile p is 0.25 + 0.75 p; loaded 300 MB for 60 s, 60 MB for 30 s.
const BY_HAND: Readonly<Record<string, number>> = {
  'cold-starts': 4,
  'cold-share': 40,
  'app-cold-share-p50': 62.5,
  'app-cold-share-p75': 81.25,
  'app-cold-share-p90': 92.5,
  'app-cold-share-p99': 99.25,
  'always-cold': 1,
  'always-cold-repeated': 1,
  'idle-memory': 100,
  'idle-memory-relative': 100,
  'cold-starts-relative': 100,
  drops: 1,
  'added-p99': 45,
  joined: 3,
  loads: 8,
  prewarms: 4,
  'prewarms-unused': 1,
  'busy-memory': 200,
  'loading-memory': 50,
  'loaded-memory': 220,
  evictions: 5,
  waits: 4,
  'waiting-time': 2.5,
  'waiting-p99': 40,
  'waiting-max': 60,
  'added-p50': 15,
  'added-p90': 25,
  'added-p95': 35,
  'added-p99.9': 55,
  'added-max': 65,
  'response-p50': 115,
  'response-p90': 125,
  'response-p95': 135,
  'response-p99': 145,
  'response-p99.9': 155,
  'response-max': 165,
  rum: 4.235109639883639,
  'idle-carbon': 0.006354359715880264,
  'loaded-carbon': 0.022240259005580923,
  'provider-cost': 0.7,
  'user-bill': 12.008,
  'wall-time': 1.5,
}

describe('every metric', () => {
  it.each(Object.keys(BY_HAND))('%s is what was worked out by hand', (id) => {
    expect(METRICS.ids).toContain(id)
    expect(SUMMARY!.metrics[id]).toBeCloseTo(BY_HAND[id]!, 9)
  })

  it.each(METRICS.all)('$id describes itself in one sentence', ({ summary, heading }) => {
    expect(summary).toMatch(/^[A-Z].*\.$/)
    expect(heading).not.toBe('')
  })

  it.each(METRICS.all)('$id gives a figure or none, but never NaN, when nothing was invoked', (metric) => {
    const idle = tinyRun()
    const trace = { ...TINY_TRACE, horizonMs: 0 }
    const { runs } = compareRuns({ experiment: 'e', trace, baseline: idle.label, runs: [idle] })
    const value = runs[0]!.metrics[metric.id]!
    expect(value === null || (Number.isFinite(value) && metric.format(value) !== '')).toBe(true)
  })
})

/** How a comparison shows its two columns of money a month. */
function shown(comparison: Comparison) {
  const columns = comparison.columns.filter(({ id }) => /^(provider-cost|user-bill)-month$/.test(id))
  return columns.map(({ unit, headline }) => [unit, headline])
}

describe('money', () => {
  it('is a headline in the currency of the prices', () => {
    expect(shown(PRICED)).toEqual([
      ['EUR', true],
      ['EUR', true],
    ])
  })

  it('is no headline and has no figure where there are no prices', () => {
    const comparison = compareRuns({ experiment: 'e', trace: TRACE, baseline: RUN.label, runs: [RUN] })
    expect(shown(comparison)).toEqual([
      ['currency', false],
      ['currency', false],
    ])
    expect(comparison.runs[0]!.metrics).toMatchObject({ 'user-bill': null, 'provider-cost': null })
  })

  it('has no provider cost where a table does not say what memory costs', () => {
    const prices = { ...PRICES, residentGbS: null }
    const { runs } = compareRuns({ experiment: 'e', trace: TRACE, baseline: RUN.label, runs: [RUN], prices })
    expect(runs[0]!.money).toEqual({ ...SUMMARY!.money, providerCost: null })
  })

  it('a month is that of 30 days like those that were judged', () => {
    const { metrics } = PRICED.runs[0]!
    const months = (30 * 86_400_000) / RUN.horizonMs
    expect(metrics['user-bill-month']).toBeCloseTo(metrics['user-bill']! * months, 6)
    expect(metrics['provider-cost-month']).toBeCloseTo(metrics['provider-cost']! * months, 6)
  })

  it('changes no other figure', () => {
    const { runs } = compareRuns({ experiment: 'e', trace: TRACE, baseline: RUN.label, runs: [RUN] })
    const none = ['user-bill', 'provider-cost', 'user-bill-month', 'provider-cost-month'].map(
      (id) => [id, null] as const,
    )
    const metrics = { ...SUMMARY!.metrics, ...Object.fromEntries(none) }
    expect({ ...SUMMARY, money: null, metrics }).toEqual(runs[0])
  })
})

/** A run in which nothing happened, in a world of that kind. */
function idleIn(kind: string): RunSummary {
  const run = tinyRun({ model: { kind } })
  return compareRuns({ experiment: 'e', trace: TINY_TRACE, baseline: run.label, runs: [run] }).runs[0]!
}

describe('columns of memory pressure and latency', () => {
  const pressure = ['drops', 'evictions', 'waits', 'waiting-time']
  const latencies = METRICS.ids.filter((id) => /^(added|waiting|response)-(p|max)/.test(id))

  it.each(pressure)('%s is 0 in a cluster where nothing happens, and none where memory is without limit', (id) => {
    expect(['cluster', 'instances', 'paper'].map((kind) => idleIn(kind).metrics[id])).toEqual([0, null, null])
  })

  it('are none for every latency where nothing was served, with the waiting of those who were', () => {
    expect(latencies).toHaveLength(14)
    expect(latencies.map((id) => idleIn('cluster').metrics[id])).toEqual(latencies.map(() => null))
  })
})

describe('a metric of the user’s own', () => {
  const own: Metric = {
    id: 'worst-app',
    summary: 'Cold starts of the app that has most, over those of the baseline’s worst.',
    heading: 'worst app',
    unit: 'apples',
    better: 'lower',
    headline: true,
    of: ({ ledger, baseline }) =>
      baseline === null ? null : Math.max(...ledger.coldStarts) / Math.max(...baseline.ledger.coldStarts),
    format: formatQuantity,
  }

  it('sees the accounts of every app and those of the baseline', () => {
    const ledger = tinyLedger([
      { invocations: 9, coldStarts: 6 },
      { invocations: 1, coldStarts: 1 },
    ])
    const runs = [RUN, tinyRun({ label: 'other', variant: 'other', model: RUN.model, ledger })]
    const compared = compareRuns({ experiment: 'e', trace: TRACE, baseline: RUN.label, runs, metrics: [own] })
    expect(compared.runs.map(({ metrics }) => metrics['worst-app'])).toEqual([1, 3])
    expect(compared.columns.map(({ id }) => id)).toEqual([...METRICS.ids, 'worst-app'])
  })
})

describe('figures for people', () => {
  it('have two decimals for money from 10 on, and four digits below', () => {
    expect([0, 0.000123456, 9.9876, 9.996, 12.3, 1234567.891].map((value) => formatMoney(value))).toEqual([
      '0',
      '0.0001235',
      '9.988',
      '10.00',
      '12.30',
      '1,234,567.89',
    ])
  })

  it('have commas between thousands', () => {
    expect([0, 999, 1000, 1234567.4].map((value) => formatCount(value))).toEqual(['0', '999', '1,000', '1,234,567'])
  })

  it('have four significant digits below 1000', () => {
    expect([0, 0.0123456, 12.3456, 999.96, 12345.6].map((value) => formatQuantity(value))).toEqual([
      '0',
      '0.01235',
      '12.35',
      '1,000',
      '12,346',
    ])
  })

  it('never call a share zero that is not', () => {
    expect([0, 0.001, 0.006, 12.345, 100].map((value) => formatPercent(value))).toEqual([
      '0.00',
      '<0.01',
      '0.01',
      '12.35',
      '100.00',
    ])
  })
})

import { describe, expect, it } from 'vitest'
import { Latencies, type LatencyTable } from '../../src/engine/latency.ts'
import { compare } from '../../src/metrics/compare.ts'
import type { RunSummary } from '../../src/metrics/comparison.ts'
import { formatCount, formatPercent, formatQuantity } from '../../src/metrics/format.ts'
import { METRICS } from '../../src/metrics/index.ts'
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
const [SUMMARY] = compare({ experiment: 'e', trace: TRACE, baseline: RUN.label, runs: [RUN] }).runs

// By hand: 100 MB an app; shares 0.25 and 1, so quantile p is 0.25 + 0.75 p; loaded 300 MB for 60 s, 60 MB for 30 s.
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
  'wall-time': 1.5,
}

describe('every metric', () => {
  it('has a figure worked out by hand', () => {
    expect(Object.keys(BY_HAND)).toEqual(METRICS.ids)
  })

  it.each(METRICS.all)('$id is what was worked out by hand', (metric) => {
    expect(metric.of(SUMMARY!, TRACE)).toBeCloseTo(BY_HAND[metric.id]!, 9)
  })

  it.each(METRICS.all)('$id describes itself in one sentence', ({ summary, heading }) => {
    expect(summary).toMatch(/^[A-Z].*\.$/)
    expect(heading).not.toBe('')
  })

  it.each(METRICS.all)('$id gives a figure or none, but never NaN, when nothing was invoked', (metric) => {
    const idle = tinyRun()
    const { runs } = compare({ experiment: 'e', trace: TINY_TRACE, baseline: idle.label, runs: [idle] })
    const value = metric.of(runs[0]!, { ...TINY_TRACE, horizonMs: 0 })
    const mayBeNone = /relative|loaded|drops|evictions|waits|waiting|added|response/.test(metric.id)
    expect(value === null ? mayBeNone : /^\d/.test(metric.format(value))).toBe(true)
  })
})

/** A run in which nothing happened, in a world of that kind. */
function idleIn(kind: string): RunSummary {
  const run = tinyRun({ model: { kind } })
  return compare({ experiment: 'e', trace: TINY_TRACE, baseline: run.label, runs: [run] }).runs[0]!
}

describe('columns of memory pressure and latency', () => {
  const pressure = ['drops', 'evictions', 'waits', 'waiting-time']
  const latencies = METRICS.ids.filter((id) => /^(added|waiting|response)-(p|max)/.test(id))

  it.each(pressure)('%s is 0 in a cluster where nothing happens, and none where memory is without limit', (id) => {
    const metric = METRICS.get(id, 'test')
    expect(['cluster', 'instances', 'paper'].map((kind) => metric.of(idleIn(kind), TRACE))).toEqual([0, null, null])
  })

  it('are none for every latency where nothing was served, with the waiting of those who were', () => {
    expect(latencies).toHaveLength(14)
    expect(latencies.map((id) => METRICS.get(id, 'test').of(idleIn('cluster'), TRACE))).toEqual(
      latencies.map(() => null),
    )
  })
})

describe('figures for people', () => {
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

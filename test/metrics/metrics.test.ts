import { describe, expect, it } from 'vitest'
import { compare } from '../../src/metrics/compare.ts'
import { formatCount, formatPercent, formatQuantity } from '../../src/metrics/format.ts'
import { METRICS } from '../../src/metrics/index.ts'
import { tinyLedger, tinyRun, TINY_TRACE } from './tiny-run.ts'

const LEDGER = tinyLedger(
  [
    {
      invocations: 8,
      coldStarts: 2,
      joined: 3,
      first: 1,
      early: 1,
      loads: 6,
      prewarms: 4,
      prewarmsUnused: 1,
      idleMs: 1_024_000,
      busyMs: 2_048_000,
      loadingMs: 512_000,
    },
    { invocations: 2, coldStarts: 2, first: 1, expired: 1, loads: 2 },
  ],
  90_000,
  [300, 60],
)
const RUN = tinyRun({ ledger: LEDGER, horizonMs: 90_000 })
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
  joined: 3,
  loads: 8,
  prewarms: 4,
  'prewarms-unused': 1,
  'busy-memory': 200,
  'loading-memory': 50,
  'loaded-memory': 220,
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
    const mayBeNone = /relative|loaded/.test(metric.id)
    expect(value === null ? mayBeNone : /^\d/.test(metric.format(value))).toBe(true)
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

import { describe, expect, it } from 'vitest'
import { Latencies } from '../../src/engine/latency.ts'
import { compareRuns } from '../../src/metrics/compare-runs.ts'
import { PRICES } from '../../src/metrics/prices/providers/index.ts'
import { toJson } from '../../src/metrics/to-json.ts'
import { tinyLedger, tinyRun, TINY_TRACE } from './tiny-run.ts'

const TOTALS =
  'invocations coldStarts joined drops loads prewarms prewarmsUnused evictions idleMs busyMs loadingMs waits waitingMs idleMbS busyMbS loadingMbS'
const RUN = 'label policy params seed digest totals reasons coldShare perApp latency relative money metrics wallMs'

describe('toJson', () => {
  const ledger = tinyLedger([{ invocations: 2, coldStarts: 1, first: 1, idleMs: 1000 }])
  const params = { keepAlive: Number.POSITIVE_INFINITY, tuned: [1, Number.NEGATIVE_INFINITY] }
  const runs = [tinyRun({ ledger, params })]
  const document = toJson(compareRuns({ experiment: 'e', trace: TINY_TRACE, baseline: 'fixed(keepAlive=10m)', runs }))
  const run = document.runs[0]!

  it('gives the document that the interface promises', () => {
    expect(document).toMatchObject({ schema: 1, experiment: 'e', model: { kind: 'paper' } })
    expect(Object.keys(document.trace)).toEqual(
      expect.arrayContaining(['id', 'digest', 'apps', 'functions', 'invocations', 'horizonMs']),
    )
    expect(Object.keys(run)).toEqual(expect.arrayContaining(RUN.split(' ')))
    expect(Object.keys(run.totals)).toEqual(TOTALS.split(' '))
    expect(Object.keys(run.reasons)).toEqual(['first', 'expired', 'early', 'evicted', 'scaleOut'])
    expect(Object.keys(run.perApp.coldShare)).toEqual(['p25', 'p50', 'p75', 'p90', 'p99'])
    expect(run.relative).toEqual({ idleMbS: 1, coldStarts: 1 })
  })

  it('has the quantiles of latencies where they were measured, and null where they were not', () => {
    expect(run.latency).toBeNull()
    const measured = new Latencies()
    measured.serve(0, 30, 2)
    const timed = tinyLedger([{ invocations: 2, coldStarts: 1, first: 1 }])
    timed.latency = measured.table(0, 1)
    const [summary] = compareRuns({
      experiment: 'e',
      trace: TINY_TRACE,
      baseline: 'a',
      runs: [tinyRun({ label: 'a', ledger: timed })],
    }).runs
    const none = { p50: 0, p90: 0, p95: 0, p99: 0, 'p99.9': 0, max: 0 }
    const all = { p50: 30, p90: 30, p95: 30, p99: 30, 'p99.9': 30, max: 30 }
    expect(JSON.parse(JSON.stringify(summary!.latency))).toEqual({ added: none, waiting: none, response: all })
  })

  it('survives JSON unchanged, infinite values as texts', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document)
    expect(run.params).toEqual({ keepAlive: 'Infinity', tuned: [1, '-Infinity'] })
    expect(document.model['concurrency']).toBe('Infinity')
  })

  it('has the prices and the money that they make, or null for both', () => {
    expect([document.prices, run.money]).toEqual([null, null])
    const prices = PRICES.get('aws-lambda', 'test')
    const priced = toJson(compareRuns({ experiment: 'e', trace: TINY_TRACE, baseline: runs[0]!.label, runs, prices }))
    expect(priced.prices).toEqual(prices)
    expect(Object.keys(priced.runs[0]!.money!)).toEqual(['currency', 'providerCost', 'userBill'])
    expect(JSON.parse(JSON.stringify(priced))).toEqual(priced)
  })

  it('leaves the series of the charts out', () => {
    expect(run).not.toHaveProperty('charts')
  })
})

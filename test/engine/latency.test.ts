import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinedTables, Latencies, LATENCIES, type LatencyTable } from '../../src/engine/latency.ts'
import { appLatency, LATENCY_QUANTILES, latencyOf } from '../../src/metrics/latency-quantiles.ts'

/** An invocation: of which app, how long it took to run, and how long it waited for room and for a load. */
interface Served {
  readonly app: number
  readonly durationMs: number
  readonly waitedMs: number
  readonly loadingMs: number
  readonly isDropped: boolean
}

const APPS = 5
const ms = fc.oneof(fc.constant(0), fc.nat(9), fc.nat(5000), fc.nat(90_000_000))
const served: fc.Arbitrary<Served> = fc.record({
  app: fc.nat(APPS - 1),
  durationMs: ms,
  waitedMs: ms,
  loadingMs: ms,
  isDropped: fc.boolean(),
})
const invocations = fc.array(served, { maxLength: 60 })

/** Measures as a world does: delays and drops as they happen, the durations of all at the end. */
function tableOf(all: readonly Served[], from = 0, to = APPS): LatencyTable {
  const latencies = new Latencies()
  const part = all.filter(({ app }) => app >= from && app < to)
  for (const { app, durationMs, waitedMs, loadingMs, isDropped } of part) {
    if (isDropped) latencies.drop(app, durationMs, 1)
    else if (waitedMs + loadingMs > 0) latencies.delay(app, durationMs, waitedMs, loadingMs)
  }
  for (const { app, durationMs } of part) latencies.serve(app, durationMs, 1)
  return latencies.table(from, to)
}

const SHARES = [0.5, 0.9, 0.95, 0.99, 0.999, 1]

/** The least value that at least the share of all do not exceed, of the raw values. */
function nearestRank(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted.find((value) => sorted.filter((other) => other <= value).length >= share * sorted.length)!
}

function rawValues(all: readonly Served[], latency: (typeof LATENCIES)[number]): number[] {
  return all
    .filter(({ isDropped }) => !isDropped)
    .map(({ durationMs, waitedMs, loadingMs }) => {
      if (latency === 'waiting') return waitedMs
      return waitedMs + loadingMs + (latency === 'response' ? durationMs : 0)
    })
}

describe('latencies, by hand', () => {
  it('are of the execution alone where nothing was delayed', () => {
    const latencies = new Latencies()
    latencies.serve(0, 20, 3)
    latencies.serve(0, 50, 1)
    const quantiles = latencyOf(latencies.table(0, 1))!
    expect(quantiles.added).toEqual({ p50: 0, p90: 0, p95: 0, p99: 0, 'p99.9': 0, max: 0 })
    expect(quantiles.waiting).toEqual(quantiles.added)
    expect(quantiles.response).toEqual({ p50: 20, p90: 50, p95: 50, p99: 50, 'p99.9': 50, max: 50 })
  })

  it('keep waiting for room apart from waiting for a load', () => {
    const latencies = new Latencies()
    latencies.serve(0, 10, 2)
    latencies.delay(0, 10, 30, 100)
    expect(latencyOf(latencies.table(0, 1))).toMatchObject({
      added: { p50: 0, max: 130 },
      waiting: { p50: 0, max: 30 },
      response: { p50: 10, max: 140 },
    })
  })

  it('leave out what was dropped', () => {
    const latencies = new Latencies()
    latencies.drop(0, 200, 4)
    latencies.serve(0, 200, 4)
    latencies.serve(0, 7, 1)
    expect(latencyOf(latencies.table(0, 1))!.response).toMatchObject({ p50: 7, max: 7 })
  })

  it('are none where nothing was served, of a run and of an app', () => {
    const latencies = new Latencies()
    expect(latencyOf(latencies.table(0, 2))).toBeNull()
    latencies.serve(0, 5, 1)
    latencies.serve(1, 5, 2)
    latencies.drop(1, 5, 2)
    const table = latencies.table(0, 2)
    expect(appLatency(table, 0, 'response')).toMatchObject({ max: 5 })
    expect(appLatency(table, 1, 'response')).toBeNull()
    expect(latencyOf(table)).not.toBeNull()
  })
})

describe('latencies, as a property', () => {
  it('are quantiles of the raw values by nearest rank, within 1/256 of them', () => {
    fc.assert(
      fc.property(invocations, (all) => {
        const quantiles = latencyOf(tableOf(all))
        const isEmpty = all.every(({ isDropped }) => isDropped)
        expect(quantiles === null).toBe(isEmpty)
        if (quantiles === null) return
        for (const latency of LATENCIES) {
          const raw = rawValues(all, latency)
          for (const [index, name] of LATENCY_QUANTILES.entries()) {
            const exact = nearestRank(raw, SHARES[index]!)
            expect(Math.abs(quantiles[latency][name] - exact)).toBeLessThanOrEqual(exact / 256)
          }
        }
      }),
    )
  })

  it('of one app are those of its invocations alone', () => {
    fc.assert(
      fc.property(invocations, fc.nat(APPS - 1), (all, app) => {
        const alone = latencyOf(tableOf(all.filter((each) => each.app === app)))
        for (const latency of LATENCIES)
          expect(appLatency(tableOf(all), app, latency)).toEqual(alone?.[latency] ?? null)
      }),
    )
  })

  it('joined from parts are the table of the whole, wherever it is cut', () => {
    const cuts = fc.array(fc.nat(APPS), { maxLength: 4 }).map((list) => [0, ...list.toSorted((a, b) => a - b), APPS])
    fc.assert(
      fc.property(invocations, cuts, (all, bounds) => {
        const parts = bounds.slice(1).map((to, part) => tableOf(all, bounds[part], to))
        expect(joinedTables(parts)).toEqual(tableOf(all))
      }),
    )
  })

  it('are the same table in whatever order things happen', () => {
    fc.assert(
      fc.property(invocations, (all) => {
        expect(tableOf(all.toReversed())).toEqual(tableOf(all))
      }),
    )
  })
})

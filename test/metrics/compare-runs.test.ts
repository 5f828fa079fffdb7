import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/core/user-error.ts'
import { compareRuns } from '../../src/metrics/compare-runs.ts'
import type { Baseline } from '../../src/metrics/comparison.ts'
import type { FinishedRun } from '../../src/metrics/run.ts'
import { tinyLedger, tinyRun, TINY_TRACE } from './tiny-run.ts'

// Four apps: always cold over four invocations, cold once in eight, invoked once and cold, never invoked.
const ROWS = [
  { invocations: 4, coldStarts: 4, first: 1, expired: 3, loads: 4, idleMs: 60_000, busyMs: 500 },
  { invocations: 8, coldStarts: 1, first: 1, loads: 3, prewarms: 2, prewarmsUnused: 1, idleMs: 1000, loadingMs: 20 },
  { invocations: 1, coldStarts: 1, first: 1, loads: 1, idleMs: 10 },
  {},
]
const MEMORY = Float64Array.of(100, 200, 300, 400)

function comparing(runs: readonly FinishedRun[], baseline: Baseline | string = 'fixed(keepAlive=10m)') {
  return compareRuns({ experiment: 'by hand', trace: TINY_TRACE, baseline, runs })
}

function runOf(label: string, policy: string, spread: string, coldStarts: number): FinishedRun {
  const ledger = tinyLedger([{ invocations: 100, coldStarts, idleMs: coldStarts * 1000 }])
  return tinyRun({ label, policy, params: {}, model: { kind: 'paper', spread }, ledger })
}

function inCluster(label: string, coldStarts: number, model: Record<string, unknown>, seed: number): FinishedRun {
  const ledger = tinyLedger([{ invocations: 100, coldStarts }])
  const policy = label.split('(')[0]!.split(' ')[0]!
  const variant = label.split(' ')[0]!
  return tinyRun({ label, variant, policy, params: {}, model: { kind: 'cluster', ...model }, seed, ledger })
}

const nodesOf = (memoryMb: number) => [{ count: 1, memoryMb }]

describe('compare, by hand', () => {
  const [run] = comparing([tinyRun({ ledger: tinyLedger(ROWS, 3_600_000, [50, 70]), memoryMb: MEMORY })]).runs

  it('adds up accounts, reasons and memory times over the apps', () => {
    expect(run!.totals).toEqual({
      invocations: 13,
      coldStarts: 6,
      joined: 0,
      drops: 0,
      loads: 8,
      prewarms: 2,
      prewarmsUnused: 1,
      evictions: 0,
      idleMs: 61_010,
      busyMs: 500,
      loadingMs: 20,
      waits: 0,
      waitingMs: 0,
      idleMbS: 60 * 100 + 1 * 200 + 0.01 * 300,
      busyMbS: 0.5 * 100,
      loadingMbS: 0.02 * 200,
    })
    expect(run!.reasons).toEqual({ first: 3, expired: 3, early: 0, evicted: 0, scaleOut: 0 })
    expect(run!.coldShare).toBe(6 / 13)
  })

  it('takes R-7 quantiles of the cold-start share over the apps that were invoked', () => {
    // The shares are 1/8, 1, 1: rank 1 + 2p, so the 25th percentile is half-way between 1/8 and 1.
    expect(run!.perApp.coldShare).toEqual({ p25: 0.5625, p50: 1, p75: 1, p90: 1, p99: 1 })
  })

  it('counts apps that are always cold, with and without those invoked once', () => {
    expect(run!.perApp).toMatchObject({ alwaysCold: 2, alwaysColdRepeated: 1 })
  })

  it('gives the series of the charts', () => {
    expect(run!.charts.coldShareQuantiles).toHaveLength(201)
    expect(run!.charts.coldShareQuantiles.slice(0, 2)).toEqual([0.125, 0.125 + 0.01 * 0.875])
    expect(run!.charts.coldShareQuantiles.at(-1)).toBe(1)
    expect(run!.charts.loadedMb.slice(0, 3)).toEqual([50, 70, 0])
    expect(run!.charts.bucketMs).toBe(60_000)
  })

  it('gives zeros and an empty distribution when nothing was invoked', () => {
    const [idle] = comparing([tinyRun()]).runs
    expect(idle!.coldShare).toBe(0)
    expect(idle!.perApp.coldShare).toEqual({ p25: 0, p50: 0, p75: 0, p90: 0, p99: 0 })
    expect(idle!.perApp.alwaysCold).toBe(0)
    expect(idle!.charts.coldShareQuantiles).toEqual([])
    expect(idle!.relative).toEqual({ idleMbS: null, coldStarts: null })
  })

  it('refuses to sum memory that is no number', () => {
    expect(() => comparing([tinyRun({ memoryMb: Float64Array.of(Number.NaN) })])).toThrow('the memory of row 0 is NaN')
  })
})

describe('the baseline of a comparison', () => {
  it('is the run of that label, and the others are relative to it', () => {
    const { runs } = comparing([runOf('ten', 'fixed', 'minute', 20), runOf('hybrid', 'hybrid', 'minute', 5)], 'ten')
    expect(runs.map(({ relative }) => relative)).toEqual([
      { idleMbS: 1, coldStarts: 1 },
      { idleMbS: 0.25, coldStarts: 0.25 },
    ])
  })

  it('is the run of the same model where the model was swept', () => {
    const swept = comparing(
      [
        runOf('ten spread=minute', 'fixed', 'minute', 20),
        runOf('ten long spread=minute', 'other', 'minute', 30),
        runOf('hybrid spread=minute', 'hybrid', 'minute', 5),
        runOf('ten spread=even', 'fixed', 'even', 50),
        runOf('hybrid spread=even', 'hybrid', 'even', 5),
      ],
      'ten spread=minute',
    )
    expect(swept.runs.map(({ relative }) => relative.coldStarts)).toEqual([1, 1.5, 0.25, 1, 0.1])
    expect(swept.model).toEqual({ kind: 'paper', spread: ['minute', 'even'] })
  })

  it('is none, and nothing is relative, where the same model has no run of it', () => {
    const { runs } = comparing(
      [runOf('ten spread=minute', 'fixed', 'minute', 20), runOf('h', 'hybrid', 'even', 5)],
      'ten spread=minute',
    )
    expect(runs[1]!.relative).toEqual({ idleMbS: null, coldStarts: null })
  })

  it('is the run of the same nodes and seed, also for a policy with an eviction order of its own', () => {
    const runs = [4096, 8192].flatMap((mb, index) =>
      [1, 2].flatMap((seed) => {
        const more = ` nodes=1x${mb / 1024}GB seed=${seed}`
        const few = 10 * (index + 1) * seed
        return [
          inCluster(`fixed${more}`, few, { nodes: nodesOf(mb), eviction: 'lru' }, seed),
          inCluster(`no-unload(eviction=lfu)${more}`, 2 * few, { nodes: nodesOf(mb), eviction: 'lfu' }, seed),
          inCluster(`no-unload(eviction=size)${more}`, 3 * few, { nodes: nodesOf(mb), eviction: 'size' }, seed),
        ]
      }),
    )
    const relative = (variant: string) =>
      comparing(runs, { label: variant, variant }).runs.map((run) => run.relative.coldStarts)
    expect(relative('fixed')).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3])
    // The same policy and parameters under another order is no baseline of its own.
    expect(relative('no-unload(eviction=lfu)')).toEqual([0.5, 1, 1.5, 0.5, 1, 1.5, 0.5, 1, 1.5, 0.5, 1, 1.5])
  })

  it('is the run of the same eviction order where that was swept', () => {
    const swept = ['lru', 'lfu'].flatMap((eviction, index) => [
      { ...runOf(`ten eviction=${eviction}`, 'fixed', 'even', 20 + 20 * index), model: { kind: 'cluster', eviction } },
      { ...runOf(`h eviction=${eviction}`, 'hybrid', 'even', 10), model: { kind: 'cluster', eviction } },
    ])
    expect(comparing(swept, 'ten eviction=lru').runs.map(({ relative }) => relative.coldStarts)).toEqual([
      1, 0.5, 1, 0.25,
    ])
  })

  it('is of the same policy and parameters where labels say nothing of the world', () => {
    const runs = [
      runOf('ten a', 'fixed', 'minute', 20),
      runOf('ten b', 'fixed', 'even', 40),
      runOf('h', 'hybrid', 'even', 10),
    ]
    expect(comparing(runs, 'ten a').runs.map(({ relative }) => relative.coldStarts)).toEqual([1, 1, 0.25])
  })

  it('is found by its variant, whatever the labels look like', () => {
    const runs = [
      runOf('base keep=20m', 'twenty', 'minute', 50),
      runOf('base', 'ten', 'minute', 20),
      runOf('other', 'other', 'minute', 10),
    ]
    const baseline = { label: 'base', variant: runs[1]!.variant }
    expect(comparing(runs, baseline).runs.map(({ relative }) => relative.coldStarts)).toEqual([2.5, 1, 0.5])
    expect(() => comparing(runs.toSpliced(1, 1), baseline)).toThrow(
      'baseline: expected the label of a run, found "base".',
    )
  })

  it('keeps runs of equal labels apart, and says so', () => {
    const { runs, notes } = comparing(
      [runOf('a', 'ten', 'minute', 20), runOf('a', 'other', 'minute', 10), runOf('a', 'third', 'minute', 5)],
      'a',
    )
    expect(runs.map(({ label, relative }) => [label, relative.coldStarts])).toEqual([
      ['a', 1],
      ['a #2', 0.5],
      ['a #3', 0.25],
    ])
    expect(notes).toEqual(['2 runs have the label of an earlier run, and a number after it, as in "a #2"'])
  })

  it('is not a run whose label only begins with the same words', () => {
    expect(() => comparing([runOf('ten long', 'fixed', 'minute', 20)], 'ten')).toThrow(UserError)
  })

  it('is refused with the nearest label when no run has it', () => {
    expect(() => comparing([runOf('fixed', 'fixed', 'minute', 1)], 'fxed')).toThrow(
      'baseline: expected the label of a run, found "fxed". Did you mean "fixed"?',
    )
    expect(() => comparing([], 'fixed')).toThrow('There are no finished runs to compare.')
  })

  it('keeps infinite parameters apart from absent ones', () => {
    const ledger = tinyLedger([{ invocations: 4, coldStarts: 2 }])
    const forever = tinyRun({ label: 'a', params: { keepAlive: Number.POSITIVE_INFINITY }, ledger })
    const none = tinyRun({ label: 'b', params: { keepAlive: null }, ledger: tinyLedger([{ coldStarts: 1 }]) })
    expect(comparing([forever, none], 'a').runs[1]!.relative.coldStarts).toBe(0.5)
  })
})

describe('compare, as a property', () => {
  const account = fc.double({ min: 0, max: 1e12, noNaN: true })
  const row = fc.record({ invocations: fc.nat(1e6), idleMs: account, busyMs: account, loadingMs: account })

  it('gives the same figures to the last bit in whatever order the apps come', () => {
    const apps = fc.array(fc.tuple(row, fc.integer({ min: 1, max: 4096 })), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(apps, fc.infiniteStream(fc.nat()), (apps, keys) => {
        const shuffled = apps
          .map((app) => ({ app, key: keys.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ app }) => app)
        const runWith = (of: typeof apps): FinishedRun =>
          tinyRun({ ledger: tinyLedger(of.map(([cells]) => cells)), memoryMb: Float64Array.from(of, ([, mb]) => mb) })
        expect(comparing([runWith(shuffled)])).toEqual(comparing([runWith(apps)]))
      }),
    )
  })
})

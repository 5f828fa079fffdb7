import { describe, expect, it } from 'vitest'
import type { Reason } from '../../../src/engine/ledger.ts'
import { compareRuns, type ComparisonInput } from '../../../src/metrics/compare-runs.ts'
import type { FinishedRun } from '../../../src/metrics/run.ts'
import { tinyLedger, tinyRun, TINY_TRACE } from '../tiny-run.ts'

const HOUR = 3_600_000

interface Cell {
  readonly policy: string
  readonly kind: string
  readonly cold: number
  readonly idleMs: number
  readonly seed?: number
  readonly spread?: string
  readonly reasons?: Partial<Record<Reason, number>>
}

/** One app of 100 MB with 100 invocations. */
function runOf({
  policy,
  kind,
  cold,
  idleMs,
  seed = 1,
  spread = 'minute',
  reasons = { expired: cold },
}: Cell): FinishedRun {
  const ledger = tinyLedger([{ invocations: 100, coldStarts: cold, idleMs, ...reasons }])
  const model = { kind, spread, memory: 'trace' }
  return tinyRun({ label: `${policy} ${kind} ${seed}`, policy, variant: policy, params: {}, model, seed, ledger })
}

function decided(runs: readonly FinishedRun[], input: Partial<ComparisonInput> = {}) {
  const baseline = { label: 'base', variant: 'base' }
  return compareRuns({ experiment: 'by hand', trace: TINY_TRACE, baseline, runs, ...input }).decision
}

/** In paper the learner wins; in instances its cold starts come of scaling out, and the baseline wins. */
const TWO_WORLDS = [
  runOf({ policy: 'base', kind: 'paper', cold: 20, idleMs: 100 * HOUR }),
  runOf({ policy: 'learner', kind: 'paper', cold: 10, idleMs: 50 * HOUR }),
  runOf({ policy: 'lavish', kind: 'paper', cold: 2, idleMs: 300 * HOUR }),
  runOf({ policy: 'base', kind: 'instances', cold: 40, idleMs: 100 * HOUR }),
  runOf({ policy: 'learner', kind: 'instances', cold: 70, idleMs: 90 * HOUR, reasons: { expired: 12, scaleOut: 58 } }),
  runOf({ policy: 'lavish', kind: 'instances', cold: 5, idleMs: 300 * HOUR }),
]

/** Apps that each have as many cold starts as given, over two days. */
function appsOf(policy: string, cold: readonly number[]): FinishedRun {
  const rows = cold.map((coldStarts) => ({ invocations: 1000, coldStarts, expired: coldStarts, idleMs: HOUR }))
  return tinyRun({ label: policy, policy, variant: policy, params: {}, ledger: tinyLedger(rows) })
}

const levels = (runs: readonly FinishedRun[], input: Partial<ComparisonInput> = {}) =>
  Object.fromEntries(decided(runs, input).trust.map(({ id, level, short }) => [id, `${level}: ${short}`]))

const ledgerOf = (idleMs: number, prewarms: number) =>
  tinyLedger([{ invocations: 100, coldStarts: 40, idleMs, prewarms }])

const missed = (cold: readonly number[], base: readonly number[]) =>
  decided([appsOf('base', base), appsOf('other', cold)]).groups[1]!.missed!

describe('the decision, by hand', () => {
  const decision = decided(TWO_WORLDS)

  it('has a column per world, and one row per candidate, best first and those beyond the limit last', () => {
    expect(decision.columns.map(({ name }) => name)).toEqual(['paper', 'instances'])
    expect(
      decision.candidates.map(({ label, standings }) => [label, ...standings.map((standing) => standing!.rank)]),
    ).toEqual([
      ['learner', 1, 2],
      ['base', 2, 1],
      ['lavish', null, null],
    ])
  })

  it('says who wins, by how much, at what, and where that does not hold', () => {
    expect(decision.verdict).toEqual({
      text: 'learner has the fewest cold starts with no more idle memory than the baseline: 10 cold starts in paper, 50.0 % below the baseline, at 50.00 % of the baseline’s idle memory; it does not hold in instances, where base is best.',
      winner: 'learner',
      runnerUp: 'base',
      wins: 1,
      of: 2,
      failsIn: ['instances'],
    })
  })

  it('says of a world where the winner has no run that it was not run there, and calls it by no world', () => {
    const { verdict, candidates } = decided(TWO_WORLDS.filter((_, at) => at !== 4))
    expect(verdict.text).toMatch(/, at 50\.00 % of the baseline’s idle memory; it was not run in instances\.$/)
    expect(candidates.map(({ label }) => label)).toEqual(['learner', 'base', 'lavish'])
    const third = [...TWO_WORLDS, runOf({ policy: 'lavish', kind: 'cluster', cold: 1, idleMs: HOUR })]
    expect(decided(third).verdict.text).toMatch(
      /; it does not hold in instances, where base is best; it was not run in cluster\.$/,
    )
  })

  it('says by which reasons of cold starts a ranking changes', () => {
    expect(decision.changes).toHaveLength(1)
    const [change] = decision.changes
    expect(change).toMatchObject({ column: 1, before: 'learner', now: 'base' })
    expect(change!.reasons).toEqual({ first: 0, expired: 2, early: 0, evicted: 0, scaleOut: 58 })
    expect(change!.text).toBe(
      'In instances base is best with 40 cold starts; learner has 70 cold starts at 90.00 % of the baseline’s idle memory, 58 of them scaleOut.',
    )
  })

  it('keeps to what is asked for in place of what is usual', () => {
    const goal = { minimise: 'idle-memory', limits: [{ metric: 'cold-starts', value: 5 }], isAsked: true }
    const { verdict } = decided(TWO_WORLDS, { goal })
    expect(verdict.winner).toBe('lavish')
    expect(verdict.text).toContain('the least idle memory (GB·s) with at most 5 cold starts')
    const none = decided(TWO_WORLDS, { goal: { ...goal, limits: [{ metric: 'cold-starts', value: 1 }] } })
    expect(none.verdict.winner).toBeNull()
    expect(none.verdict.text).toBe('No run keeps to the limit of 1 cold start in any world.')
  })

  it('says of one world that no other was tried', () => {
    const { verdict, trust } = decided(TWO_WORLDS.slice(0, 3))
    expect(verdict.text.endsWith('; only paper was tried.')).toBe(true)
    expect(trust.find(({ id }) => id === 'worlds')!.level).toBe('caution')
  })

  it('counts drops with the cold starts where there are any', () => {
    const dropping = tinyLedger([{ invocations: 100, coldStarts: 1, drops: 50, idleMs: HOUR }])
    const other = { ...TWO_WORLDS[1]!, ledger: dropping }
    const { verdict, goal } = decided([TWO_WORLDS[0]!, other])
    expect(goal.minimise).toBe('missed')
    expect(verdict.winner).toBe('base')
  })
})

describe('runs that differ in seed and spread only', () => {
  const runs = [1, 2, 3].flatMap((seed) => [
    runOf({ policy: 'base', kind: 'paper', cold: 20 + seed, idleMs: 100 * HOUR, seed, spread: 'uniform' }),
    runOf({ policy: 'learner', kind: 'paper', cold: 10 + 10 * seed, idleMs: 50 * HOUR, seed, spread: 'uniform' }),
  ])
  const { groups, columns } = decided(runs)

  it('are one row with mean and range', () => {
    expect(groups.map(({ label, runs: own }) => [label, own])).toEqual([
      ['base', [0, 2, 4]],
      ['learner paper', [1, 3, 5]],
    ])
    expect(groups[1]!.metrics['cold-starts']).toEqual({ mean: 30, least: 20, most: 40 })
    expect(columns).toMatchObject([{ name: 'paper', seeds: [1, 2, 3] }])
  })

  it('are compared with the baseline seed by seed', () => {
    // 20, 30, 40 against 21, 22, 23: less once; 90 against 66 together. One app alone cannot be resampled.
    expect(groups[1]!.missed).toEqual({ relative: 90 / 66 - 1, low: 90 / 66 - 1, high: 90 / 66 - 1, wins: 1, pairs: 3 })
  })

  it('have a column for each spread, in one world', () => {
    const even = runs.map((run) => ({ ...run, model: { ...run.model, spread: 'even' } }))
    const two = decided([...runs, ...even])
    expect(two.worlds).toHaveLength(1)
    expect(two.columns).toHaveLength(2)
    expect(two.groups).toHaveLength(2)
  })
})

describe('the interval of a difference', () => {
  it('is nothing wide where every app gains alike, and wide where one app has it all', () => {
    const base = Array.from({ length: 50 }, () => 10)
    const alike = missed(
      base.map((cold) => cold / 2),
      base,
    )
    expect([alike.low, alike.relative, alike.high]).toEqual([-0.5, -0.5, -0.5])
    const one = missed([...base.slice(1), 260], base)
    expect(one.relative).toBeCloseTo(0.5)
    expect(one.low).toBeCloseTo(0, 10)
    expect(one.high).toBeGreaterThan(1)
  })

  it('covers the spread that theory expects of independent apps', () => {
    // Differences of ±4 around 0 over 400 apps of 10: the mean has a standard error of 4 / sqrt(400) = 0.2, 2 % of 10.
    const base = Array.from({ length: 300 }, () => 10)
    const { low, high } = missed(
      base.map((cold, app) => cold + (app % 2 === 0 ? 4 : -4)),
      base,
    )
    const expected = (1.96 * 4) / Math.sqrt(300) / 10
    expect(high!).toBeGreaterThan(expected * 0.85)
    expect(high!).toBeLessThan(expected * 1.15)
    expect(low!).toBeLessThan(-expected * 0.85)
  })

  it('is the same for the same accounts', () => {
    const base = [5, 6, 7, 8]
    expect(missed([1, 2, 9, 4], base)).toEqual(missed([1, 2, 9, 4], base))
  })

  it('has nothing to be relative to where the baseline was never cold', () => {
    expect(missed([1], [0])).toEqual({ relative: null, low: null, high: null, wins: 0, pairs: 1 })
  })
})

describe('what a reader must know', () => {
  const own = (policy: string) => ({ ...TWO_WORLDS[1]!, policy, label: policy, variant: policy, windowMs: null })
  const [base] = TWO_WORLDS

  it('tells apps invoked once, counts, memory, windows, judging and seeds', () => {
    const ledger = tinyLedger([{ invocations: 1, coldStarts: 1 }, { invocations: 5, coldStarts: 1 }, {}])
    const run = tinyRun({
      ...base!,
      draws: true,
      windowMs: 600_000,
      ledger,
      memoryMb: new Float64Array(3).fill(1),
      model: { kind: 'paper', memory: 'equal', spread: 'uniform' },
      spelt: { params: { keepAlive: '10m' }, model: { kind: 'paper' } },
    })
    expect(levels([run], { offers: [] })).toEqual({
      once: 'caution: 50 % of apps invoked once',
      length: 'caution: 1 h, 6 × the longest window',
      times: 'caution: counts per minute',
      memory: 'caution: memory invented',
      judged: 'caution: judged on what was learnt',
      seeds: 'caution: one seed',
      worlds: 'caution: one world: paper',
    })
  })

  it('finds no fault with events of many days, judged apart', () => {
    const run = { ...base!, judged: { fromMs: 24 * HOUR, toMs: 48 * HOUR } }
    const trace = { ...TINY_TRACE, horizonMs: 480 * HOUR }
    const facts = levels([run], { offers: ['memory', 'arrivalTime'], trace })
    expect(facts).toMatchObject({
      length: 'sound: 20 d',
      times: 'sound: arrival times',
      judged: 'sound: judged on a part kept apart',
    })
    expect(facts['seeds']).toBe('sound: nothing drawn')
  })

  it('names the policies whose windows are not known', () => {
    expect(levels([{ ...base!, windowMs: 360_000 }, own('mine')])['length']).toBe(
      'sound: 1 h, 10 × the longest window; windows of mine not known',
    )
    const many = ['one', 'two', 'three', 'four'].map((policy) => own(policy))
    expect(levels([{ ...base!, windowMs: 0 }, ...many])['length']).toBe(
      'caution: 1 h; windows of one, two, three … not known',
    )
  })

  it('counts the seeds of those runs that draw at random', () => {
    const drawing = (seed: number) => ({ ...TWO_WORLDS[1]!, draws: true, seed, label: `learner ${seed}` })
    expect(levels([base!, drawing(1)])['seeds']).toBe('caution: one seed')
    expect(levels([base!, { ...TWO_WORLDS[2]!, seed: 2 }, drawing(1)])['seeds']).toBe('caution: one seed')
    expect(levels([base!, drawing(1), drawing(2)])['seeds']).toBe('sound: 2 seeds')
  })
})

describe('distances to a bound', () => {
  it('take the first point with as much idle memory, and the bound of those who load ahead only for them', () => {
    const points = [
      { idleMbS: 0, coldStarts: 50 },
      { idleMbS: 100, coldStarts: 20 },
      { idleMbS: 1000, coldStarts: 4 },
    ]
    const curve = (id: string, factor: number) => ({
      id,
      title: id,
      bounds: '',
      points: points.map(({ idleMbS, coldStarts }) => ({ idleMbS, coldStarts: coldStarts / factor })),
    })
    const runs = [ledgerOf(1000, 0), ledgerOf(1001, 0), ledgerOf(1000, 3), ledgerOf(1e9, 0)].map((ledger, at) =>
      tinyRun({ ledger, variant: at === 0 ? 'base' : `run ${at}`, label: `run ${at}`, digest: String(at) }),
    )
    const bounds = [{ digests: ['0', '1', '2', '3'], curves: [curve('hold-or-drop', 1), curve('foresight', 2)] }]
    expect(decided(runs, { bounds }).distances).toEqual([
      { bound: 'hold-or-drop', leastColdStarts: 20, times: 2 },
      { bound: 'hold-or-drop', leastColdStarts: 4, times: 10 },
      { bound: 'foresight', leastColdStarts: 10, times: 4 },
      { bound: 'hold-or-drop', leastColdStarts: 4, times: 10 },
    ])
    expect(decided(runs).distances).toEqual([null, null, null, null])
  })
})

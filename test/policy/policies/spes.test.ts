import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY, MINUTE } from '../../../src/core/units.ts'
import { spes } from '../../../src/policy/policies/spes.ts'
import {
  classOf,
  costOf,
  foretells,
  possible,
  type ActiveRun,
  waitsOf,
} from '../../../src/policy/policies/spes/classes.ts'
import { INSTANCES_MODEL, PAPER_MODEL } from '../../../src/sim/model.ts'
import { runSimulation } from '../../../src/sim/simulation.ts'
import { type Execution, rowOf, traceOf } from '../../sim/scenario.ts'
import { asNaive, byHand } from './evidence.ts'
import { naiveClass, naiveSpes } from './naive-spes.ts'

/** Runs of one invocation each in these minutes, or of so many minutes. */
const runsAt = (minutes: readonly number[], length = 1): ActiveRun[] =>
  minutes.map((first) => ({ first, last: first + length - 1, invocations: length }))

const every = (period: number, end: number): number[] =>
  Array.from({ length: Math.floor(end / period) }, (_, nth) => nth * period)

const DAYS = 2 * 1440

describe('the classes', () => {
  it('are, by hand, those of the paper in its order', () => {
    expect(classOf([{ first: 0, last: DAYS - 1, invocations: 9 }], DAYS)?.kind).toBe('warm')
    expect(classOf(runsAt(every(30, DAYS)), DAYS)).toEqual({ kind: 'regular', waits: [[29, 29]], giveUp: 1 })
    // Two waits by turns: 9 and 19.
    const turns = every(30, DAYS).flatMap((minute) => [minute, minute + 10])
    expect(classOf(runsAt(turns), DAYS)).toEqual({
      kind: 'approximate',
      waits: [
        [9, 9],
        [19, 19],
      ],
      giveUp: 1,
    })
    // Waits of 1 to 4 minutes, no three of which are 90 % of them.
    const dense = Array.from({ length: 200 }, (_, nth) => 12 * nth).flatMap((at) => [
      at,
      at + 2,
      at + 5,
      at + 9 - (at % 5 === 0 ? 1 : 0),
    ])
    expect(classOf(runsAt(dense), DAYS)?.kind).toMatch(/dense|approximate/)
    expect(classOf(runsAt([10, 100, 400, 900, 1700, 2100], 12), DAYS)?.kind).toBe('successive')
    expect(classOf(runsAt([10, 100, 400, 900, 1700, 2100]), DAYS)).toBe(null)
  })

  it('forget the days before a function became regular', () => {
    // Twenty runs after waits that are all different, which is more than a tenth of all.
    const odd = Array.from({ length: 20 }, (_, nth) => 5 * nth + 3 * nth * (nth - 1) + 3)
    const even = every(60, 2 * 1440).map((minute) => minute + 1440)
    expect(classOf(runsAt([...odd, ...even]), 3 * 1440)).toEqual({ kind: 'regular', waits: [[59, 59]], giveUp: 1 })
  })

  it('take waits that came again as possible, as one range where they lie near each other', () => {
    expect(possible(runsAt([0, 6, 12, 20, 28, 100])).waits).toEqual([[5, 7]])
    expect(possible(runsAt([0, 6, 12, 112, 212])).waits).toEqual([
      [5, 5],
      [99, 99],
    ])
    expect(possible(runsAt([0, 6, 100])).waits).toEqual([])
  })

  it('see who foretells whom: 70 % follow within ten minutes, and 30 % are false alarms at most', () => {
    const own = runsAt([10, 110, 210, 310])
    expect(foretells(runsAt([5, 100, 209, 300]), own)).toBe(true)
    expect(foretells(runsAt([5, 100, 150, 209, 250, 300]), own)).toBe(false)
    expect(foretells(runsAt([5, 90, 190, 300]), own)).toBe(false)
  })
})

asNaive('the classes are as reading them off the minutes as a text', () => {
  const wait = fc.oneof(
    fc.constantFrom(29, 30),
    fc.constantFrom(1, 2, 3, 4, 5, 6),
    fc.constantFrom(10, 70, 70, 70, 150),
    fc.integer({ min: 1, max: 400 }),
  )
  const waits = fc.oneof(
    fc.constant([1]),
    ...[wait, fc.constantFrom(29, 30), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 300 })].map((each) =>
      fc.array(each, { minLength: 1, maxLength: 40 }),
    ),
    fc
      .tuple(fc.array(wait, { maxLength: 12 }), fc.integer({ min: 5, max: 90 }))
      .map(([odd, even]) => [...odd, ...Array.from({ length: Math.ceil(2000 / even) }, () => even)]),
  )
  const found = new Set<string>()
  fc.assert(
    fc.property(
      waits,
      fc.constantFrom(1, 1, 12, 2000),
      fc.constantFrom(1, 12),
      fc.constantFrom(0, 0, 50),
      (list, length, calls, rest) => {
        let line = ''
        const runs: ActiveRun[] = []
        for (const each of [0, ...list]) {
          line += '0'.repeat(each)
          runs.push({ first: line.length, last: line.length + length - 1, invocations: calls * length })
          line += '1'.repeat(length)
        }
        line += '0'.repeat(rest)
        const expected = naiveClass(line, new Map(runs.map(({ first, invocations }) => [first, invocations])))
        found.add(expected?.kind ?? 'none')
        expect(classOf(runs, line.length)).toEqual(expected)
      },
    ),
    { numRuns: 150 },
  )
  expect([...found].toSorted()).toEqual(['approximate', 'dense', 'none', 'regular', 'successive', 'warm'].toSorted())
})

it('costs what marking every loaded minute of a line gives', () => {
  const waits = fc.array(fc.nat(20), { minLength: 1, maxLength: 8 })
  const ranges = fc.uniqueArray(fc.nat(20), { maxLength: 3 })
  fc.assert(
    fc.property(waits, ranges, fc.nat(4), fc.nat(3), (list, at, giveUp, slack) => {
      let minute = 0
      const starts = [0, ...list.map((wait) => (minute += wait + 2))]
      const predicted = at.toSorted((one, other) => one - other).map((wait) => [wait, wait] as const)
      const found = costOf({ kind: 'possible', waits: predicted, giveUp }, runsAt(starts), slack)
      let [cold, waste] = [0, 0]
      for (const [nth, start] of starts.entries()) {
        if (nth === 0) continue
        const idle = starts[nth - 1]! + 1
        const loaded = new Set(Array.from({ length: giveUp }, (_, each) => idle + each))
        for (const [wait] of predicted) for (let near = -slack; near <= slack; near += 1) loaded.add(idle + wait + near)
        if (!loaded.has(start)) cold += 1
        for (let each = idle; each < start; each += 1) if (loaded.has(each)) waste += 1
      }
      expect(found).toEqual({ cold, waste })
      expect(waitsOf(runsAt(starts))).toEqual(list.map((wait) => wait + 1))
    }),
    { numRuns: 100 },
  )
})

describe('the policy', () => {
  const params = { train: 2 * DAY, judge: DAY }

  byHand('loads, by hand, a regular function from two minutes before its minute, after the training', () => {
    const trace = traceOf(
      every(60, 4 * 1440).map((minute): Execution => [minute * MINUTE, 0]),
      4 * DAY,
    )
    const late = rowOf(
      runSimulation({ trace, model: PAPER_MODEL, policy: spes, params, seed: 1, accountFromMs: 3 * DAY }),
    )
    expect(late.invocations).toBe(24)
    expect(late.coldStarts ?? 0).toBe(0)
    // The minute of the invocation and one more, and two before the next.
    expect(late.idleMs).toBe(24 * (2 + 2) * MINUTE)
  })

  byHand('counts, by hand, the minutes in which an execution runs as active', () => {
    const trace = traceOf(
      every(60, 4 * 1440).map((minute): Execution => [minute * MINUTE, 10 * MINUTE]),
      4 * DAY,
    )
    const model = { ...INSTANCES_MODEL, coldStart: 0 }
    const late = rowOf(runSimulation({ trace, model, policy: spes, params, seed: 1, accountFromMs: 3 * DAY }))
    // Each run is the minutes 0 to 10, and each wait 49: it stays for minute 11 as well, and is loaded from 58 on.
    expect(late).toMatchObject({ invocations: 24, idleMs: 24 * (2 + 2) * MINUTE })
    expect(late.coldStarts ?? 0).toBe(0)
  })

  it('keeps a fixed window until then', () => {
    const trace = traceOf(
      every(60, 1440).map((minute): Execution => [minute * MINUTE, 0]),
      DAY,
    )
    expect(rowOf(runSimulation({ trace, model: PAPER_MODEL, policy: spes, params, seed: 1 }))).toMatchObject({
      coldStarts: 24,
      idleMs: 240 * MINUTE,
    })
  })

  it('loads a function with no rhythm of its own when the one is invoked that it follows', () => {
    let seed = 7
    const random = (): number => (seed = (seed * 16807) % 2147483647) / 2147483647
    let minute = 0
    const starts: number[] = []
    while (minute < 4 * 1440 - 200) starts.push((minute += 20 + Math.floor(150 * random())))
    const calls = starts.flatMap((at): Execution[] => [
      [at * MINUTE, 0, 'o/a'],
      [(at + 3 + (at % 5)) * MINUTE, 0, 'o/b'],
    ])
    const run = (owner: string) => {
      const trace = traceOf(
        calls.map(([at, length, app]): Execution => [at, length, app === 'o/b' ? `${owner}/b` : app!]),
        4 * DAY,
      )
      const ledger = runSimulation({
        trace,
        model: PAPER_MODEL,
        policy: spes,
        params,
        seed: 1,
        accountFromMs: 2 * DAY + DAY,
      })
      const b = trace.apps.name.at(0) === 'o/a' ? 1 : 0
      return rowOf(ledger, b).coldStarts ?? 0
    }
    expect(run('o')).toBe(0)
    expect(run('p')).toBeGreaterThan(5)
  })
})

asNaive('is, with its training, its choices and its shifts, what the table of all minutes says', () => {
  const [days, train] = [4, 2 * 1440]
  const inMs = { train: train * MINUTE, judge: 1440 * MINUTE, alpha: 0.5, slack: 2 * MINUTE, otherwise: 10 * MINUTE }
  const inMinutes = { train, judge: 1440, alpha: 0.5, slack: 2, otherwise: 10 }
  /** Times between the beginnings of two calls, by the kind of function. */
  const gaps = fc.oneof(
    fc.constantFrom([60], [30, 31, 32], [20, 50], [20, 50, 130], [2, 3, 4, 5]).map((list) => fc.constantFrom(...list)),
    fc.constantFrom([15, 90], [40, 300], [4, 200]).map(([min, max]) => fc.integer({ min: min!, max: max! })),
    fc.constant(fc.oneof(fc.constantFrom(37, 37, 95), fc.integer({ min: 20, max: 400 }))),
  )
  const rhythm = gaps.chain((gap) =>
    fc.record({
      gaps: fc.array(gap, { minLength: 30, maxLength: 60 }),
      // The rhythm changes after the training by so many minutes.
      drift: fc.constantFrom(0, 0, 7),
      // Minutes after each call of the function before, in place of its own rhythm.
      follows: fc.constantFrom(undefined, undefined, 1, 4, 9),
      length: fc.constantFrom(1, 1, 1, 12),
    }),
  )
  const kinds = new Set<string>()
  fc.assert(
    fc.property(
      fc.array(rhythm, { minLength: 2, maxLength: 4 }),
      fc.array(fc.constantFrom('o', 'o', 'p'), { minLength: 4, maxLength: 4 }),
      (rhythms, owners) => {
        const minutesOf: number[][] = []
        for (const [fn, { gaps: list, drift, follows, length }] of rhythms.entries()) {
          const minutes = new Set<number>()
          const before = minutesOf[fn - 1]
          if (follows !== undefined && before !== undefined) {
            for (const [nth, minute] of before.entries()) if (nth % 9 !== 0) minutes.add(minute + follows)
          } else {
            for (let [minute, nth] = [fn, 0]; minute < days * 1440; nth += 1) {
              for (let each = 0; each < length; each += 1) minutes.add(minute + each)
              minute += length - 1 + list[nth % list.length]! + (minute >= train ? drift : 0)
            }
          }
          minutesOf.push([...minutes].filter((minute) => minute < days * 1440).toSorted((one, other) => one - other))
        }
        const calls = minutesOf.flatMap((minutes, fn) =>
          minutes.map((minute): Execution => [minute * MINUTE, 0, `${owners[fn]}/${fn}`]),
        )
        const trace = traceOf(calls, days * DAY)
        const ledger = runSimulation({ trace, model: PAPER_MODEL, policy: spes, params: inMs, seed: 1 })
        const rows = minutesOf.map((_, row) => Number(trace.apps.name.at(row).split('/')[1]))
        const expected = naiveSpes(
          rows.map((fn) => minutesOf[fn]!),
          rows.map((fn) => owners[fn]!),
          days * 1440,
          inMinutes,
        )
        for (const [row, { coldStarts, idleMinutes, kind }] of expected.entries()) {
          kinds.add(kind)
          expect(ledger.coldStarts[row], `cold starts of ${kind}`).toBe(coldStarts)
          expect(ledger.idleMs[row]! / MINUTE, `idle minutes of ${kind}`).toBeCloseTo(idleMinutes, 6)
        }
      },
    ),
    { numRuns: 30, endOnFailure: true },
  )
  for (const kind of ['regular', 'approximate', 'dense', 'successive', 'pulsed', 'possible', 'correlated'])
    expect([...kinds], kind).toContain(kind)
})

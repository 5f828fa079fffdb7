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
import { PAPER_MODEL } from '../../../src/sim/model.ts'
import { runSimulation } from '../../../src/sim/simulation.ts'
import { type Execution, rowOf, traceOf } from '../../sim/scenario.ts'
import { asNaive, byHand } from './evidence.ts'

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

/** The least value which so many percent of all are no greater than. */
function percentile(list: readonly number[], percent: number): number {
  return Math.min(
    ...list.filter((value) => list.filter((each) => each <= value).length >= (percent / 100) * list.length),
  )
}

/** The class of a function, read off its minutes as a text of 0 and 1, and of nothing else. */
function naiveClass(line: string, callsOf: ReadonlyMap<number, number>): ReturnType<typeof classOf> {
  for (let day = 0; day <= 6 && day * 1440 < line.length; day += 1) {
    const from = day * 1440
    // A run that goes on over the border belongs to the day before.
    const goesOn = from > 0 && line[from - 1] === '1' ? (/^1*/.exec(line.slice(from))?.[0].length ?? 0) : 0
    const text = '0'.repeat(goesOn) + line.slice(from + goesOn)
    const runs = [...text.matchAll(/1+/g)].map((run) => ({ at: from + run.index, length: run[0].length }))
    const zeros = [...text].filter((each) => each === '0').length
    if (1000 * zeros < text.length) return { kind: 'warm', waits: [], giveUp: Number.POSITIVE_INFINITY }
    const waits = (text.replaceAll(/^0+|0+$/g, '').match(/0+/g) ?? []).map((each) => each.length)
    if (waits.length === 0) continue
    const inner = (waits.length > 3 ? waits.slice(1, -1) : waits).toSorted((one, other) => one - other)
    const mean = inner.reduce((sum, wait) => sum + wait, 0) / inner.length
    const deviation = Math.sqrt(inner.reduce((sum, wait) => sum + (wait - mean) ** 2, 0) / inner.length)
    if (runs.length >= 3 && (percentile(inner, 95) - percentile(inner, 5) < 1 || deviation <= 0.01 * mean)) {
      const [median, half] = [percentile(inner, 50), Math.min(deviation, 2)]
      return { kind: 'regular', waits: [[median - half, median + half]], giveUp: 1 }
    }
    const times = (wait: number): number => waits.filter((each) => each === wait).length
    const three = [...new Set(waits)].sort((one, other) => times(other) - times(one) || one - other).slice(0, 3)
    three.sort((one, other) => one - other)
    if (runs.length >= 3 && waits.filter((wait) => three.includes(wait)).length >= 0.9 * waits.length)
      return { kind: 'approximate', waits: three.map((wait) => [wait, wait] as const), giveUp: 1 }
    if (percentile(waits, 90) < 5) return { kind: 'dense', waits: [[three[0]!, three.at(-1)!]], giveUp: 5 }
    if (runs.every(({ at, length }) => length >= 10 || callsOf.get(at)! >= 11))
      return { kind: 'successive', waits: [], giveUp: 1 }
  }
  return null
}

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

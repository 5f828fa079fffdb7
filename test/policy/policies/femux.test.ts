import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MINUTE } from '../../../src/core/units.ts'
import { blockFeatures } from '../../../src/policy/demand/block-features.ts'
import { costClasses, type Example, wayFor } from '../../../src/policy/demand/cost-classes.ts'
import {
  autoregression,
  markovChain,
  type OneStepForecast,
  oneStepForecasters,
} from '../../../src/policy/demand/forecasters.ts'
import { femux } from '../../../src/policy/policies/femux.ts'
import { PAPER_MODEL } from '../../../src/sim/model.ts'
import { runSimulation } from '../../../src/sim/simulation.ts'
import { type Execution, rowOf, traceOf } from '../../sim/scenario.ts'
import { asNaive, byHand } from './evidence.ts'
import { naiveFemux } from './naive-femux.ts'

const f64 = (values: readonly number[]): Float64Array => Float64Array.from(values)

/** The forecast from all of the values. */
const next = (forecast: OneStepForecast, values: Float64Array): number => forecast(values, 0, values.length)

/** Solves a system of linear equations by elimination with pivots. */
function solved(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, at) => [...row, right[at]!])
  for (let at = 0; at < rows.length; at += 1) {
    const pivot = rows.slice(at).reduce((best, row) => (Math.abs(row[at]!) > Math.abs(best[at]!) ? row : best))
    rows.splice(rows.indexOf(pivot), 1)
    rows.splice(at, 0, pivot)
    for (const row of rows) {
      if (row === pivot) continue
      const factor = row[at]! / pivot[at]!
      for (let column = at; column < row.length; column += 1) row[column]! -= factor * pivot[column]!
    }
  }
  return rows.map((row, at) => row.at(-1)! / row[at]!)
}

describe('the forecasters', () => {
  it('of autoregression have the weights that solve the equations of Yule and Walker', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { minLength: 20, maxLength: 40 }), (values) => {
        fc.pre(new Set(values).size > 2)
        const mean = values.reduce((sum, each) => sum + each, 0) / values.length
        const moment = (lag: number): number =>
          values.slice(lag).reduce((sum, each, at) => sum + (each - mean) * (values[at]! - mean), 0) / values.length
        const matrix = [0, 1, 2].map((row) => [0, 1, 2].map((column) => moment(Math.abs(row - column))))
        const weights = solved(matrix, [1, 2, 3].map(moment))
        const expected = weights.reduce((sum, weight, at) => sum + weight * (values.at(-1 - at)! - mean), mean)
        expect(next(autoregression(3), f64(values))).toBeCloseTo(expected, 6)
      }),
      { numRuns: 100 },
    )
  })

  it('of the Markov chain go by value, change and run, by hand', () => {
    // After 1 that rose from 0 and is new came 0, each time.
    expect(next(markovChain, f64([0, 0, 1, 0, 0, 1, 0, 0, 1]))).toBe(0)
    // A second 0 is followed by 1, a first by 0.
    expect(next(markovChain, f64([1, 0, 0, 1, 0, 0, 1, 0, 0]))).toBe(1)
    expect(next(markovChain, f64([1, 0, 0, 1, 0, 0, 1, 0]))).toBe(0)
    // 7 was never: the nearest is 5, after which came 3.
    expect(next(markovChain, f64([5, 3, 1, 7]))).toBe(3)
  })

  asNaive('of the Markov chain are as looking up the latest equal states in a table of texts', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 1, 2), { minLength: 2, maxLength: 40 }), (values) => {
        const states = values.map((value, at) => {
          let begin = at
          while (begin > 0 && values[begin - 1] === value) begin -= 1
          return `${value} ${begin === 0 ? 0 : value - values[begin - 1]!} ${at - begin + 1}`
        })
        const after = states.slice(0, -1).flatMap((state, at) => (state === states.at(-1) ? [values[at + 1]!] : []))
        fc.pre(after.length > 0)
        const times = (value: number): number => after.filter((each) => each === value).length
        const most = Math.max(...after.map(times))
        expect(times(next(markovChain, f64(values)))).toBe(most)
      }),
      { numRuns: 200 },
    )
  })

  it('leave a series that never changed as it is, and let none fall below 0', () => {
    for (const forecast of Object.values(oneStepForecasters(20))) {
      expect(next(forecast, new Float64Array(20).fill(0.3))).toBe(0.3)
      expect(next(forecast, f64([...Array.from({ length: 19 }, (_, at) => 19 - at), 0]))).toBeGreaterThanOrEqual(0)
    }
    const { keep5, keep10 } = oneStepForecasters(20)
    const values = f64([...Array.from({ length: 12 }, () => 1), 4, ...Array.from({ length: 7 }, () => 2)])
    expect([next(keep5!, values), next(keep10!, values)]).toEqual([2, 4])
  })
})

describe('the features of a block', () => {
  it('are, by hand, those of nothing, of one wave and of a line', () => {
    expect(blockFeatures(new Float64Array(504))).toEqual([0, 1, 1, 0])
    const wave = Float64Array.from({ length: 504 }, (_, at) => 2 + Math.cos((2 * Math.PI * 7 * at) / 504))
    expect(blockFeatures(wave)[3]).toBe(1)
    const two = wave.map((value, at) => value + Math.cos((2 * Math.PI * 11 * at) / 504))
    expect(blockFeatures(two)[3]).toBe(2)
    const line = Float64Array.from({ length: 504 }, (_, at) => at)
    expect(blockFeatures(line)[0]).toBeCloseTo(503 / 504, 9)
  })

  it('tell a series that returns to its mean from one that wanders, and a line from a bend', () => {
    let seed = 1
    const noise = (): number => (seed = (seed * 16807) % 2147483647) / 2147483647 - 0.5
    const returning = Float64Array.from({ length: 504 }, noise)
    expect(blockFeatures(returning)[2]).toBe(1)
    let at = 0
    const wandering = Float64Array.from({ length: 504 }, () => (at += noise() + 0.2))
    expect(blockFeatures(wandering)[2]).toBe(0)
    expect(blockFeatures(returning)[1]).toBe(1)
    // The logistic map: each value is a bend of the one before.
    let x = 0.3
    const bent = Float64Array.from({ length: 504 }, () => (x = 3.9 * x * (1 - x)))
    expect(blockFeatures(bent)[1]).toBe(0)
  })
})

const example = (feature: number, ...costs: number[]): Example => ({ features: [feature, 0], costs })

describe('classes', () => {
  byHand('give, by hand, two kinds of blocks the way that is cheapest after each', () => {
    const examples = [example(0, 1, 9), example(0.1, 2, 8), example(5, 9, 1), example(5.2, 7, 0)]
    const classes = costClasses(examples, 2)
    expect([wayFor(classes, [0.05, 0]), wayFor(classes, [5.1, 0])]).toEqual([0, 1])
    expect(costClasses(examples, 1).best).toEqual([1])
  })

  it('never cost more on their own examples than the best single way', () => {
    const examples = fc.array(
      fc.record({
        features: fc.tuple(fc.nat(3), fc.nat(1), fc.nat(9)),
        costs: fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9)),
      }),
      { minLength: 1, maxLength: 30 },
    )
    fc.assert(
      fc.property(examples, (list) => {
        const classes = costClasses(list, 5)
        const cost = list.reduce((sum, { features, costs }) => sum + costs[wayFor(classes, features)]!, 0)
        const single = [0, 1, 2].map((way) => list.reduce((sum, { costs }) => sum + costs[way]!, 0))
        expect(cost).toBeLessThanOrEqual(Math.min(...single))
      }),
      { numRuns: 100 },
    )
  })
})

const callsEach = (minutes: number, calls: number) =>
  traceOf(
    Array.from({ length: calls }, (_, nth): Execution => [nth * minutes * MINUTE, 0]),
    300 * MINUTE,
  )

describe('the policy', () => {
  it('keeps for ten minutes at first: each 8 minutes is warm, each 15 cold', () => {
    const run = (trace: ReturnType<typeof callsEach>) =>
      rowOf(runSimulation({ trace, model: PAPER_MODEL, policy: femux, seed: 1 }))
    expect(run(callsEach(8, 20)).coldStarts).toBe(1)
    expect(run(callsEach(15, 20)).coldStarts).toBe(20)
  })

  it('learns that a timer of 15 minutes is better forecast, from blocks that are over', () => {
    const trace = traceOf(
      Array.from({ length: 400 }, (_, nth): Execution => [nth * 15 * MINUTE, 0]),
      6000 * MINUTE,
    )
    const late = runSimulation({ trace, model: PAPER_MODEL, policy: femux, seed: 1, accountFromMs: 4500 * MINUTE })
    expect(rowOf(late).coldStarts ?? 0).toBeLessThan(20)
    expect(rowOf(late).invocations).toBe(100)
  })
})

asNaive('is, with its series, costs, blocks and days, a computation from the times of all arrivals', () => {
  const options = { window: 20, block: 40, classes: 3, sample: 2, learn: 160 * MINUTE }
  const gaps = fc.oneof(
    fc.constantFrom([5], [15], [3, 3, 3, 30], [70], [1, 1, 1, 1, 1, 1, 1, 45]),
    fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 5, maxLength: 20 }),
  )
  const ways = new Set<string>()
  fc.assert(
    fc.property(fc.array(gaps, { minLength: 2, maxLength: 4 }), (list) => {
      const calls = list.flatMap((own, app) => {
        const times: Execution[] = []
        for (let [minute, nth] = [7 * app, 0]; minute < 700; minute += own[nth % own.length]!, nth += 1)
          times.push([minute * MINUTE + 100 * nth, 0, `app-${app}`])
        return times
      })
      const shared = { trace: traceOf(calls, 720 * MINUTE), model: PAPER_MODEL, seed: 1 }
      const found = runSimulation({ ...shared, policy: femux, params: options })
      const expected = runSimulation({ ...shared, policy: naiveFemux(options, (way) => ways.add(way)) })
      for (const account of ['coldStarts', 'loads', 'prewarms', 'idleMs'] as const)
        expect([...found[account]], account).toEqual([...expected[account]])
    }),
    { numRuns: 6, endOnFailure: true },
  )
  expect(ways.size).toBeGreaterThanOrEqual(3)
})

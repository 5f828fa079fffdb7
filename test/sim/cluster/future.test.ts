import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Future, futureFor } from '../../../src/sim/cluster/future.ts'
import { CLUSTER_MODEL } from '../../../src/sim/model.ts'
import { UserError } from '../../../src/core/user-error.ts'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'
import type { Trace } from '../../../src/trace/trace.ts'
import { type Execution, traceOf } from '../scenario.ts'
import { examples } from '../../examples.ts'

const NEVER = Number.POSITIVE_INFINITY
const model = { ...CLUSTER_MODEL, spread: 'uniform', concurrency: 1 } as const

/** Each app's executions in the order in which they come, as the replays have them: by time, then by app. */
function inTime(rows: readonly Execution[]): Execution[] {
  return rows.toSorted(
    ([one, short, a = 'a'], [other, long, b = 'a']) => one - other || a.charCodeAt(0) - b.charCodeAt(0) || short - long,
  )
}

/** How many instances the app needs as its execution of that number comes, counted one by one. */
function needed(rows: readonly Execution[], arrival: number, concurrency: number): number {
  const [now, , app] = rows[arrival]!
  const before = rows.slice(0, arrival).filter((row) => row[2] === app && row[0] + row[1] > now)
  return Math.max(1, Math.ceil((before.length + 1) / concurrency))
}

/** A trace of so many invocations, all in one minute. */
function crowd(invocations: number): Trace {
  const builder = new TraceBuilder({ id: 'crowd', format: 'azure-2019' })
  const row = builder.functionRow('', 'a', 'f')
  for (let minute = 0; minute < 3; minute += 1) builder.addCount(row, minute, invocations / 3)
  return builder.build(180_000, { files: [], defects: [] })
}

describe('the future', () => {
  it('tells when an app is invoked again, and when it needs so many instances at once', () => {
    //  number     0        1        2        3        4        5
    //  a runs     0-10              20-40    25-60    30-50    60-61
    //  b runs              5-6
    const rows = [
      [0, 10, 'a'],
      [5, 1, 'b'],
      [20, 20, 'a'],
      [25, 35, 'a'],
      [30, 20, 'a'],
      [60, 1, 'a'],
    ] as const
    const future = new Future(traceOf(rows, 100), model, 1)
    const uses = (): number[] => [1, 2, 3, 4].map((instances) => future.nextUse(0, instances))
    expect(uses()).toEqual([NEVER, NEVER, NEVER, NEVER])
    future.advance(0)
    expect(uses()).toEqual([2, 3, 4, NEVER])
    expect(future.nextUse(1, 1)).toBe(NEVER)
    future.advance(1)
    future.advance(0)
    expect(uses()).toEqual([3, 3, 4, NEVER])
    future.advance(0)
    expect(uses()).toEqual([4, 4, 4, NEVER])
    future.advance(0)
    //  The execution of 25-60 is over at 60.
    expect(uses()).toEqual([5, NEVER, NEVER, NEVER])
    future.advance(0)
    expect(uses()).toEqual([NEVER, NEVER, NEVER, NEVER])
  })

  it('tells what counting the executions one by one does, whatever an instance has room for', () => {
    const executions: fc.Arbitrary<Execution[]> = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 15 }), fc.constantFrom('a', 'b')),
      { minLength: 1, maxLength: 40 },
    )
    fc.assert(
      fc.property(executions, fc.constantFrom(1, 2, 3, NEVER), (given, concurrency) => {
        const trace = traceOf(given, 60)
        const rows = inTime(given)
        const levels = rows.map((_, arrival) => needed(rows, arrival, concurrency))
        const future = new Future(trace, { ...model, concurrency }, 1)
        for (const [arrival, row] of rows.entries()) {
          const app = trace.apps.name.at(0) === row[2] ? 0 : 1
          future.advance(app)
          for (let instances = 1; instances < 7; instances += 1) {
            const next = rows.findIndex((each, at) => at > arrival && each[2] === row[2] && levels[at]! >= instances)
            expect(future.nextUse(app, instances)).toBe(next === -1 ? NEVER : next)
          }
        }
      }),
      { numRuns: examples(300) },
    )
  })

  it('is looked into only for an order that needs it', () => {
    const trace = traceOf([[0, 1]], 10)
    expect(futureFor(trace, { ...model, eviction: 'lru' }, 1)).toBeNull()
    expect(futureFor(trace, { ...model, eviction: 'belady' }, 1)).toBeInstanceOf(Future)
  })

  it('refuses more arrivals than it can number, but counts a minute of an app as one where it is one', () => {
    const trace = crowd(3 * 2 ** 31)
    expect(() => new Future(trace, model, 1)).toThrow(UserError)
    expect(() => new Future(trace, model, 1)).toThrow(
      'model.eviction: expected fewer than 4294967295 arrivals for an order that needs the future, found 6442450944. Take a sample of the trace, or another order.',
    )
    const future = new Future(trace, { ...model, spread: 'minute' }, 1)
    future.advance(0)
    expect(future.nextUse(0, 1)).toBe(1)
  })
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { GapRuns } from '../../../src/trace/arrivals/gap-runs.ts'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'
import type { CountColumns, Trace } from '../../../src/trace/trace.ts'

const MIN = 60_000

type Cell = readonly [app: string, fn: string, minute: number, count: number]

function traceOf(cells: readonly Cell[], minutes: number): Trace & { arrivals: CountColumns } {
  const builder = new TraceBuilder({ id: 'gaps', format: 'azure-2019' })
  for (const [app, fn, minute, count] of cells) {
    builder.addCount(builder.functionRow('', app, fn), minute, count)
    builder.addMemory('', app, 1, 1)
  }
  return builder.build(minutes * MIN, { files: [], defects: [] }) as Trace & { arrivals: CountColumns }
}

it('tells the first minute and the gaps, equal ones together', () => {
  // Minutes 3, 4, 5, 40, 75 of f, and 5 and 6 of g: gaps of 1, 1, 1, 34 and 35 minutes.
  const cells = [3, 4, 5, 40, 75].map((minute): Cell => ['a', 'f', minute, 10])
  const trace = traceOf([...cells, ['a', 'g', 5, 1], ['a', 'g', 6, 1]], 80)
  const gaps = new GapRuns(trace, trace.arrivals)
  gaps.open(0)
  expect(gaps.firstMs).toBe(3 * MIN)
  expect([...gaps.gapMs.subarray(0, gaps.length)]).toEqual([MIN, 34 * MIN, 35 * MIN])
  expect([...gaps.times.subarray(0, gaps.length)]).toEqual([3, 1, 1])
  expect(gaps.invocationsBefore(5 * MIN)).toBe(20)
  expect(gaps.invocationsBefore(6 * MIN)).toBe(31)
  expect(gaps.invocationsBefore(Number.POSITIVE_INFINITY)).toBe(52)
})

it('tells of any app the minutes and invocations that its cells have', () => {
  const stretch = fc.tuple(
    fc.constantFrom('a', 'b'),
    fc.constantFrom('f', 'g'),
    fc.integer({ min: 0, max: 260 }),
    fc.integer({ min: 1, max: 70 }),
    fc.integer({ min: 1, max: 9 }),
  )
  fc.assert(
    fc.property(fc.array(stretch, { minLength: 1, maxLength: 12 }), fc.nat({ max: 340 }), (stretches, at) => {
      const cells = stretches.flatMap(([app, fn, from, length, count]) =>
        Array.from({ length }, (_, index): Cell => [app, fn, from + index, count]),
      )
      const trace = traceOf(cells, 340)
      const gaps = new GapRuns(trace, trace.arrivals)
      for (let row = 0; row < trace.apps.count; row += 1) {
        gaps.open(row)
        const own = cells.filter(([app]) => app === trace.apps.name.at(row))
        const minutes = [...new Set(own.map(([, , minute]) => minute))].toSorted((a, b) => a - b)
        const found = [gaps.firstMs / MIN]
        const each = [...gaps.gapMs.subarray(0, gaps.length)]
        expect(each.filter((gapMs, run) => gapMs === each[run - 1])).toEqual([])
        for (let run = 0; run < gaps.length; run += 1) {
          for (let nth = 0; nth < gaps.times[run]!; nth += 1) found.push(found.at(-1)! + gaps.gapMs[run]! / MIN)
        }
        expect(found).toEqual(minutes)
        const before = own.filter(([, , minute]) => minute < at).reduce((sum, [, , , count]) => sum + count, 0)
        expect(gaps.invocationsBefore(at * MIN)).toBe(before)
      }
    }),
    { numRuns: 60 },
  )
})

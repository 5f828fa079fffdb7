import fc from 'fast-check'
import { expect, it } from 'vitest'
import { GapRuns } from '../../../src/trace/arrivals/gap-runs.ts'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'
import { CellPacker } from '../../../src/trace/cells/cell-packer.ts'
import { withGaps } from '../../../src/trace/arrivals/packed-gaps.ts'
import { byFunction } from '../../../src/trace/by-function.ts'
import type { CountColumns, PackedCells, Trace } from '../../../src/trace/trace.ts'

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

function gapsOf(trace: Trace): GapRuns {
  return new GapRuns(trace, trace.arrivals as CountColumns)
}

function packed(cells: readonly (readonly [number, number])[]): PackedCells {
  const packer = new CellPacker(1, MIN, 100)
  for (const [place, number] of cells) packer.add(place, number)
  packer.endFunction()
  return packer.columns()
}

/** The same trace as it was read, and as a compiled file holds it. */
const FORMS: readonly (readonly [string, (trace: Trace) => Trace])[] = [
  ['as it was read', (trace) => trace],
  ['with its gaps packed', withGaps],
]

it.each(FORMS)('tells the first minute and the gaps, equal ones together, of a trace %s', (_, form) => {
  // Minutes 3, 4, 5, 40, 75 of f, and 5 and 6 of g: gaps of 1, 1, 1, 34 and 35 minutes.
  const cells = [3, 4, 5, 40, 75].map((minute): Cell => ['a', 'f', minute, 10])
  const gaps = gapsOf(form(traceOf([...cells, ['a', 'g', 5, 1], ['a', 'g', 6, 1]], 80)))
  gaps.open(0)
  expect(gaps.firstMs).toBe(3 * MIN)
  expect([...gaps.gapMs.subarray(0, gaps.length)]).toEqual([MIN, 34 * MIN, 35 * MIN])
  expect([...gaps.times.subarray(0, gaps.length)]).toEqual([3, 1, 1])
  expect(gaps.invocationsBefore(5 * MIN)).toBe(20)
  expect(gaps.invocationsBefore(6 * MIN)).toBe(31)
  expect(gaps.invocationsBefore(Number.POSITIVE_INFINITY)).toBe(52)
  expect(gaps.invocationsBefore(0)).toBe(0)
})

it('packed gaps take no more bytes than the cells that they come from', () => {
  const stretch = fc.tuple(
    fc.constantFrom('f', 'g'),
    fc.integer({ min: 0, max: 20_000 }),
    fc.integer({ min: 1, max: 200 }),
    fc.constantFrom(1, 1, 2, 63, 64, 65, 66, 130),
  )
  fc.assert(
    fc.property(fc.array(stretch, { minLength: 1, maxLength: 6 }), (stretches) => {
      const cells = stretches.flatMap(([fn, from, length, gap]) =>
        Array.from({ length }, (_, index): Cell => ['a', fn, from + index * gap, 1]),
      )
      const { cells: own, gaps } = withGaps(traceOf(cells, 50_000)).arrivals as CountColumns
      expect(gaps!.cells.length).toBeGreaterThan(0)
      expect(gaps!.cells.length).toBeLessThanOrEqual(own.length)
    }),
    { numRuns: 40 },
  )
})

it('packed gaps that no pilotlight packed are refused', () => {
  const trace = withGaps(
    traceOf(
      [3, 4, 50].map((minute): Cell => ['a', 'f', minute, 1]),
      80,
    ),
  )
  const { gaps, ...columns } = trace.arrivals as CountColumns
  const opened = (change: Partial<PackedCells>, horizonMs = trace.horizonMs): GapRuns => {
    const other = gapsOf({ ...trace, horizonMs, arrivals: { ...columns, gaps: { ...gaps!, ...change } } })
    other.open(0)
    return other
  }
  expect(opened({}).length).toBe(2)
  const message = 'it is no compiled trace: what it holds for app 0 is no cells'
  expect(() => opened({}, 50 * MIN)).toThrow(message)
  expect(() => opened({ invocations: Float64Array.of(52) })).toThrow(message)
  // The first cell is (0, 4); here it is (1, 4).
  const later = packed([
    [1, 4],
    [2, 1],
    [3, 46],
  ])
  expect(() => opened(later)).toThrow(message)
})

it('functions as apps of their own have gaps of their own', () => {
  const trace = withGaps(
    traceOf(
      [
        ['a', 'f', 1, 1],
        ['a', 'f', 4, 1],
        ['a', 'g', 2, 1],
        ['a', 'g', 9, 1],
      ],
      20,
    ),
  )
  const gaps = gapsOf(byFunction(trace))
  gaps.open(1)
  expect([gaps.firstMs, ...gaps.gapMs.subarray(0, gaps.length)]).toEqual([2 * MIN, 7 * MIN])
})

it.each(FORMS)('tells of any app the minutes and invocations that its cells have, of a trace %s', (_, form) => {
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
      const trace = form(traceOf(cells, 340))
      const gaps = gapsOf(trace)
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

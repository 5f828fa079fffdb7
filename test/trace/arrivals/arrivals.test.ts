import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyOf } from '../../../src/core/random.ts'
import type { ArrivalBlock } from '../../../src/trace/arrivals/arrival-block.ts'
import { arrivalsByApp } from '../../../src/trace/arrivals/arrivals.ts'
import { arrivalsInTime } from '../../../src/trace/arrivals/arrivals-in-time.ts'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'
import { MINUTE_SPREADS, Spreader } from '../../../src/trace/arrivals/spread.ts'
import { plainCells } from '../../../src/trace/cells/unpacked-cells.ts'
import type { Trace } from '../../../src/trace/trace.ts'

type Cell = readonly [app: string, fn: string, minute: number, count: number]
type Arrival = readonly [app: number, timeMs: number, fn: number, count: number, durationMs: number]

const SPREADS = ['minute', ...MINUTE_SPREADS] as const

function traceOf(cells: readonly Cell[], minutes = 10): Trace {
  const builder = new TraceBuilder({ id: 'cells', format: 'azure-2019' })
  for (const [app, fn, minute, count] of cells) {
    const row = builder.functionRow('', app, fn)
    builder.addCount(row, minute, count)
    builder.addDuration(row, 100 * (fn.charCodeAt(0) - 96), 1)
  }
  return builder.build(minutes * 60_000, { files: [], defects: [] })
}

function rowsOf(block: ArrivalBlock, app?: number): Arrival[] {
  const { timeMs, fn, count, durationMs } = block
  return Array.from({ length: block.length }, (_, row) => {
    return [app ?? block.app[row]!, timeMs[row]!, fn[row]!, count[row]!, durationMs[row]!] as const
  })
}

function byApp(trace: Trace, spread: (typeof SPREADS)[number], seed = 1): Arrival[] {
  const arrivals = arrivalsByApp(trace, spread, seed)
  const all: Arrival[] = []
  for (let app = 0; app < trace.apps.count; app += 1) {
    arrivals.open(app)
    while (arrivals.next() > 0) all.push(...rowsOf(arrivals.block, app))
  }
  return all
}

function inTime(trace: Trace, spread: (typeof SPREADS)[number], seed = 1): Arrival[] {
  const arrivals = arrivalsInTime(trace, spread, seed)
  const all: Arrival[] = []
  while (arrivals.next() >= 0) all.push(...rowsOf(arrivals.block))
  return all
}

/** Every cell spread by itself, gathered and sorted plainly. */
function plainly(trace: Trace, spread: (typeof MINUTE_SPREADS)[number], seed = 1): Arrival[] {
  const { functions } = trace
  const { firstCell, minute, count } = plainCells(trace)
  const all: Arrival[] = []
  for (let fn = 0; fn < functions.count; fn += 1) {
    const spreader = new Spreader(spread, seed, 60_000)
    spreader.turnTo(...keyOf(functions.name.at(fn)))
    for (let cell = firstCell[fn]!; cell < firstCell[fn + 1]!; cell += 1) {
      const times = new Uint32Array(count[cell]!)
      spreader.place(times, 0, times.length, minute[cell]!)
      const start = minute[cell]! * 60_000
      for (const ms of times) all.push([functions.app[fn]!, start + ms, fn, 1, functions.durationMs[fn]!])
    }
  }
  return all.sort((a, b) => a[0] - b[0] || a[1] - b[1])
}

const cell = fc.tuple(
  fc.constantFrom('a', 'b', 'c'),
  fc.constantFrom('a', 'b', 'c', 'd'),
  fc.nat(9),
  fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3000 })),
)

describe('the arrivals of minute counts', () => {
  it('are one an app and minute in the spread "minute", with the count and the mean duration of its invocations', () => {
    const trace = traceOf([
      ['x', 'a', 2, 1],
      ['x', 'b', 2, 3],
      ['x', 'b', 4, 2],
    ])
    const expected = [
      [0, 120_000, 0, 4, 175],
      [0, 240_000, 1, 2, 200],
    ]
    expect(byApp(trace, 'minute')).toEqual(expected)
    expect(inTime(trace, 'minute')).toEqual(expected)
  })

  it('merge the functions of an app in time order, equal times in the order of the functions', () => {
    const trace = traceOf([
      ['x', 'b', 0, 2],
      ['x', 'a', 0, 3],
    ])
    expect(byApp(trace, 'even').map(([, ms, fn]) => [ms, fn])).toEqual([
      [0, 0],
      [0, 1],
      [20_000, 0],
      [30_000, 1],
      [40_000, 0],
    ])
  })

  it('are the plainly spread and sorted cells', () => {
    fc.assert(
      fc.property(
        fc.array(cell, { maxLength: 25 }),
        fc.constantFrom(...MINUTE_SPREADS),
        fc.nat(),
        (cells, spread, seed) => {
          const trace = traceOf(cells)
          expect(byApp(trace, spread, seed)).toEqual(plainly(trace, spread, seed))
        },
      ),
      { numRuns: 40 },
    )
  })

  it('in time order are those by app, sorted by time and then by app', () => {
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 25 }), fc.constantFrom(...SPREADS), (cells, spread) => {
        const trace = traceOf(cells)
        const sorted = byApp(trace, spread).sort((a, b) => a[1] - b[1] || a[0] - b[0])
        expect(inTime(trace, spread)).toEqual(sorted)
      }),
      { numRuns: 40 },
    )
  })

  it('refuse to spread more invocations over one minute than could be', () => {
    const trace = traceOf([['x', 'a', 3, 2 ** 24 + 1]])
    expect(() => byApp(trace, 'even')).toThrow(
      'cells: function a has 16777217 invocations in minute 4, at most 16777216 can be spread over one minute. Use the spread "minute"',
    )
    expect(byApp(trace, 'minute')).toHaveLength(1)
  })
})

describe('the arrivals of events', () => {
  it('are the events, by app and in time order, however many blocks they fill', () => {
    const event = fc.tuple(fc.constantFrom('a', 'b'), fc.nat(300_000), fc.nat(5000))
    const size = fc.constantFrom(3, 200, 9000)
    fc.assert(
      fc.property(
        size.chain((length) => fc.array(event, { minLength: length, maxLength: length })),
        (events) => {
          const builder = new TraceBuilder({ id: 'events', format: 'events' })
          for (const [app, start, duration] of events)
            builder.addEvent(builder.functionRow('', app, 'f'), start, duration)
          const trace = builder.build(305_000, { files: [], defects: [] })
          const all = byApp(trace, 'minute')
          expect(all.map(([, ms, , , duration]) => [ms, duration]).sort()).toEqual(
            events.map(([, ms, d]) => [ms, d]).sort(),
          )
          expect(inTime(trace, 'minute')).toEqual(all.sort((a, b) => a[1] - b[1] || a[0] - b[0]))
        },
      ),
      { numRuns: 12 },
    )
  })
})

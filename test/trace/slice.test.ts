import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TraceBuilder } from '../../src/trace/build/builder.ts'
import { plainCells } from '../../src/trace/cells/unpacked-cells.ts'
import { sliceTrace } from '../../src/trace/slice.ts'
import type { Trace } from '../../src/trace/trace.ts'

const NO_JOIN = { files: [], defects: [] }

function events(...rows: readonly (readonly [app: string, startMs: number])[]): Trace {
  const builder = new TraceBuilder({ id: 'x', format: 'test' })
  for (const [app, startMs] of rows) builder.addEvent(builder.functionRow('', app, 'f'), startMs, 10)
  return builder.build(100_000, NO_JOIN, { startsAtMs: 1_700_000_000_000 })
}

function counts(...rows: readonly (readonly [app: string, bucket: number, count: number])[]): Trace {
  const builder = new TraceBuilder({ id: 'x', format: 'test' }, 1000)
  for (const [app, bucket, count] of rows) builder.addCount(builder.functionRow('', app, 'f'), bucket, count)
  return builder.build(100_000, NO_JOIN)
}

const namesOf = ({ apps }: Trace): string[] => Array.from({ length: apps.count }, (_, app) => apps.name.at(app))

describe('a slice of a trace', () => {
  it('has the events of its time, counted from its beginning, and its own date', () => {
    const slice = sliceTrace(events(['a', 5], ['a', 20_000], ['b', 30_000], ['b', 50_000]), {
      from: { ms: 20_000 },
      forMs: 30_000,
    })
    expect(slice).toMatchObject({ horizonMs: 30_000, invocations: 2, startsAtMs: 1_700_000_020_000 })
    expect(slice.arrivals).toMatchObject({ startMs: Float64Array.of(0, 10_000), firstEvent: Float64Array.of(0, 1, 2) })
  })

  it('has what comes as the trace ends, and nothing that comes as the part ends before', () => {
    const whole = events(['a', 5], ['a', 60_000], ['b', 100_000])
    expect(sliceTrace(whole, { from: { ms: 60_000 } }).invocations).toBe(2)
    expect(sliceTrace(whole, { forMs: 60_000 }).invocations).toBe(1)
  })

  it('may begin at a date', () => {
    const slice = sliceTrace(events(['a', 5], ['a', 20_000]), { from: { epochMs: 1_700_000_010_000 } })
    expect(slice.arrivals).toMatchObject({ startMs: Float64Array.of(10_000) })
  })

  it('has the buckets of its time', () => {
    const slice = sliceTrace(counts(['a', 0, 3], ['a', 7, 2], ['b', 9, 1]), { from: { ms: 7000 }, forMs: 2000 })
    expect(slice).toMatchObject({ horizonMs: 2000, invocations: 2 })
    expect(plainCells(slice)).toMatchObject({ minute: Uint32Array.of(0), count: Uint32Array.of(2), bucketMs: 1000 })
  })

  it('has the apps that are named, one by one or by how they begin', () => {
    const trace = events(['shop-a', 1], ['shop-b', 2], ['mail', 3])
    expect(namesOf(sliceTrace(trace, { apps: ['shop-*'] }))).toEqual(['shop-a', 'shop-b'])
    expect(namesOf(sliceTrace(trace, { apps: ['mail'] }))).toEqual(['mail'])
  })

  it('draws apps by their names and the seed alone, about as many as were asked for', () => {
    const names = Array.from({ length: 400 }, (_, index) => `app-${index}`)
    const trace = events(...names.map((name) => [name, 1] as const))
    const drawn = namesOf(sliceTrace(trace, { sample: 0.25, seed: 7 }))
    expect(drawn.length).toBeGreaterThan(60)
    expect(drawn.length).toBeLessThan(140)
    const half = events(...names.slice(200).map((name) => [name, 1] as const))
    expect(namesOf(sliceTrace(half, { sample: 0.25, seed: 7 }))).toEqual(
      drawn.filter((name) => Number(name.slice(4)) >= 200),
    )
    expect(namesOf(sliceTrace(trace, { sample: 0.25, seed: 8 }))).not.toEqual(drawn)
  })

  it('of slices is the slice', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(99)), { minLength: 1, maxLength: 40 }),
        fc.nat(40),
        fc.nat(40),
        (rows, first, second) => {
          const trace = counts(...rows.map(([app, bucket]) => [app, bucket, 1] as const), ['a', 99, 1])
          const twice = sliceTrace(sliceTrace(trace, { from: { ms: first * 1000 } }), { from: { ms: second * 1000 } })
          expect(twice.digest).toBe(sliceTrace(trace, { from: { ms: (first + second) * 1000 } }).digest)
        },
      ),
      { numRuns: 100, seed: 1 },
    )
  })

  it.each([
    [{ apps: ['shop'] }, 'no app is called "shop"'],
    [{ from: { ms: 200_000 } }, 'from lies outside the trace, which lasts 100s'],
    [{ from: { ms: 60_000 } }, 'no invocation of 1 app lies in this part of the trace'],
  ])('refuses %j', (slice, message) => {
    expect(() => sliceTrace(events(['a', 1]), slice)).toThrow(message)
  })

  it('cuts no bucket in two', () => {
    expect(() => sliceTrace(counts(['a', 0, 1]), { forMs: 1500 })).toThrow('would cut a bucket of 1s in two')
  })
})

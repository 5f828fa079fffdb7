import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'
import { TRIGGERS } from '../../../src/trace/trace.ts'
import { plainCells } from '../../../src/trace/cells/unpacked-cells.ts'
import { traceFromParts, traceParts } from '../../../src/trace/trace-parts.ts'

const NO_JOIN = { files: [], defects: [] }
const newBuilder = (): TraceBuilder => new TraceBuilder({ id: 'x', format: 'test' })
const listOf = (names: { count: number; at(index: number): string }): string[] =>
  Array.from({ length: names.count }, (_, index) => names.at(index))

describe('a built trace', () => {
  it('has apps by name, functions by name within the app, and cells by minute within the function', () => {
    const builder = newBuilder()
    const late = builder.functionRow('', 'b', 'f')
    const second = builder.functionRow('', 'a', 'z')
    const first = builder.functionRow('', 'a', 'é')
    builder.addCount(second, 7, 1)
    builder.addCount(second, 3, 2)
    builder.addCount(late, 0, 5)
    builder.addCount(first, 9, 4)
    builder.addCount(second, 7, 3)
    builder.addCount(late, 1, 0)
    const trace = builder.build(600_000, NO_JOIN)
    expect(listOf(trace.apps.name)).toEqual(['a', 'b'])
    expect(listOf(trace.functions.name)).toEqual(['z', 'é', 'f'])
    expect([...trace.apps.firstFunction]).toEqual([0, 2, 3])
    expect([...trace.functions.app]).toEqual([0, 0, 1])
    expect(plainCells(trace)).toEqual({
      bucketMs: 60_000,
      firstCell: Float64Array.of(0, 2, 3, 4),
      minute: Uint32Array.of(3, 7, 9, 0),
      count: Uint32Array.of(2, 4, 4, 5),
    })
    expect(trace.invocations).toBe(15)
    expect(trace.offers).toEqual([])
  })

  it('names an app by its owner too, and keeps apps of two owners apart', () => {
    const builder = newBuilder()
    builder.functionRow('o2', 'app', 'f')
    builder.functionRow('o1', 'app', 'f')
    builder.functionRow('', 'o1/app', 'f')
    expect(listOf(builder.build(1, NO_JOIN).apps.name)).toEqual(['o1/app', 'o1/app', 'o2/app'])
  })

  it('gives an app without memory the median of the others, and says that it offers memory', () => {
    const builder = newBuilder()
    for (const app of ['a', 'b', 'c', 'd']) builder.functionRow('', app, 'f')
    builder.addMemory('', 'a', 100, 1)
    builder.addMemory('', 'b', 300, 1)
    builder.addMemory('', 'b', 100, 3)
    builder.addMemory('', 'd', 400, 2)
    builder.addMemory('', 'nobody', 9999, 2)
    const trace = builder.build(1, NO_JOIN)
    expect([...trace.apps.memoryMb]).toEqual([100, 150, 150, 400])
    expect(trace.apps.count).toBe(4)
    expect(trace.offers).toEqual(['memory'])
  })

  it('has no memory at all where only apps without functions have some', () => {
    const builder = newBuilder()
    builder.functionRow('', 'a', 'f')
    builder.addMemory('', 'nobody', 9999, 2)
    const trace = builder.build(1, NO_JOIN)
    expect([...trace.apps.memoryMb]).toEqual([Number.NaN])
    expect(trace.offers).toEqual([])
  })

  it('rounds mean durations to whole milliseconds, at least 1, and fills gaps with their median', () => {
    const builder = newBuilder()
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((fn) => builder.functionRow('', 'app', fn)) as [
      number,
      number,
      number,
      number,
    ]
    builder.addDuration(a, 0.2, 10)
    builder.addDuration(b, 10, 3)
    builder.addDuration(b, 20, 1)
    builder.addDuration(d, 4, 1)
    expect(c).toBe(2)
    const trace = builder.build(1, NO_JOIN)
    expect([...trace.functions.durationMs]).toEqual([1, 13, 4, 4])
    expect(trace.offers).toEqual(['duration'])
  })

  it('says that executions take a second where the trace knows no duration, and does not offer durations', () => {
    const builder = newBuilder()
    builder.functionRow('', 'app', 'f')
    const trace = builder.build(1, NO_JOIN)
    expect([...trace.functions.durationMs]).toEqual([1000])
    expect(trace.offers).not.toContain('duration')
  })

  it('keeps the trigger seen latest, but a real one over others and unknown', () => {
    const builder = newBuilder()
    const rows = ['a', 'b', 'c', 'd'].map((fn) => builder.functionRow('', 'app', fn))
    builder.setTrigger(rows[0]!, 'storage', 1)
    builder.setTrigger(rows[0]!, 'event', 4)
    builder.setTrigger(rows[1]!, 'http', 1)
    builder.setTrigger(rows[1]!, 'others', 2)
    builder.setTrigger(rows[2]!, 'others', 1)
    builder.setTrigger(rows[2]!, 'unknown', 2)
    const trace = builder.build(1, NO_JOIN)
    expect(Array.from(trace.functions.trigger, (index) => TRIGGERS[index])).toEqual([
      'event',
      'http',
      'others',
      'unknown',
    ])
    expect([0, 1, 2, 3].map((row) => builder.triggers.changed(row))).toEqual([true, true, true, false])
  })

  it('orders events by app, start, function and duration, whatever the order in which they were added', () => {
    const builder = newBuilder()
    const b = builder.functionRow('', 'b', 'f')
    const a2 = builder.functionRow('', 'a', 'g2')
    const a1 = builder.functionRow('', 'a', 'g1')
    builder.addEvent(a2, 5, 10)
    builder.addEvent(a1, 5, 30)
    builder.addEvent(b, 0, 1)
    builder.addEvent(a1, 5, 20)
    builder.addEvent(a2, 1, 0)
    builder.addColdStart(a2, 100)
    builder.addColdStart(a1, 201)
    const trace = builder.build(35, NO_JOIN)
    expect(trace.arrivals).toEqual({
      kind: 'events',
      firstEvent: Float64Array.of(0, 4, 5),
      startMs: Float64Array.of(1, 5, 5, 5, 0),
      durationMs: Float64Array.of(0, 20, 30, 10, 1),
      fn: Uint32Array.of(1, 0, 0, 1, 2),
    })
    expect([...trace.functions.durationMs]).toEqual([25, 5, 1])
    expect([...trace.apps.coldStartMs]).toEqual([151, 151])
    expect(trace.offers).toEqual(['duration', 'coldStart', 'arrivalTime'])
  })

  it('refuses counts and events together, and counts that no longer fit a cell', () => {
    const both = newBuilder()
    const row = both.functionRow('', 'a', 'f')
    both.addCount(row, 0, 1)
    both.addEvent(row, 0, 1)
    expect(() => both.build(1, NO_JOIN)).toThrow('counts or events')
    const full = newBuilder()
    full.functionRow('o', 'a', 'f')
    full.addCount(0, 4, 2 ** 32 - 1)
    full.addCount(0, 4, 1)
    expect(() => full.build(1, NO_JOIN)).toThrow('o/a:f: minute 5 of the trace holds more than 4294967295')
  })

  it('keeps its columns on shared memory', () => {
    const builder = newBuilder()
    builder.addCount(builder.functionRow('', 'a', 'f'), 0, 1)
    const { columns } = traceParts(builder.build(60_000, NO_JOIN))
    const owned = Object.entries(columns).filter(([, column]) => !(column.buffer instanceof SharedArrayBuffer))
    expect(owned).toEqual([])
  })

  it('is the same after it was taken apart and put together again', () => {
    const builder = newBuilder()
    builder.addEvent(builder.functionRow('o', 'a', 'f'), 0, 1)
    const trace = builder.build(60_000, NO_JOIN)
    expect(traceFromParts(structuredClone(traceParts(trace)))).toEqual(trace)
  })
})

describe('the order of rows', () => {
  type Fact = readonly ['count' | 'duration' | 'memory' | 'trigger', number, number, number, number]
  const fact: fc.Arbitrary<Fact> = fc.tuple(
    fc.constantFrom('count', 'duration', 'memory', 'trigger'),
    fc.nat(3),
    fc.nat(2),
    fc.nat(9),
    fc.integer({ min: 1, max: 1000 }),
  )
  const add = (builder: TraceBuilder, [kind, app, fn, x, y]: Fact): void => {
    const row = builder.functionRow('o', `a${app}`, `f${fn}`)
    if (kind === 'count') builder.addCount(row, x, y)
    if (kind === 'duration') builder.addDuration(row, x / 7, y / 3)
    if (kind === 'memory') builder.addMemory('o', `a${app}`, y / 7, x + 0.1)
    if (kind === 'trigger') builder.setTrigger(row, TRIGGERS[x % TRIGGERS.length]!, y % 3)
  }
  const shuffled = fc
    .array(fact, { maxLength: 60 })
    .chain((facts) => fc.tuple(fc.constant(facts), fc.shuffledSubarray(facts, { minLength: facts.length })))

  it('changes no bit of a trace of counts', () => {
    fc.assert(
      fc.property(shuffled, ([facts, other]) => {
        const [one, two] = [newBuilder(), newBuilder()]
        for (const each of facts) add(one, each)
        for (const each of other) add(two, each)
        expect(two.build(600_000, NO_JOIN)).toEqual(one.build(600_000, NO_JOIN))
      }),
    )
  })

  it('changes no bit of a trace of events, but for those of an app that start together', () => {
    const event = fc.tuple(fc.nat(2), fc.nat(2), fc.nat(30), fc.nat(3))
    const both = fc
      .uniqueArray(event, { minLength: 1, maxLength: 60, selector: ([app, , start]) => `${app} ${start}` })
      .chain((events) => fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })))
    fc.assert(
      fc.property(both, ([events, other]) => {
        const [one, two] = [events, other].map((list) => {
          const builder = newBuilder()
          for (const [app, fn, start, length] of list) {
            builder.addEvent(builder.functionRow('', `a${app}`, `f${fn}`), start, length)
          }
          return builder.build(40, NO_JOIN)
        })
        expect(two).toEqual(one)
      }),
    )
  })
})

const digestOf = (change: (builder: TraceBuilder) => void, horizonMs = 120_000): string => {
  const builder = newBuilder()
  builder.functionRow('o', 'a', 'f')
  change(builder)
  return builder.build(horizonMs, NO_JOIN).digest
}

describe('the digest of a trace', () => {
  it('differs whenever anything that a simulation can see differs', () => {
    const digests = [
      digestOf(() => {}),
      digestOf(() => {}, 120_001),
      digestOf((builder) => builder.addCount(0, 0, 1)),
      digestOf((builder) => builder.addCount(0, 1, 1)),
      digestOf((builder) => builder.addCount(0, 0, 2)),
      digestOf((builder) => builder.addDuration(0, 1000, 1)),
      digestOf((builder) => builder.addDuration(0, 5, 1)),
      digestOf((builder) => builder.addMemory('o', 'a', 1, 1)),
      digestOf((builder) => builder.addColdStart(0, 1)),
      digestOf((builder) => builder.setTrigger(0, 'http')),
      digestOf((builder) => builder.functionRow('o', 'a', 'g')),
      digestOf((builder) => builder.functionRow('p', 'a', 'f')),
      digestOf((builder) => builder.addEvent(0, 0, 1)),
    ]
    expect(new Set(digests).size).toBe(digests.length)
    for (const digest of digests) expect(digest).toMatch(/^[0-9a-f]{64}$/)
  })

  it('does not tell where the trace came from', () => {
    const one = newBuilder()
    const two = new TraceBuilder({ id: 'y', format: 'other' })
    for (const builder of [one, two]) builder.addCount(builder.functionRow('', 'a', 'f'), 0, 1)
    const files = [{ path: 'p', table: 't', rows: 1, bytes: 1 }]
    expect(two.build(1, { files, defects: [] }).digest).toBe(one.build(1, NO_JOIN).digest)
  })
})

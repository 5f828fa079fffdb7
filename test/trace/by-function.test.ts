import { describe, expect, it } from 'vitest'
import { TraceBuilder } from '../../src/trace/build/builder.ts'
import { byFunction } from '../../src/trace/by-function.ts'
import type { Trace } from '../../src/trace/trace.ts'

const NO_JOIN = { files: [], defects: [] }

function counts(): Trace {
  const builder = new TraceBuilder({ id: 'x', format: 'test' })
  for (const [app, fn, minute] of [
    ['a', 'f', 3],
    ['a', 'g', 1],
    ['a', 'h', 2],
    ['b', 'f', 0],
  ] as const) {
    builder.addCount(builder.functionRow('o', app, fn), minute, 5)
  }
  builder.addMemory('o', 'a', 300, 1)
  builder.addMemory('o', 'b', 50, 1)
  builder.addColdStart(0, 700)
  return builder.build(600_000, NO_JOIN)
}

describe('a trace by function', () => {
  it('has an app for each function, with an equal share of the memory and the cold start of its app', () => {
    const trace = byFunction(counts())
    const { apps } = trace
    expect(Array.from({ length: apps.count }, (_, app) => apps.name.at(app))).toEqual([
      'o/a:f',
      'o/a:g',
      'o/a:h',
      'o/b:f',
    ])
    expect([...apps.memoryMb]).toEqual([100, 100, 100, 50])
    expect([...apps.coldStartMs]).toEqual([700, 700, 700, 700])
    expect([...apps.firstFunction]).toEqual([0, 1, 2, 3, 4])
    expect([...trace.functions.app]).toEqual([0, 1, 2, 3])
  })

  it('shares the minute counts with the trace it came from, and has a digest of its own', () => {
    const trace = counts()
    const divided = byFunction(trace)
    expect(divided.arrivals).toBe(trace.arrivals)
    expect(divided.digest).not.toBe(trace.digest)
    expect({ invocations: divided.invocations, offers: divided.offers }).toEqual({
      invocations: trace.invocations,
      offers: trace.offers,
    })
  })

  it('regroups events by function in time order', () => {
    const builder = new TraceBuilder({ id: 'x', format: 'test' })
    const f = builder.functionRow('', 'a', 'f')
    const g = builder.functionRow('', 'a', 'g')
    builder.addEvent(f, 1, 10)
    builder.addEvent(g, 2, 20)
    builder.addEvent(f, 3, 30)
    builder.addEvent(g, 0, 40)
    expect(byFunction(builder.build(40, NO_JOIN)).arrivals).toEqual({
      kind: 'events',
      firstEvent: Float64Array.of(0, 2, 4),
      startMs: Float64Array.of(1, 3, 0, 2),
      durationMs: Float64Array.of(10, 30, 40, 20),
      fn: Uint32Array.of(0, 0, 1, 1),
    })
  })
})

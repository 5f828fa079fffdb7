import { describe, expect, it } from 'vitest'
import { loadingTimes } from '../../src/sim/loading-times.ts'
import { INSTANCES_MODEL, type InstancesModel } from '../../src/sim/model.ts'
import { TraceBuilder } from '../../src/trace/build/builder.ts'
import type { Trace } from '../../src/trace/trace.ts'

/** A trace of apps with the given MB, of which some have a measured cold start. */
function appsOf(apps: Readonly<Record<string, readonly [mb: number, coldStartMs?: number]>>): Trace {
  const builder = new TraceBuilder({ id: 'apps', format: 'events' })
  for (const [app, [mb, coldStartMs]] of Object.entries(apps)) {
    const row = builder.functionRow('', app, 'f')
    builder.addEvent(row, 0, 1)
    builder.addMemory('', app, mb, 1)
    if (coldStartMs !== undefined) builder.addColdStart(row, coldStartMs)
  }
  return builder.build(10, { files: [], defects: [] })
}

function named(count: number): Trace {
  return appsOf(Object.fromEntries(Array.from({ length: count }, (_, index) => [`app${index}`, [1] as const])))
}

function times(trace: Trace, coldStart: InstancesModel['coldStart'], seed = 1): number[] {
  return [...loadingTimes(trace, { ...INSTANCES_MODEL, coldStart }, seed)]
}

describe('the time that loading takes', () => {
  it('is the trace’s own in whole ms, one second where it has none', () => {
    expect(times(appsOf({ a: [1, 250.4], b: [1, 0] }), 'trace')).toEqual([250, 0])
    expect(times(appsOf({ a: [1], b: [1] }), 'trace')).toEqual([1000, 1000])
  })

  it('is the constant for every app', () => {
    expect(times(appsOf({ a: [1, 250], b: [9] }), 40)).toEqual([40, 40])
  })

  it('is a base and so many ms per MB, rounded to whole ms', () => {
    const law = { baseMs: 200, msPerMb: 0.25 }
    expect(times(appsOf({ a: [128], b: [2], c: [5] }), law)).toEqual([232, 201, 201])
  })

  it('counts MB as they are charged', () => {
    const law = { baseMs: 200, msPerMb: 2 }
    const found = loadingTimes(appsOf({ a: [128], b: [2] }), { ...INSTANCES_MODEL, coldStart: law, memory: 'equal' }, 1)
    expect([...found]).toEqual([202, 202])
  })
})

const law = { medianMs: 400, p99Ms: 6000 }

function drawnByName(trace: Trace, seed: number): Map<string, number> {
  return new Map(times(trace, law, seed).map((ms, row) => [trace.apps.name.at(row), ms]))
}

describe('a log-normal law', () => {
  it('has the median and the 99th percentile that it says', () => {
    const drawn = times(named(20_000), law)
    const share = (ms: number): number => drawn.filter((each) => each <= ms).length / drawn.length
    // Standard deviations of the shares: 0.0035 and 0.0007; four and a half of them.
    expect(Math.abs(share(400) - 0.5)).toBeLessThan(0.016)
    expect(Math.abs(share(6000) - 0.99)).toBeLessThan(0.0032)
    // Symmetric in the logarithm: the first percentile is as far below the median.
    expect(Math.abs(share(400 ** 2 / 6000) - 0.01)).toBeLessThan(0.0032)
    expect(drawn.every(Number.isInteger)).toBe(true)
  })

  it('draws each app’s time by its name and the seed, whatever other apps there are', () => {
    const few = named(3)
    const many = named(50)
    const among = drawnByName(many, 1)
    for (const [name, ms] of drawnByName(few, 1)) expect(among.get(name)).toBe(ms)
    expect([...drawnByName(few, 2).values()]).not.toEqual([...drawnByName(few, 1).values()])
    expect(new Set(among.values()).size).toBeGreaterThan(40)
  })

  it('whose percentiles are equal is a constant', () => {
    expect(times(named(5), { medianMs: 300, p99Ms: 300 })).toEqual([300, 300, 300, 300, 300])
  })
})

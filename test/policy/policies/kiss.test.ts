import fc from 'fast-check'
import { expect, it } from 'vitest'
import { SECOND } from '../../../src/core/units.ts'
import type { Ledger } from '../../../src/engine/ledger.ts'
import { kiss } from '../../../src/policy/policies/kiss.ts'
import { noUnload } from '../../../src/policy/policies/no-unload.ts'
import { CLUSTER_MODEL, INSTANCES_MODEL } from '../../../src/sim/model.ts'
import { runSimulation, suitableReplays } from '../../../src/sim/simulation.ts'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'
import type { Trace } from '../../../src/trace/trace.ts'
import { expectEqual, rowOf, traceOf } from '../../sim/scenario.ts'
import { asNaive, byHand } from './evidence.ts'

type Call = readonly [app: string, startMs: number, durationMs: number]

function traceWith(memoryMb: Readonly<Record<string, number>>, calls: readonly Call[]): Trace {
  const builder = new TraceBuilder({ id: 'sizes', format: 'events' })
  for (const [app, start, duration] of calls) {
    builder.addEvent(builder.functionRow('', app, 'f'), start, duration)
    builder.addMemory('', app, memoryMb[app]!, 1)
  }
  return builder.build(100 * SECOND, { files: [], defects: [] })
}

const cluster = (memoryMb: number) => ({
  ...CLUSTER_MODEL,
  nodes: [{ count: 1, memoryMb }],
  coldStart: 0,
})

function rowsByName(trace: Trace, ledger: Ledger) {
  return Object.fromEntries(
    Array.from({ length: ledger.apps }, (_, app) => [trace.apps.name.at(app), rowOf(ledger, app)]),
  )
}

byHand('spares a large app, by hand, which small ones would have taken the room of', () => {
  const small = Array.from({ length: 9 }, (_, nth) => `s${nth + 1}`)
  const memory = { large: 20, ...Object.fromEntries(small.map((name) => [name, 10])) }
  const calls: Call[] = [
    ['large', 0, 0],
    ...small.map((name, nth): Call => [name, (nth + 1) * SECOND, 0]),
    ['s1', 20 * SECOND, 0],
    ['large', 30 * SECOND, 0],
  ]
  const trace = traceWith(memory, calls)
  // Of 100 MB 80 hold eight small apps: s9 takes the place of s1, and s1 that of s2. The large one is alone in its 20.
  const params = { border: 15 }
  const found = rowsByName(trace, runSimulation({ trace, model: cluster(100), policy: kiss, params, seed: 1 }))
  expect(found['large']!.coldStarts).toBe(1)
  expect(found['s1']!.coldStarts).toBe(2)
  // Without pools s9 takes the place of the large app, and room for s1 was never short.
  const whole = rowsByName(trace, runSimulation({ trace, model: cluster(100), policy: noUnload, seed: 1 }))
  expect(whole['large']!.coldStarts).toBe(2)
  expect(whole['s1']!.coldStarts).toBe(1)
})

asNaive('is two clusters, each with its part of every node and the apps of its size', () => {
  const memory: Readonly<Record<string, number>> = { a: 1, b: 2, c: 3, d: 6, e: 7 }
  const calls = fc.array(fc.tuple(fc.constantFrom(...Object.keys(memory)), fc.nat(60), fc.nat(9)), {
    minLength: 1,
    maxLength: 30,
  })
  fc.assert(
    fc.property(
      calls,
      fc.constantFrom('lru', 'greedy-dual'),
      fc.constantFrom('queue', 'drop'),
      (rows, eviction, overflow) => {
        const trace = traceWith(memory, rows)
        const options = { eviction, overflow: 'drop', placement: 'first-fit' } as const
        const simulation = {
          trace,
          model: { ...cluster(20), ...options, overflow } as const,
          policy: kiss,
          params: { small: 40, border: 3 },
          seed: 1,
        }
        const found = runSimulation(simulation)
        for (const replay of suitableReplays(simulation)) expectEqual(runSimulation({ ...simulation, replay }), found)
        // In a line, who waits for one pool would hold up the other: two clusters are the same only without it.
        if (overflow === 'queue') return
        const byName = rowsByName(trace, found)
        for (const [isSmall, memoryMb] of [
          [true, 8],
          [false, 12],
        ] as const) {
          const own = rows.filter(([app]) => memory[app]! <= 3 === isSmall)
          if (own.length === 0) continue
          const part = traceWith(memory, own)
          const alone = runSimulation({
            trace: part,
            model: { ...cluster(memoryMb), ...options },
            policy: noUnload,
            seed: 1,
          })
          for (const [name, row] of Object.entries(rowsByName(part, alone)))
            expect([name, byName[name]]).toEqual([name, row])
        }
      },
    ),
    { numRuns: 80 },
  )
})

it('refuses an app that is larger than the part for its size, and unloads nothing where memory is without limit', () => {
  const trace = traceWith({ a: 30, b: 1 }, [
    ['a', 0, 0],
    ['b', 0, 0],
  ])
  expect(() => runSimulation({ trace, model: cluster(100), policy: kiss, params: { border: 15 }, seed: 1 })).toThrow(
    /the app a needs 30MB, and the largest node has .*20MB for apps of its size/,
  )
  const endless = traceOf(
    [
      [0, 0],
      [50, 0],
    ],
    100,
  )
  expect(
    rowOf(runSimulation({ trace: endless, model: { ...INSTANCES_MODEL, coldStart: 0 }, policy: kiss, seed: 1 }))
      .coldStarts,
  ).toBe(1)
})

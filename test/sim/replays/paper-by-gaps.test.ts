import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MARKED_ACCOUNTS } from '../../../src/engine/ledger.ts'
import { fixed } from '../../../src/policy/policies/fixed.ts'
import { hybridHistogram } from '../../../src/policy/policies/hybrid-histogram.ts'
import { noUnload } from '../../../src/policy/policies/no-unload.ts'
import { definePolicy, type HearsRuns, type Policy, type PolicyDefinition } from '../../../src/policy/policy.ts'
import { wrapPolicy } from '../../../src/policy/wrap-policy.ts'
import { PAPER_MODEL } from '../../../src/sim/model.ts'
import { type Simulation, runSimulation, suitableReplays } from '../../../src/sim/simulation.ts'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'
import { withGaps } from '../../../src/trace/arrivals/packed-gaps.ts'
import type { Trace } from '../../../src/trace/trace.ts'
import { expectEqual } from '../scenario.ts'

const MIN = 60_000
const MINUTES = 2100

/** Apps that are invoked with equal gaps for a while, and then with others. */
const runs = fc.array(
  fc.tuple(
    fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: 1, max: 3 }) },
      { weight: 1, arbitrary: fc.integer({ min: 4, max: 320 }) },
    ),
    fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 150 })),
  ),
  { minLength: 1, maxLength: 25 },
)
const apps = fc.array(
  fc.record({ start: fc.integer({ min: 0, max: 100 }), runs, second: fc.integer({ min: 0, max: 6 }) }),
  { minLength: 1, maxLength: 3 },
)

/** One app per entry; every so many minutes another function of it is invoked as well, or instead. */
function traceOf(entries: typeof apps extends fc.Arbitrary<infer T> ? T : never): Trace {
  const builder = new TraceBuilder({ id: 'runs', format: 'azure-2019' })
  for (const [index, entry] of entries.entries()) {
    const rows = ['f', 'g'].map((fn) => builder.functionRow('', `app${index}`, fn))
    builder.addMemory('', `app${index}`, 100 + index, 1)
    let minute = entry.start
    let nth = 0
    for (const [gap, times] of entry.runs) {
      for (let each = 0; each < times && minute < MINUTES; each += 1, minute += gap, nth += 1) {
        const isSecond = entry.second > 0 && nth % entry.second === 0
        if (!isSecond || nth % 2 === 0) builder.addCount(rows[0]!, minute, 1 + (nth % 5))
        if (isSecond) builder.addCount(rows[1]!, minute, 7)
      }
    }
  }
  return builder.build(MINUTES * MIN, { files: [], defects: [] })
}

/** Windows that never change. */
function never([prewarmMs, keepAliveMs]: readonly [number, number]): PolicyDefinition {
  return definePolicy({
    id: 'never',
    summary: 'Answers the same for ever.',
    parameters: {},
    scope: 'app',
    needs: [],
    create: () => ({
      neverLearns: true,
      arrived() {},
      decide: (_app, _now, out) => void Object.assign(out, { prewarmMs, keepAliveMs }),
    }),
  })
}

/** The hybrid policy, which hears of idle times at once only where they are equal. */
const hearsEqualOnes: typeof hybridHistogram = {
  ...hybridHistogram,
  create(params, context) {
    const policy = hybridHistogram.create(params, context)
    return { ...wrapPolicy(policy, (_method, call) => call), arrivedAlike: policy.arrivedAlike! }
  },
}

const WINDOWS = [0, 1, 2, 2.5, 3, 4, 100, Number.POSITIVE_INFINITY].map((minutes) => minutes * MIN)
const window = fc.constantFrom(...WINDOWS, 0.25, 90_000.5)
const policy = fc.oneof(
  fc.constantFrom(fixed, noUnload).map((definition) => ({ definition, params: {} })),
  fc.tuple(window, window).map((windows) => ({ definition: never(windows), params: {} })),
  fc
    .record({
      definition: fc.constantFrom(hybridHistogram, hearsEqualOnes),
      range: fc.constantFrom(30 * MIN, 4 * 60 * MIN, 100_500),
      binWidth: fc.constantFrom(MIN, 90_000),
      head: fc.constantFrom(0, 5, 33.3, 100),
      tail: fc.constantFrom(50, 99, 100),
      margin: fc.constantFrom(0, 10, 7.3),
      cv: fc.constantFrom(0, 2, 3.5, Math.sqrt(29)),
      oob: fc.constantFrom(0, 0.5),
      minIts: fc.constantFrom(0, 1, 10),
      arima: fc.boolean(),
    })
    .map(({ definition, ...params }) => ({
      definition,
      params: { ...params, tail: Math.max(params.head, params.tail) },
    })),
)

it('several gaps at once give the same accounts as minute by minute, bit for bit', () => {
  fc.assert(
    fc.property(
      apps,
      policy,
      fc.record({
        horizon: fc.constantFrom('cut', 'expire'),
        warmAtStart: fc.constantFrom('none', 'all'),
      }),
      fc.constantFrom([0], [0, 64 * MIN], [500 * MIN], [100 * MIN, 101 * MIN, 2000 * MIN]),
      fc.boolean(),
      (entries, { definition, params }, options, [accountFromMs = 0, ...marksMs], isCompiled) => {
        const trace = isCompiled ? withGaps(traceOf(entries)) : traceOf(entries)
        const simulation: Simulation = {
          trace,
          model: { ...PAPER_MODEL, ...options },
          policy: definition as unknown as PolicyDefinition,
          params,
          seed: 1,
          accountFromMs,
          marksMs,
        }
        expect(suitableReplays(simulation).slice(0, 2)).toEqual(['paper-by-gaps', 'paper'])
        const found = runSimulation(simulation)
        const expected = runSimulation({ ...simulation, replay: 'by-app' })
        expectEqual(found, expected)
        for (const [mark, { atMs }] of expected.marks.entries())
          for (const account of MARKED_ACCOUNTS)
            expect([atMs, account, ...found.marks[mark]![account]]).toEqual([
              atMs,
              account,
              ...expected.marks[mark]![account],
            ])
      },
    ),
    { numRuns: 100 },
  )
})

/** A policy that says that it heard of one more, with one answer for ever. */
function boasts(policy: Omit<Policy, 'arrived' | 'decide'> & Partial<HearsRuns>): PolicyDefinition {
  return definePolicy({
    id: 'boasts',
    summary: 'Says that it heard of one more.',
    parameters: {},
    scope: 'app',
    needs: [],
    create: () => ({
      ...policy,
      arrived() {},
      decide: (_app, _now, out) => void Object.assign(out, { prewarmMs: 0, keepAliveMs: MIN }),
    }),
  })
}

it('a policy that hears of more idle times than there were is told so', () => {
  const trace = traceOf([
    {
      start: 0,
      runs: [
        [1, 4],
        [2, 3],
      ],
      second: 0,
    },
  ])
  const running = (policy: PolicyDefinition) => () => runSimulation({ trace, model: PAPER_MODEL, policy, seed: 1 })
  expect(running(boasts({ arrivedAlike: (_app, _now, _idleMs, times) => times + 1 }))).toThrow(
    /policy boasts, app app0: arrivedAlike\(\) must give a whole number from 1 to 4, found 5, at 60000 ms/,
  )
  expect(running(boasts({ arrivedInRuns: (_app, _now, _runs, most) => most + 1 }))).toThrow(
    /policy boasts, app app0: arrivedInRuns\(\) must give a whole number from 1 to 6, found 7, at 60000 ms/,
  )
})

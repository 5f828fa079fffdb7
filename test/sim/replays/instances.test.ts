import fc from 'fast-check'
import { expect, it } from 'vitest'
import { hybridHistogram } from '../../../src/policy/policies/hybrid-histogram.ts'
import { definePolicy, type PolicyDefinition } from '../../../src/policy/policy.ts'
import { INSTANCES_MODEL } from '../../../src/sim/model.ts'
import { type Simulation, runSimulation, suitableReplays } from '../../../src/sim/simulation.ts'
import { type Execution, expectEqual, traceOf } from '../scenario.ts'
import { examples } from '../../examples.ts'

const HORIZON = 2000

/** Arrivals one after the other, most of which end before the next; a few take long or come together. */
const executions = fc
  .array(
    fc.tuple(
      fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 4, max: 12 }) }, fc.integer({ min: 0, max: 90 })),
      fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 4 }) }, fc.integer({ min: 0, max: 200 })),
      fc.constantFrom('f', 'g'),
    ),
    { minLength: 1, maxLength: 80 },
  )
  .map((steps) => {
    let now = 0
    return steps.map(([gap, duration, fn]): Execution => {
      now = Math.min(HORIZON - 1, now + gap)
      return [now, duration, 'a', fn]
    })
  })
const keepAlive = fc.constantFrom(0, 3, 20, 40, 40.5, Number.POSITIVE_INFINITY)
const prewarm = fc.constantFrom(0, 0, 0, 5, 7.25, Number.POSITIVE_INFINITY)
const world = fc.record({
  horizon: fc.constantFrom('cut', 'expire'),
  warmAtStart: fc.constantFrom('none', 'all'),
  coldStart: fc.constantFrom(0, 7, 30),
})
const borders = fc.constantFrom([0], [0, 300], [250], [100, 101, 600], [1000, 1400])

/** Answers windows one after the other, the last one for ever, and writes down what it hears. */
function telling(
  windows: readonly (readonly [number, number])[],
  heard: string[],
  { neverLearns, hooks }: { readonly neverLearns: boolean; readonly hooks: boolean },
): PolicyDefinition {
  return definePolicy({
    id: 'telling',
    summary: 'Writes down what it hears.',
    parameters: {},
    scope: 'app',
    needs: [],
    create: () => {
      let asked = 0
      const all = {
        rose: (_app: number, now: number, inUse: number) => void heard.push(`rose to ${inUse} at ${now}`),
        finished: (_app: number, now: number, fn: number) => void heard.push(`${fn} finished at ${now}`),
      }
      return {
        ...(neverLearns ? ({ neverLearns } as const) : {}),
        ...(hooks ? all : {}),
        arrived: (_app, now, idleMs, fn) => void heard.push(`${fn} arrived at ${now} after ${idleMs}`),
        decide(_app, now, out) {
          heard.push(`asked at ${now}`)
          const [prewarmMs, keepAliveMs] = windows[Math.min(asked, windows.length - 1)]!
          asked += 1
          Object.assign(out, { prewarmMs, keepAliveMs })
        },
      }
    },
  })
}

function expectSame(simulation: Simulation): void {
  expect(suitableReplays(simulation)[0]).toBe('instances')
  const found = runSimulation(simulation)
  const expected = runSimulation({ ...simulation, replay: 'by-time' })
  expectEqual(found, expected)
  expect(found.marks).toEqual(expected.marks)
}

it('gives the accounts of a policy that never learns, bit for bit', () => {
  fc.assert(
    fc.property(executions, prewarm, keepAlive, world, borders, (rows, pre, keep, options, [from = 0, ...marksMs]) => {
      expectSame({
        trace: traceOf(rows, HORIZON),
        model: { ...INSTANCES_MODEL, ...options },
        policy: telling([[pre, keep]], [], { neverLearns: true, hooks: false }),
        seed: 1,
        accountFromMs: from,
        marksMs,
      })
    }),
    { numRuns: examples(300) },
  )
})

it('gives the accounts of a policy that learns, bit for bit, which hears the same in the same order', () => {
  fc.assert(
    fc.property(
      executions,
      fc.array(fc.tuple(prewarm, keepAlive), { minLength: 1, maxLength: 6 }),
      world,
      borders,
      fc.boolean(),
      (rows, windows, options, [from = 0, ...marksMs], hooks) => {
        const told = ['instances', 'by-time'].map((replay) => {
          const heard: string[] = []
          const simulation: Simulation = {
            trace: traceOf(rows, HORIZON),
            model: { ...INSTANCES_MODEL, ...options },
            policy: telling(windows, heard, { neverLearns: false, hooks }),
            seed: 1,
            accountFromMs: from,
            marksMs,
          }
          const ledger = runSimulation({ ...simulation, replay })
          return { ledger, heard, simulation }
        })
        const [found, expected] = told as [(typeof told)[0], (typeof told)[0]]
        expectSame(found.simulation)
        expectEqual(found.ledger, expected.ledger)
        expect(found.heard.slice(0, expected.heard.length)).toEqual(expected.heard)
      },
    ),
    { numRuns: examples(300) },
  )
})

it('gives the accounts of a policy that hears of several idle times at once, bit for bit', () => {
  // Idle times of which most end within half of the others: the head is in the first bin, and the tail moves.
  const step = fc.tuple(
    fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 4, max: 9 }) }, fc.integer({ min: 10, max: 40 })),
    fc.oneof({ weight: 15, arbitrary: fc.integer({ min: 0, max: 4 }) }, fc.integer({ min: 0, max: 90 })),
  )
  const busy = fc.array(step, { minLength: 40, maxLength: 160 }).map((steps) => {
    let now = 0
    return steps.map(([gap, duration]): Execution => {
      now = Math.min(HORIZON - 1, now + gap)
      return [now, duration]
    })
  })
  const params = fc.record({
    range: fc.constantFrom(30, 60, 100.5),
    binWidth: fc.constantFrom(2, 5, 10),
    head: fc.constantFrom(0, 5),
    tail: fc.constantFrom(50, 80, 99),
    margin: fc.constantFrom(0, 10, 7.3),
    cv: fc.constantFrom(0, 0.5),
    minIts: fc.constantFrom(1, 10),
    arima: fc.boolean(),
  })
  fc.assert(
    fc.property(busy, params, world, borders, (rows, given, options, [from = 0, ...marksMs]) => {
      expectSame({
        trace: traceOf(rows, HORIZON),
        model: { ...INSTANCES_MODEL, ...options },
        policy: hybridHistogram as unknown as PolicyDefinition,
        params: given,
        seed: 1,
        accountFromMs: from,
        marksMs,
      })
    }),
    { numRuns: examples(300) },
  )
})

it('holds more instances at once than it has room for at first, and finds their order again as the oldest go', () => {
  const burst = Array.from({ length: 300 }, (_, index): Execution => [index % 90, 100 + ((7 * index) % 50)])
  const later = Array.from({ length: 200 }, (_, index): Execution => [400 + 3 * index, (11 * index) % 170])
  for (const keep of [60, 90.5, 400])
    expectSame({
      trace: traceOf([...burst, ...later], HORIZON),
      model: { ...INSTANCES_MODEL, coldStart: 20 },
      policy: telling([[0, keep]], [], { neverLearns: false, hooks: false }),
      seed: 1,
    })
})

it('leaves to the engine what is more than windows of instances that serve one at a time', () => {
  const trace = traceOf([[0, 1]], HORIZON)
  const policy = telling([[0, 1]], [], { neverLearns: true, hooks: false })
  const suits = (simulation: Partial<Simulation>): boolean =>
    suitableReplays({ trace, model: INSTANCES_MODEL, policy, seed: 1, ...simulation }).includes('instances')
  expect(suits({})).toBe(true)
  const options = [{ concurrency: 2 }, { reuse: 'oldest' }, { whileLoading: 'join' }, { renew: false }] as const
  for (const option of options) expect(suits({ model: { ...INSTANCES_MODEL, ...option } })).toBe(false)
  const hooks = {
    lastKeepAliveMs: () => 1,
    answered() {},
    whenBusy: () => 'wait',
    keepIdleMs: () => 1,
    floor() {},
  } as const
  for (const [name, hook] of Object.entries(hooks)) {
    const create = (): ReturnType<PolicyDefinition['create']> => ({ arrived() {}, decide() {}, [name]: hook })
    expect(suits({ policy: { ...policy, create } }), name).toBe(false)
  }
})

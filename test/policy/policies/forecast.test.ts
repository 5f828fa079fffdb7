import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MINUTE } from '../../../src/core/units.ts'
import { UserError } from '../../../src/core/user-error.ts'
import { forecast } from '../../../src/policy/policies/forecast.ts'
import { INSTANCES_MODEL, PAPER_MODEL } from '../../../src/sim/model.ts'
import { runSimulation, suitableReplays } from '../../../src/sim/simulation.ts'
import { type Execution, expectEqual, rowOf, traceOf } from '../../sim/scenario.ts'
import { asNaive, byHand } from './evidence.ts'

/** Arrivals of the app "a" in these minutes, on a trace of so many. */
const calls = (minutes: readonly number[], horizon: number) =>
  traceOf(
    minutes.map((minute): Execution => [minute * MINUTE, 0]),
    horizon * MINUTE,
  )

const run = (trace: ReturnType<typeof calls>, params: object) => {
  const simulation = { trace, model: PAPER_MODEL, policy: forecast, params, seed: 1 }
  const ledger = runSimulation(simulation)
  for (const replay of suitableReplays(simulation)) expectEqual(runSimulation({ ...simulation, replay }), ledger)
  return rowOf(ledger)
}

describe('a file of windows', () => {
  byHand('answers, by hand, the row in force when the app went idle, and a fixed window before the first', () => {
    const file = 'app,at_ms,prewarm_ms,keep_alive_ms\na,1200000,300000,120000\na,600000,0,60000\n'
    // At 0: 10 minutes otherwise. At 10: 1 minute, so 20 is cold. At 20: from 25 to 27, so 26 is warm; the last from 31 to 33.
    const trace = calls([0, 10, 20, 26], 60)
    expect(run(trace, { file })).toEqual({
      invocations: 4,
      coldStarts: 2,
      first: 1,
      expired: 1,
      loads: 4,
      prewarms: 2,
      prewarmsUnused: 1,
      idleMs: (10 + 1 + 1 + 2) * MINUTE,
    })
  })

  it('takes windows without an end and apps with commas and quotes in their names', () => {
    const trace = traceOf([[0, 0, 'a,"b']], 30 * MINUTE)
    const file = 'app,at_ms,prewarm_ms,keep_alive_ms\r\n"a,""b",0,0,Infinity\r\n'
    expect(
      rowOf(runSimulation({ trace, model: PAPER_MODEL, policy: forecast, params: { file }, seed: 1 })).idleMs,
    ).toBe(30 * MINUTE)
  })
})

describe('a file of arrivals', () => {
  it('loads, by hand, for the steps with arrivals, joined where they lie close, and for the next when one was in vain', () => {
    const file = 'app,at_ms,arrivals\na,0,1\na,600000,0.8\na,660000,3\na,780000,0.2\na,1200000,1\n'
    // Step 0 to 1; loaded from 10 to 12 in vain, from 20 to 21 for the arrival at 20; nothing is expected after it.
    expect(run(calls([0, 20], 60), { file })).toEqual({
      invocations: 2,
      coldStarts: 1,
      first: 1,
      loads: 3,
      prewarms: 2,
      prewarmsUnused: 1,
      idleMs: (1 + 2 + 1) * MINUTE,
    })
  })

  it('loads for the first step though the app went idle before the file begins', () => {
    const file = 'app,at_ms,arrivals\na,1800000,1\n'
    expect(run(calls([0, 30], 60), { file, before: MINUTE })).toMatchObject({
      coldStarts: 1,
      prewarms: 1,
      idleMs: (10 + 1 + 1) * MINUTE,
    })
  })

  asNaive('is the same as marking every minute in which an app is to be loaded', () => {
    const minutes = fc.uniqueArray(fc.nat(59), { minLength: 1, maxLength: 12 })
    const expected = fc.uniqueArray(fc.tuple(fc.nat(59), fc.constantFrom(0, 0.4, 0.5, 2)), {
      selector: ([minute]) => minute,
      minLength: 1,
      maxLength: 15,
    })
    fc.assert(
      fc.property(minutes, expected, fc.nat(2), fc.nat(2), (called, steps, before, after) => {
        // From the beginning of the file on, so that nothing is otherwise.
        const rows = [[-1, 0] as const, ...steps].map(([minute, count]) => `a,${(minute + 1) * MINUTE},${count}`)
        const file = ['app,at_ms,arrivals', ...rows].join('\n')
        const sorted = called.map((minute) => minute + 1).toSorted((one, other) => one - other)
        const row = run(calls(sorted, 100), { file, before: before * MINUTE, after: after * MINUTE })
        const isWanted = (minute: number): boolean =>
          steps.some(([at, count]) => count >= 0.5 && minute >= at + 1 - before && minute < at + 2 + after)
        const isEnd = (minute: number): boolean => isWanted(minute - 1)
        let [cold, idle] = [0, 0]
        for (const [index, minute] of sorted.entries()) {
          if (index === 0 || !(isWanted(minute) || isEnd(minute))) cold += 1
        }
        // Nothing is loaded before the first arrival.
        for (let minute = sorted[0]!; minute < 100; minute += 1) if (isWanted(minute)) idle += 1
        expect([row.coldStarts ?? 0, row.idleMs ?? 0]).toEqual([cold, idle * MINUTE])
      }),
      { numRuns: 60 },
    )
  })
})

it('keeps every app for the same time where no file is given', () => {
  expect(run(calls([0, 9, 30], 60), {})).toMatchObject({ coldStarts: 2, idleMs: (9 + 10 + 10) * MINUTE })
})

it('refuses, with the line, what is neither kind of file', () => {
  const trace = traceOf([[0, 0]], MINUTE)
  const read = (file: string) => () =>
    runSimulation({ trace, model: INSTANCES_MODEL, policy: forecast, params: { file }, seed: 1 })
  expect(read('app,time\n')).toThrow(UserError)
  expect(read('app,time\n')).toThrow(/line 1: expected the header app,at_ms,prewarm_ms/)
  expect(read('app,at_ms,arrivals\na,1\n')).toThrow(/line 2: expected app,at_ms,arrivals, found "a,1"/)
  expect(read('app,at_ms,arrivals\na,1,-2\n')).toThrow(/line 2: arrivals must be a number from 0 on, found "-2"/)
  expect(read('app,at_ms,arrivals\na,Infinity,2\n')).toThrow(/at_ms must be/)
  expect(read('app,at_ms,arrivals\nb,1,2\n')).toThrow(/its file has 1 app, such as b, and the trace 1: none is in both/)
  expect(read('app,at_ms,arrivals\na,1,2\nb,1,2\na,1,3\n')).toThrow(/the app a has two rows for at_ms 1/)
})

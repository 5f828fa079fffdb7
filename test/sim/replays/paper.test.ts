import { describe, expect, it } from 'vitest'
import { fixed } from '../../../src/policy/policies/fixed.ts'
import { none } from '../../../src/policy/policies/none.ts'
import { noUnload } from '../../../src/policy/policies/no-unload.ts'
import { PAPER_MODEL } from '../../../src/sim/model.ts'
import { runSimulation } from '../../../src/sim/simulation.ts'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'
import type { Trace } from '../../../src/trace/trace.ts'
import { answers, replay, rowOf, traceOf } from '../scenario.ts'

/* In the model `paper` an execution takes no time: - loaded   . not loaded   | an arrival. */
const PAPER = { kind: 'paper' } as const
const MIN = 60_000

function minutes(counts: readonly (readonly [minute: number, count: number])[], horizon: number): Trace {
  const builder = new TraceBuilder({ id: 'minutes', format: 'azure-2019' })
  const row = builder.functionRow('', 'a', 'f')
  for (const [minute, count] of counts) builder.addCount(row, minute, count)
  builder.addMemory('', 'a', 1, 1)
  return builder.build(horizon * MIN, { files: [], defects: [] })
}

describe('the paper model', () => {
  it('has an app idle after every arrival: cold starts are 1 + the gaps above the window, idle time their sum up to it', () => {
    //  0       30   50            120     140
    //  |-------|----|-------------------..|-----
    const trace = traceOf(
      [
        [0, 9],
        [30, 9],
        [50, 9],
        [140, 9],
      ],
      200,
    )
    const row = { invocations: 4, coldStarts: 2, first: 1, expired: 1, loads: 2, idleMs: 30 + 20 + 70 + 60 }
    expect(rowOf(replay(trace, answers([0, 70]), PAPER))).toEqual(row)
  })

  it('pre-warms without loading time', () => {
    //  0     20 25 30   50   60
    //  |.....---|.......-----....  (20 later, for 10)
    const trace = traceOf(
      [
        [0, 9],
        [25, 9],
      ],
      70,
    )
    const row = { invocations: 2, coldStarts: 1, first: 1, loads: 3, prewarms: 2, prewarmsUnused: 1, idleMs: 5 + 10 }
    expect(rowOf(replay(trace, answers([20, 10]), PAPER))).toEqual(row)
  })

  it('counts an early and an expired arrival for what they are', () => {
    //  0     19     39  49   60
    //  |.....|......-----....|......
    const trace = traceOf(
      [
        [0, 0],
        [19, 0],
        [60, 0],
      ],
      61,
    )
    const row = {
      invocations: 3,
      coldStarts: 3,
      first: 1,
      early: 1,
      expired: 1,
      loads: 4,
      prewarms: 1,
      prewarmsUnused: 1,
      idleMs: 10,
    }
    expect(rowOf(replay(trace, answers([20, 10]), PAPER))).toEqual(row)
  })

  it('takes the minute of an app as one arrival that carries its count', () => {
    //  minute 0 (5)   minute 10 (7)   minute 21 (1): gaps of 10 and 11 minutes
    const trace = minutes(
      [
        [0, 5],
        [10, 7],
        [21, 1],
      ],
      30,
    )
    const ledger = replay(trace, answers([0, 10 * MIN]), { ...PAPER, spread: 'minute' })
    const row = { invocations: 13, coldStarts: 2, first: 1, expired: 1, loads: 2, idleMs: (10 + 10 + 9) * MIN }
    expect(rowOf(ledger)).toEqual(row)
  })

  it('is warm under fixed K if and only if the idle time is at most K', () => {
    const trace = minutes(
      [
        [0, 1],
        [10, 1],
        [21, 1],
      ],
      22,
    )
    const run = (keepAlive: number) =>
      rowOf(runSimulation({ trace, model: PAPER_MODEL, policy: fixed, params: { keepAlive }, seed: 1 }))
    expect(run(10 * MIN)).toMatchObject({ coldStarts: 2 })
    expect(run(10 * MIN - 1)).toMatchObject({ coldStarts: 3 })
    expect(run(11 * MIN)).toMatchObject({ coldStarts: 1 })
  })

  it('never loses an app under no-unload, and holds nothing under none', () => {
    const trace = minutes(
      [
        [0, 1],
        [10, 1],
        [21, 1],
      ],
      22,
    )
    const run = (policy: typeof none) =>
      rowOf(runSimulation({ trace, model: PAPER_MODEL, policy, params: {}, seed: 1 }))
    expect(run(noUnload)).toEqual({ invocations: 3, coldStarts: 1, first: 1, loads: 1, idleMs: 22 * MIN })
    expect(run(none)).toEqual({ invocations: 3, coldStarts: 3, first: 1, expired: 2, loads: 3 })
  })
})

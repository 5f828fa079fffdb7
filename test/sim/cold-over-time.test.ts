import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coldOverTime } from '../../src/sim/cold-over-time.ts'
import { INSTANCES_MODEL, PAPER_MODEL } from '../../src/sim/model.ts'
import { runSimulation } from '../../src/sim/simulation.ts'
import { answers, type Execution, traceOf } from './scenario.ts'

const executions = fc.array(
  fc.tuple(fc.nat(5000), fc.nat(300), fc.constantFrom('a', 'b', 'c')).map((each): Execution => each),
  { minLength: 1, maxLength: 40 },
)

function sum(counts: Iterable<number>): number {
  return [...counts].reduce((total, count) => total + count, 0)
}

describe('cold starts over time', () => {
  it('count where the invocation came, and only in the parts that are asked for', () => {
    // Windows of 10 ms: cold at 0, warm at 12, cold at 40 and 90.
    const trace = traceOf(
      [
        [0, 5],
        [12, 0],
        [40, 0],
        [90, 0],
      ],
      100,
      0,
    )
    const simulation = { trace, model: INSTANCES_MODEL, policy: answers([0, 10]), seed: 1 }
    expect(coldOverTime(simulation, { fromMs: 0, partMs: 40, parts: 3 })).toEqual([1, 1, 1])
    expect(coldOverTime(simulation, { fromMs: 20, partMs: 30, parts: 2 })).toEqual([1, 0])
  })

  it('add up to those of the run, also of policies that learn across apps', () => {
    fc.assert(
      fc.property(executions, fc.boolean(), fc.boolean(), (list, isPaper, isFleet) => {
        const trace = traceOf(list, 6000, 20)
        const scope = isFleet ? ('fleet' as const) : ('app' as const)
        const policy = { ...answers([0, 100], [0, 700]), scope }
        const simulation = { trace, model: isPaper ? PAPER_MODEL : INSTANCES_MODEL, policy, seed: 1 }
        const parts = coldOverTime(simulation, { fromMs: 0, partMs: 1000, parts: 6 })
        expect(sum(parts)).toBe(sum(runSimulation(simulation).coldStarts))
      }),
    )
  })
})

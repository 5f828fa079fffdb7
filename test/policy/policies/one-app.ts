import fc from 'fast-check'
import type { PolicyDefinition } from '../../../src/policy/policy.ts'
import { MINUTE } from '../../../src/core/units.ts'
import { PAPER_MODEL } from '../../../src/sim/model.ts'
import { runSimulation } from '../../../src/sim/simulation.ts'
import { type Execution, rowOf, traceOf } from '../../sim/scenario.ts'

/** Arrivals of one app in whole minutes, in order, the first in minute 0 or later; several may fall into one. */
export const arrivalMinutes: fc.Arbitrary<readonly number[]> = fc
  .tuple(fc.nat(40), fc.array(fc.oneof(fc.nat(12), fc.nat(300)), { maxLength: 30 }))
  .map(([first, gaps]) => {
    let minute = first
    return [first, ...gaps.map((gap) => (minute += gap))]
  })

/** Cold starts, and idle time in minutes, of one app that is invoked in these minutes, in the model `paper`. */
export function coldAndIdle(
  policy: PolicyDefinition,
  minutes: readonly number[],
  horizon: number,
  params: object = {},
): { cold: number; idle: number } {
  const trace = traceOf(
    minutes.map((minute): Execution => [minute * MINUTE, 0]),
    horizon * MINUTE,
  )
  const { coldStarts, idleMs } = rowOf(runSimulation({ trace, model: PAPER_MODEL, policy, params, seed: 1 }))
  return { cold: coldStarts ?? 0, idle: (idleMs ?? 0) / MINUTE }
}

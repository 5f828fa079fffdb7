import { HOUR, MINUTE } from '../../../src/core/units.ts'
import type { Ledger } from '../../../src/engine/ledger.ts'
import { exactSum } from '../../../src/core/exact-sum.ts'
import { breakEven } from '../../../src/policy/policies/break-even.ts'
import { fixed } from '../../../src/policy/policies/fixed.ts'
import { hybridHistogram } from '../../../src/policy/policies/hybrid-histogram.ts'
import type { PolicyDefinition } from '../../../src/policy/policy.ts'
import { PAPER_MODEL } from '../../../src/sim/model.ts'
import { chargedMemory } from '../../../src/sim/charged-memory.ts'
import { runSimulation } from '../../../src/sim/simulation.ts'
import type { Trace } from '../../../src/trace/trace.ts'

/** One run as a point. */
export interface Point {
  readonly label: string
  readonly coldStarts: number
  /** GB·s; GB·s of apps of 1 MB where the trace has no memory. */
  readonly idleGbS: number
}

/** Windows of the frontier of fixed ones. */
export const WINDOWS = [1, 2, 5, 10, 20, 30, 45, 60, 90, 120, 180, 240].map((minutes) => minutes * MINUTE)

/** The same simulation that the command makes in the model `paper`, on the core alone. */
function pointOf(
  trace: Trace,
  label: string,
  policy: PolicyDefinition,
  params: Readonly<Record<string, number>>,
): Point {
  const model = { ...PAPER_MODEL, memory: trace.offers.includes('memory') ? ('trace' as const) : ('equal' as const) }
  const ledger: Ledger = runSimulation({ trace, model, policy, params, seed: 1 })
  const memoryMb = chargedMemory(trace, model)
  const idle = exactSum(ledger.idleMs.map((ms, app) => ms * memoryMb[app]!))
  return { label, coldStarts: exactSum(ledger.coldStarts), idleGbS: idle / (1024 * 1000) }
}

/** A fixed window. */
export function fixedPoint(trace: Trace, keepAlive: number): Point {
  return pointOf(trace, `fixed ${spoken(keepAlive)}`, fixed as PolicyDefinition, { keepAlive })
}

/** The hybrid histogram of a range. */
export function hybridPoint(trace: Trace, range: number): Point {
  return pointOf(trace, `hybrid, range ${spoken(range)}`, hybridHistogram as PolicyDefinition, { range })
}

/** The break-even policy at its defaults. */
export function breakEvenPoint(trace: Trace): Point {
  return pointOf(trace, 'break-even', breakEven as PolicyDefinition, {})
}

/** A time as the page writes it, in hours where it is some. */
export function spoken(ms: number): string {
  return ms % HOUR === 0 ? `${ms / HOUR} h` : `${ms / MINUTE} min`
}

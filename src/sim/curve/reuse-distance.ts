import { arrivalsInTime } from '../../trace/arrivals/arrivals-in-time.ts'
import type { Trace } from '../../trace/trace.ts'
import { instanceUnits, UNITS_PER_MB } from '../cluster/memory-units.ts'
import { chargedMemory } from '../charged-memory.ts'
import type { MissCurve } from './miss-curve.ts'
import type { Model } from '../model.ts'
import { NEVER_USED, RecencyStack } from './recency-stack.ts'
import { unitsOf } from '../simulation.ts'

/** Distances are counted in at most so many steps of equal size, whatever the number of arrivals. */
const MOST_STEPS = 2 ** 22

/** What an exact curve of LRU keep-alive is made of. */
export interface CurveInput {
  readonly trace: Trace
  /** The model's options that matter where executions and loads take no time. */
  readonly model: Pick<Model, 'unit' | 'memory' | 'spread'>
  /** A whole number; fixes the spread of minute counts. */
  readonly seed: number
  /** Called now and then with the share that is done, 0 to 1. */
  readonly onProgress?: (done: number) => void
}

/**
 * The exact miss-ratio curve of keep-alive under LRU for all memory sizes, from one pass over the arrivals in time order:
 * the provisioning of FaasCache (Fuerst and Sharma, "FaasCache: keeping serverless computing alive with greedy-dual
 * caching", ASPLOS 2021), whose hit-ratio curve is the distribution of reuse distances. One node; executions and loads
 * take no time; an app has one instance, which serves any number at once and goes only when memory is short. LRU evicts
 * from the tail of the recency stack until the new app fits, so that it holds the longest part of the stack that fits,
 * also where sizes are unequal: an arrival is warm exactly at the sizes from its reuse distance on.
 *
 * Throws a UserError where the trace has no memory to charge.
 */
export function lruCurve({ trace, model, seed, onProgress }: CurveInput): MissCurve {
  const units = unitsOf(trace, model)
  const size = chargedMemory(units, model).map(instanceUnits)
  const distances = new DistanceCounts(size)
  const arrivals = arrivalsInTime(units, model.spread, seed)
  const { block } = arrivals
  for (let rows = arrivals.next(); rows >= 0; rows = arrivals.next()) {
    distances.add(block.app, block.count, rows)
    // Minutes without arrivals are passed over, so the time of the latest arrival tells how far it is.
    if (rows > 0) onProgress?.(Math.min(1, block.timeMs[rows - 1]! / units.horizonMs))
  }
  onProgress?.(1)
  return distances.curve()
}

/**
 * How many invocations have each reuse distance, in steps of as few units as {@link MOST_STEPS} allow: a step is one
 * unit for up to 64 GB of apps, and 1 MB for up to 4 TB. Nothing here grows with the number of invocations.
 */
class DistanceCounts {
  private readonly size: Float64Array
  private readonly stack: RecencyStack
  private readonly step: number
  /** Row `i`: invocations whose distance is at most `i` steps and more than `i - 1`. */
  private readonly invocations: Float64Array
  private firstUses = 0
  private largest = 0
  private used = 0

  constructor(size: Float64Array) {
    const total = size.reduce((sum, units) => sum + units, 0)
    this.size = size
    this.stack = new RecencyStack(size)
    this.step = 2 ** Math.max(0, Math.ceil(Math.log2(total / MOST_STEPS)))
    this.invocations = new Float64Array(Math.ceil(total / this.step) + 1)
  }

  /** Takes arrivals; all but the first invocation of one find what that one has just used. */
  add(apps: Uint32Array, counts: Uint32Array, rows: number): void {
    const { invocations, size, stack } = this
    const perStep = 1 / this.step
    for (let row = 0; row < rows; row += 1) {
      const app = apps[row]!
      const count = counts[row]!
      const distance = stack.use(app)
      if (distance === NEVER_USED) this.addFirst(size[app]!)
      else invocations[Math.ceil(distance * perStep)]! += 1
      if (count > 1) invocations[Math.ceil(size[app]! * perStep)]! += count - 1
    }
  }

  curve(): MissCurve {
    const { firstUses, invocations, largest, step, used } = this
    const warm = invocations.reduce((sum, count) => sum + count, 0)
    const rows = invocations.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 1)
    const sizeMb = new Float64Array(rows)
    const misses = new Float64Array(rows)
    misses[0] = warm + firstUses
    let row = 0
    for (const [steps, count] of invocations.entries()) {
      if (count === 0) continue
      row += 1
      sizeMb[row] = (steps * step) / UNITS_PER_MB
      misses[row] = misses[row - 1]! - count
    }
    return {
      sizeMb,
      misses,
      stepMb: step / UNITS_PER_MB,
      invocations: warm + firstUses,
      firstUses,
      largestMb: largest / UNITS_PER_MB,
      usedMb: used / UNITS_PER_MB,
    }
  }

  private addFirst(units: number): void {
    this.firstUses += 1
    this.used += units
    this.largest = Math.max(this.largest, units)
  }
}

import { SECOND } from '../../core/units.ts'
import type { IdlePeriods } from './idle-periods.ts'

/** A bound under a limit of memory, and what it rests on. */
export interface CapacityBound {
  readonly memoryMb: number
  /** No policy that loads on demand only has fewer cold starts in so much memory. */
  readonly coldStarts: number
}

const ROUNDS = 60
/** Memory is counted second by second; where a trace has more of them than this, in as many stretches. */
const MOST_STRETCHES = 2 ** 20

/**
 * A true lower bound on the cold starts of everybody who loads apps on demand only and has that much memory for idle apps:
 * the dual of the relaxation that may hold parts of apps. Give each stretch of time a price of memory; who must stay within the limit
 * gains no more by holding than the dearer of a cold start and the price of the time held, and pays the limit's price at
 * most. Any prices bound; these begin at the best price that is the same at
 * all times, and are raised where too much would be held, and lowered elsewhere.
 * Executions take no time, an app has one instance, and memory is only counted while apps are idle, by whole stretches:
 * each of these can only lower the bound. Where apps may be loaded ahead of time in no time, nothing but first uses is cold.
 */
export function capacityBound(periods: IdlePeriods, memoryMb: number): CapacityBound {
  const { app, startMs, lengthMs, memoryMb: size, firstUses, horizonMs } = periods
  const width = Math.max(SECOND, Math.ceil(horizonMs / MOST_STRETCHES))
  const stretches = Math.ceil(horizonMs / width)
  const count = app.length
  // A stretch counts where the app would have to be held for all of it.
  const from = startMs.map((start) => Math.ceil(start / width))
  const to = startMs.map((start, row) => Math.max(from[row]!, Math.floor((start + lengthMs[row]!) / width)))
  const price = new Float64Array(stretches).fill(
    evenPrice(
      from.map((begin, row) => size[app[row]!]! * (to[row]! - begin)),
      memoryMb * stretches,
    ),
  )
  const paid = new Float64Array(stretches + 1)
  const held = new Float64Array(stretches + 1)
  let best = firstUses
  let step = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let at = 0; at < stretches; at += 1) paid[at + 1] = paid[at]! + price[at]!
    held.fill(0)
    let bound = firstUses - memoryMb * paid[stretches]!
    for (let row = 0; row < count; row += 1) {
      const mb = size[app[row]!]!
      const cost = mb * (paid[to[row]!]! - paid[from[row]!]!)
      bound += Math.min(1, cost)
      if (cost >= 1) continue
      held[from[row]!]! += mb
      held[to[row]!]! -= mb
    }
    best = Math.max(best, bound)
    let squares = 0
    for (let at = 0, level = 0; at < stretches; at += 1) {
      level += held[at]!
      held[at] = level - memoryMb
      if (price[at]! > 0 || held[at]! > 0) squares += held[at]! * held[at]!
    }
    if (squares === 0) break
    // Steps in proportion to what may still be gained, by Polyak's rule with a target that closes in.
    const target =
      best === firstUses ? firstUses + count * 0.5 : best + Math.max(1, (best - firstUses) * 0.2 * 0.93 ** round)
    step = Math.max(0, target - bound) / squares
    for (let at = 0; at < stretches; at += 1) price[at] = Math.max(0, price[at]! + step * held[at]!)
  }
  return { memoryMb, coldStarts: Math.ceil(best - 1e-6) }
}

/** The price at which those that are cheapest to hold take as much in all as there is; 0 where that is enough for all. */
function evenPrice(costs: Float64Array, most: number): number {
  costs.sort()
  let sum = 0
  for (const cost of costs) {
    sum += cost
    if (sum > most) return 1 / cost
  }
  return 0
}

import { MINUTE } from '../../core/units.ts'
import type { IdlePeriods } from './idle-periods.ts'

/** A bound under a limit of memory, and what it rests on. */
export interface CapacityBound {
  readonly memoryMb: number
  /** No policy that loads on demand only has fewer cold starts in so much memory. */
  readonly coldStarts: number
}

const ROUNDS = 60

/**
 * A true lower bound on the cold starts of everybody who loads apps on demand only and has that much memory for idle apps:
 * the dual of the relaxation that may hold parts of apps. Give each minute a price of memory; who must stay within the limit
 * gains no more by holding than the dearer of a cold start and the price of the time held, and pays the limit's price at
 * most. Any prices bound; these are found by raising the price where too much would be held, and lowering it elsewhere.
 * Executions take no time, an app has one instance, and memory is only counted while apps are idle, minute by whole minute:
 * each of these can only lower the bound. Where apps may be loaded ahead of time in no time, nothing but first uses is cold.
 */
export function capacityBound(periods: IdlePeriods, memoryMb: number): CapacityBound {
  const { app, startMs, lengthMs, memoryMb: size, firstUses, horizonMs } = periods
  const minutes = Math.ceil(horizonMs / MINUTE)
  const count = app.length
  // A minute counts where the app would have to be held for all of it.
  const from = startMs.map((start) => Math.ceil(start / MINUTE))
  const to = startMs.map((start, row) => Math.max(from[row]!, Math.floor((start + lengthMs[row]!) / MINUTE)))
  const price = new Float64Array(minutes)
  const paid = new Float64Array(minutes + 1)
  const held = new Float64Array(minutes + 1)
  let best = firstUses
  let step = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let minute = 0; minute < minutes; minute += 1) paid[minute + 1] = paid[minute]! + price[minute]!
    held.fill(0)
    let bound = firstUses - memoryMb * paid[minutes]!
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
    for (let minute = 0, level = 0; minute < minutes; minute += 1) {
      level += held[minute]!
      held[minute] = level - memoryMb
      if (price[minute]! > 0 || held[minute]! > 0) squares += held[minute]! * held[minute]!
    }
    if (squares === 0) break
    // Steps in proportion to what may still be gained, by Polyak's rule with a target that closes in.
    const target = round === 0 ? firstUses + count * 0.5 : best + Math.max(1, (best - firstUses) * 0.2 * 0.93 ** round)
    step = Math.max(0, target - bound) / squares
    for (let minute = 0; minute < minutes; minute += 1)
      price[minute] = Math.max(0, price[minute]! + step * held[minute]!)
  }
  return { memoryMb, coldStarts: Math.ceil(best - 1e-6) }
}

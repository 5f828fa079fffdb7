import type { Frontier } from './frontier.ts'
import type { IdlePeriods } from './idle-periods.ts'

/** How long ahead of an arrival an app must be loaded, at least: so many ms, or that part of the idle time if it is less. */
export interface Lead {
  readonly ms: number
  readonly part: number
}

/** An app is held from one arrival to the next or not at all: nothing is loaded ahead of time. */
export const HELD: Lead = { ms: Number.POSITIVE_INFINITY, part: 1 }

/**
 * The exact frontier of those who know every idle time beforehand, and save its cold start at the cost of having the app
 * loaded for the lead, or not: the cheapest first. With {@link HELD} it bounds every policy that never loads ahead of time;
 * with a lead, every one that loads at least so long ahead. `weigh: loading` counts a cold start as its loading time in
 * ms; the points are then exact and the line between two of them a bound.
 */
export function knowingEachGap(periods: IdlePeriods, lead: Lead, weigh: 'equal' | 'loading' = 'equal'): Frontier {
  const { app, lengthMs, memoryMb, tailMs, coldStartMs } = periods
  const costs = lengthMs.map((length, row) => Math.min(length, lead.ms, lead.part * length) * memoryMb[app[row]!]!)
  const order = weigh === 'equal' ? null : byDensity(costs, periods)
  if (order === null) costs.sort()
  const count = costs.length
  const idle = new Float64Array(count + 1)
  const cold = new Float64Array(count + 1)
  const worth = (row: number): number => (order === null ? 1 : coldStartMs[app[row]!]!)
  let total = 0
  for (const [row, tail] of tailMs.entries()) if (tail >= 0) total += order === null ? 1 : coldStartMs[row]!
  for (let row = 0; row < count; row += 1) total += worth(row)
  cold[0] = total
  for (let at = 0; at < count; at += 1) {
    const row = order === null ? at : order[at]!
    idle[at + 1] = idle[at]! + costs[row]!
    cold[at + 1] = cold[at]! - worth(row)
  }
  return { idle, cold, between: order === null ? 'step' : 'line' }
}

/** The rows by what they cost for each ms of loading time that they save. */
function byDensity(costs: Float64Array, { app, coldStartMs }: IdlePeriods): Uint32Array {
  const density = costs.map((cost, row) => cost / coldStartMs[app[row]!]!)
  return Uint32Array.from(costs.keys()).sort((one, other) => density[one]! - density[other]! || one - other)
}

import { MINUTE } from '../../core/units.ts'
import { type Frontier, frontierOfSteps, hullSteps } from './frontier.ts'
import type { Lead } from './each-gap.ts'
import { eachApp } from './fixed-windows.ts'
import type { IdlePeriods } from './idle-periods.ts'

/** Idle time that is worth a cold start, in ms, where idle time is all but free. */
const ALL_BUT_FREE = 1e15

/** What the window of an app may depend on: nothing, or also on the bin, of a minute, of the idle time before. */
export type WindowContext = 'app' | 'lastGap'

/** Idle times of which one window takes care, as distinct lengths in rising order. */
interface IdleLaw {
  readonly lengths: readonly number[]
  /** How many there are of each. */
  readonly counts: readonly number[]
  readonly total: number
  /** The sum of times that the end of the trace cut: at most one; 0 where there is none. */
  readonly tail: number
}

interface Window {
  readonly idleMs: number
  readonly saved: number
}

/**
 * The frontier where each app, or each app after each idle time, has the one window that is best in hindsight: the law of
 * its idle times is known, which of them comes is not. A window may begin with a load, `lead` before the first idle time
 * that it is to serve. Policies that adapt are not bound by it, but it is what those strive for that learn a law.
 * Found are the windows that are best at some price of memory: the frontier's corners.
 */
export function staticWindows(periods: IdlePeriods, lead: Lead, context: WindowContext): Frontier {
  const steps = eachApp(periods).flatMap(({ lengths, tail, mb }) =>
    lawsOf(lengths, tail, context).flatMap((law) => {
      const windows = corners(law, lead)
      return hullSteps(
        windows.map(({ idleMs }) => idleMs * mb),
        windows.map(({ saved }) => -saved),
      )
    }),
  )
  return frontierOfSteps(periods.firstUses + periods.lengthMs.length, 0, steps)
}

/** The windows that are best at some price, from none on: between two of them their own rate is the next price to try. */
function corners(law: IdleLaw, lead: Lead): Window[] {
  const between = (less: Window, more: Window): Window[] => {
    if (more.saved <= less.saved) return []
    const worthMs = (more.idleMs - less.idleMs) / (more.saved - less.saved)
    const found = bestWindow(law, worthMs, lead)
    // A corner saves more at that price than the line between the two, beyond what rounding makes of it.
    const gain = found.saved - less.saved - (found.idleMs - less.idleMs) / worthMs
    if (!(gain > 1e-9 * law.total)) return [more]
    return [...between(less, found), ...between(found, more)]
  }
  const none = { idleMs: 0, saved: 0 }
  return [none, ...between(none, bestWindow(law, ALL_BUT_FREE, lead))]
}

function lawsOf(lengths: Float64Array, tail: number, context: WindowContext): IdleLaw[] {
  const groups = new Map<number, { counts: Map<number, number>; tail: number }>()
  const of = (key: number): { counts: Map<number, number>; tail: number } =>
    groups.get(key) ?? groups.set(key, { counts: new Map(), tail: 0 }).get(key)!
  let before = -1
  for (const length of lengths) {
    const { counts } = of(before)
    counts.set(length, (counts.get(length) ?? 0) + 1)
    if (context === 'lastGap') before = Math.floor(length / MINUTE)
  }
  of(before).tail = tail
  return [...groups.values()].map(({ counts, tail: cut }) => {
    const inOrder = [...counts].sort(([one], [other]) => one - other)
    return {
      lengths: inOrder.map(([length]) => length),
      counts: inOrder.map(([, count]) => count),
      total: inOrder.reduce((sum, [, count]) => sum + count, 0),
      tail: cut,
    }
  })
}

/**
 * The window [load, unload] of the greatest saving of cold starts, less idle time over `worthMs`: one pass, with the least
 * cost of a beginning so far. It begins at the idle moment or a lead before an idle time, and ends with an idle time.
 */
function bestWindow({ lengths, counts, total, tail }: IdleLaw, worthMs: number, lead: Lead): Window {
  let best: Window = { idleMs: 0, saved: 0 }
  let bestValue = 0
  let start = { idleMs: 0, missed: 0 }
  let startValue = 0
  // Of the idle times up to the present one, and of those before the load: how many, and the sum of their lengths.
  let ended = 0
  let endedMs = 0
  let early = 0
  let earlyAt = 0
  let earlyMs = 0
  for (const [at, length] of lengths.entries()) {
    const loadAt = length - Math.min(length, lead.ms, lead.part * length)
    for (; lengths[earlyAt]! < loadAt; earlyAt += 1) {
      early += counts[earlyAt]!
      earlyMs += counts[earlyAt]! * lengths[earlyAt]!
    }
    // What an instance kept from the idle moment would have been idle until the load.
    const beforeMs = earlyMs + (total - early) * loadAt + Math.min(tail, loadAt)
    const value = beforeMs / worthMs - early
    if (value > startValue) {
      startValue = value
      start = { idleMs: beforeMs, missed: early }
    }
    ended += counts[at]!
    endedMs += counts[at]! * length
    const idleMs = endedMs + (total - ended) * length + Math.min(tail, length) - start.idleMs
    const saved = ended - start.missed
    if (saved - idleMs / worthMs <= bestValue) continue
    bestValue = saved - idleMs / worthMs
    best = { idleMs, saved }
  }
  return best
}

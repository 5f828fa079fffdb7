import { type Frontier, frontierOfSteps, hullSteps } from './frontier.ts'
import type { IdlePeriods } from './idle-periods.ts'

/** The accounts of every fixed window at once: one row for each window that some idle time makes worth asking for. */
export interface FixedWindows extends Frontier {
  readonly windowMs: Float64Array
}

/**
 * Every fixed window from one pass over the sorted idle times: cold starts 1 + #{idle times above it} an app, idle memory the
 * sum of min(idle time, window) x MB, the time after the last arrival included (horizon: cut).
 */
export function fixedWindows(periods: IdlePeriods): FixedWindows {
  const { app, lengthMs, memoryMb, tailMs, firstUses } = periods
  const tails = [...tailMs.keys()].filter((row) => tailMs[row]! > 0).sort((one, other) => tailMs[one]! - tailMs[other]!)
  const rows = Uint32Array.from(lengthMs.keys()).sort((one, other) => lengthMs[one]! - lengthMs[other]!)
  const windows: number[] = [0]
  const idle: number[] = [0]
  const cold: number[] = [firstUses + rows.length]
  // MB that is still held at the present window, and MB x ms of what is over.
  let holding = 0
  for (const row of rows) holding += memoryMb[app[row]!]!
  for (const row of tails) holding += memoryMb[row]!
  let over = 0
  let tail = 0
  for (let at = 0; at < rows.length; ) {
    const window = lengthMs[rows[at]!]!
    for (; tail < tails.length && tailMs[tails[tail]!]! <= window; tail += 1) {
      over += tailMs[tails[tail]!]! * memoryMb[tails[tail]!]!
      holding -= memoryMb[tails[tail]!]!
    }
    for (; at < rows.length && lengthMs[rows[at]!] === window; at += 1) {
      over += window * memoryMb[app[rows[at]!]!]!
      holding -= memoryMb[app[rows[at]!]!]!
    }
    windows.push(window)
    idle.push(over + Math.max(0, holding) * window)
    cold.push(firstUses + rows.length - at)
  }
  return {
    windowMs: Float64Array.from(windows),
    idle: Float64Array.from(idle),
    cold: Float64Array.from(cold),
    between: 'step',
  }
}

/** Idle memory of one fixed window, in MB x ms: what others are compared with. */
export function idleOfFixed({ app, lengthMs, memoryMb, tailMs }: IdlePeriods, windowMs: number): number {
  let sum = 0
  for (const [row, length] of lengthMs.entries()) sum += Math.min(length, windowMs) * memoryMb[app[row]!]!
  for (const [row, tail] of tailMs.entries()) sum += Math.max(0, Math.min(tail, windowMs)) * memoryMb[row]!
  return sum
}

/** The frontier where each app has the fixed window that is best for it in hindsight. */
export function fixedWindowPerApp(periods: IdlePeriods): Frontier {
  const steps = eachApp(periods).flatMap(({ lengths, tail, mb }) => {
    const sorted = lengths.toSorted((one, other) => one - other)
    const idle = [0]
    const cold = [sorted.length]
    let over = 0
    for (let at = 0; at < sorted.length; ) {
      const window = sorted[at]!
      for (; at < sorted.length && sorted[at] === window; at += 1) over += window
      idle.push((over + (sorted.length - at) * window + Math.min(tail, window)) * mb)
      cold.push(sorted.length - at)
    }
    return hullSteps(idle, cold)
  })
  return frontierOfSteps(periods.firstUses + periods.lengthMs.length, 0, steps)
}

/** The idle times of each app that was invoked. */
export function eachApp({ app, lengthMs, tailMs, memoryMb }: IdlePeriods): {
  readonly app: number
  readonly lengths: Float64Array
  readonly tail: number
  readonly mb: number
}[] {
  const made: { app: number; lengths: Float64Array; tail: number; mb: number }[] = []
  let from = 0
  for (let row = 0; row < tailMs.length; row += 1) {
    let to = from
    while (to < app.length && app[to] === row) to += 1
    if (tailMs[row]! >= 0) {
      made.push({ app: row, lengths: lengthMs.subarray(from, to), tail: tailMs[row]!, mb: memoryMb[row]! })
    }
    from = to
  }
  return made
}

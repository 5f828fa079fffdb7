import type { IdlePeriods } from './idle-periods.ts'

/**
 * The idle times of a part of the trace that begins at `fromMs`: those that an arrival of the part ended, without what lies
 * before it, since accounts begin there. An app that was invoked before may be held over the border, so that only those
 * that are first invoked in the part have a cold start that nothing avoids.
 */
export function judgedPeriods(periods: IdlePeriods, fromMs: number): IdlePeriods {
  if (fromMs === 0) return periods
  const { app, startMs, lengthMs, horizonMs } = periods
  const rows = [...app.keys()].filter((row) => startMs[row]! + lengthMs[row]! >= fromMs)
  const starts = Float64Array.from(rows, (row) => Math.max(startMs[row]!, fromMs))
  const first = new Float64Array(periods.apps).fill(Number.POSITIVE_INFINITY)
  for (const [row, owner] of app.entries()) first[owner] = Math.min(first[owner]!, startMs[row]!)
  const tailMs = periods.tailMs.map((tail, owner) => {
    if (tail < 0) return tail
    // An app of one arrival has no idle time that ended: its arrival is where its last one begins.
    const arrival = Math.min(first[owner]!, horizonMs - tail)
    return arrival >= fromMs ? tail : -1
  })
  return {
    ...periods,
    firstUses: tailMs.reduce((sum, tail) => sum + (tail >= 0 ? 1 : 0), 0),
    app: Uint32Array.from(rows, (row) => app[row]!),
    startMs: starts,
    lengthMs: Float64Array.from(rows, (row, at) => startMs[row]! + lengthMs[row]! - starts[at]!),
    tailMs,
  }
}

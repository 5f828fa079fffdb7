import { DAY, HOUR, MINUTE, SECOND } from '../core/units.ts'
import type { IdleTimes, SeenKeepAlive } from '../metrics/measured.ts'
import { START, type Trace } from '../trace/trace.ts'

/** What a platform's measured starts say of how long it kept instances. */
export interface ApparentKeepAlive extends SeenKeepAlive {
  readonly idleTimes: IdleTimes
}

/** The shortest idle time of each class that they are counted in. */
const CLASSES = [
  0,
  ...[10, 30].map((s) => s * SECOND),
  ...[1, 2, 3, 5, 7.5, 10, 15, 20, 30, 45].map((minutes) => minutes * MINUTE),
  ...[1, 2, 4, 8].map((hours) => hours * HOUR),
  DAY,
]

/**
 * The idle times that instances survived and did not, of all apps. With instance ids an idle time is that of the
 * instance; one that serves nothing more has not survived up to the app's next cold start. Without them it is that of the
 * whole app. Invocations that come while the app is in use tell nothing of it. Idle times that end before `fromMs` are not
 * counted. Undefined where the trace does not tell which invocations were cold.
 */
export function apparentKeepAlive({ apps, arrivals }: Trace, fromMs = 0): ApparentKeepAlive | undefined {
  if (arrivals.kind === 'counts' || arrivals.measured === undefined) return undefined
  const { startMs, durationMs, firstEvent, measured } = arrivals
  const hasIds = measured.instance.some((instance) => instance > 0)
  const survived: number[] = []
  const ended: number[] = []
  for (let app = 0; app < apps.count; app += 1) {
    const [from, to] = [firstEvent[app]!, firstEvent[app + 1]!]
    /** By instance (one for all without ids): when its latest execution ended. */
    const idleSince = new Map<number, number>()
    const lastUse = new Map<number, number>()
    if (hasIds) for (let row = from; row < to; row += 1) lastUse.set(measured.instance[row]!, row)
    for (let row = from; row < to; row += 1) {
      const now = startMs[row]!
      const start = measured.start[row]
      const instance = hasIds ? measured.instance[row]! : 1
      const since = idleSince.get(instance)
      if (start === START.warm && since !== undefined && now >= Math.max(since, fromMs)) survived.push(now - since)
      if (start === START.cold) {
        for (const [other, end] of idleSince) {
          const isGone = hasIds ? lastUse.get(other)! < row : true
          if (isGone && end <= now && now >= fromMs) ended.push(now - end)
          if (isGone && end <= now) idleSince.delete(other)
        }
      }
      const end = now + durationMs[row]!
      idleSince.set(instance, Math.max(end, idleSince.get(instance) ?? 0))
    }
  }
  return judged(
    survived.toSorted((a, b) => a - b),
    ended.toSorted((a, b) => a - b),
  )
}

function judged(survived: readonly number[], ended: readonly number[]): ApparentKeepAlive {
  // With the window at a survived time, what survived longer and what ended earlier contradict it.
  let windowMs = 0
  let mistaken = survived.length
  let before = 0
  survived.forEach((ms, index) => {
    if (survived[index + 1] === ms) return
    while (before < ended.length && ended[before]! <= ms) before += 1
    const wrong = survived.length - index - 1 + before
    if (wrong >= mistaken) return
    mistaken = wrong
    windowMs = ms
  })
  return {
    survived: survived.length,
    longestSurvivedMs: survived.at(-1) ?? 0,
    ended: ended.length,
    shortestEndedMs: ended[0] ?? null,
    windowMs,
    mistaken,
    idleTimes: { fromMs: CLASSES, survived: byClass(survived), ended: byClass(ended) },
  }
}

function byClass(idleMs: readonly number[]): number[] {
  const counts = CLASSES.map(() => 0)
  for (const ms of idleMs) counts[CLASSES.findLastIndex((from) => from <= ms)]! += 1
  return counts
}

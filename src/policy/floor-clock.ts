import { HOUR, MINUTE } from '../core/units.ts'
import { breaksOf, type Floor, floorOfBreaks, levelAt, WEEK_MINUTES } from './floor.ts'
import type { FloorAnswer } from './policy.ts'
import { weekClock } from './week-clock.ts'

const WEEK_MS = WEEK_MINUTES * MINUTE

/**
 * Answers what a floor holds at a time, and when it changes next. The floor's clocks are `offset` ms ahead of that time,
 * counted from Monday's midnight.
 */
export function answerFloor(floor: Floor, offset: number, now: number, out: FloorAnswer): void {
  out.instances = levelAt(floor, Math.floor((now + offset) / MINUTE))
  out.untilMs = Number.POSITIVE_INFINITY
  if (floor.steps.length < 2) return
  const inWeek = (now + offset) % WEEK_MS
  const breaks = breaksOf(floor, 'week').map((minute) => minute * MINUTE)
  const next = breaks.filter((at) => at > inWeek)
  const wait = next.length > 0 ? Math.min(...next) - inWeek : Math.min(...breaks) + WEEK_MS - inWeek
  out.untilMs = now + wait
}

/** Answers floors by the clocks of a time zone, for a policy whose time begins at `originMs` since 1970. */
export function floorByClock(timeZone: string, originMs: number) {
  const clock = weekClock(timeZone)
  return (floor: Floor, now: number, out: FloorAnswer): void => {
    const shown = clock(originMs + now)
    answerFloor(floor, shown - now, now, out)
    // Clocks may be moved at any full hour, for summer time.
    if (floor.steps.length > 1) out.untilMs = Math.min(out.untilMs, now + HOUR - (shown % HOUR))
  }
}

/**
 * The floor that a policy answers for an app in the course of a week, by clocks that stand at `startMinute` when its time
 * begins. What does not repeat by the week is lost.
 */
export function floorOfAnswers(
  answer: (app: number, now: number, out: FloorAnswer) => void,
  app: number,
  startMinute: number,
): Floor {
  const levels = new Map<number, number>()
  const out: FloorAnswer = { instances: 0, untilMs: 0 }
  for (let now = 0; now < WEEK_MS && levels.size < WEEK_MINUTES; now = out.untilMs) {
    out.untilMs = Number.POSITIVE_INFINITY
    answer(app, now, out)
    levels.set((startMinute + Math.floor(now / MINUTE)) % WEEK_MINUTES, out.instances)
  }
  const starts = [...levels.keys()]
  const weekly = floorOfBreaks('week', starts, (minute) => levels.get(minute) ?? levels.get(starts[0]!)!)
  const daily = floorOfBreaks('day', starts, (minute) => levelAt(weekly, minute))
  const isDaily = breaksOf(daily, 'week').every((minute) => levelAt(weekly, minute) === levelAt(daily, minute))
  return isDaily && starts.every((minute) => levelAt(daily, minute) === levelAt(weekly, minute)) ? daily : weekly
}

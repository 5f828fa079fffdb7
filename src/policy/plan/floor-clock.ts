import { MINUTE } from '../../core/units.ts'
import { breaksOf, cycleMinutes, type Floor, floorOfBreaks, levelAt, WEEK_MINUTES } from './floor.ts'
import type { FloorAnswer, WeekClock } from '../policy.ts'

const WEEK_MS = WEEK_MINUTES * MINUTE
const QUARTER_MS = 15 * MINUTE

/**
 * Answers what a floor holds at a time of a trace that began `startMinute` minutes after Monday's midnight by the floor's
 * clocks, and when it changes next.
 */
export function answerFloor(floor: Floor, startMinute: number, now: number, out: FloorAnswer): void {
  answerAt(floor, now + startMinute * MINUTE, now, out)
}

/**
 * Answers what a floor holds by a clock of the world, in a time zone (IANA) or the machine's own. Clocks are moved at
 * quarters of an hour, so that is how long an answer holds at most.
 */
export function answerFloorBy(
  clock: WeekClock,
  floor: Floor,
  timeZone: string | undefined,
  now: number,
  out: FloorAnswer,
): void {
  const sinceMonday = clock.sinceMonday(now, timeZone)
  answerAt(floor, sinceMonday, now, out)
  if (floor.steps.length >= 2) out.untilMs = Math.min(out.untilMs, now + QUARTER_MS - (sinceMonday % QUARTER_MS))
}

/** `time` is that of the driver as a clock tells it, in ms since any Monday's midnight. */
function answerAt(floor: Floor, time: number, now: number, out: FloorAnswer): void {
  out.instances = levelAtMs(floor, time)
  out.untilMs = Number.POSITIVE_INFINITY
  if (floor.steps.length < 2) return
  const inWeek = time % WEEK_MS
  // What a platform holds may change within a minute; times are whole milliseconds.
  const breaks = breaksOf(floor, 'week').map((minute) => Math.round(minute * MINUTE))
  const next = breaks.filter((at) => at > inWeek)
  const wait = next.length > 0 ? Math.min(...next) - inWeek : Math.min(...breaks) + WEEK_MS - inWeek
  out.untilMs = now + wait
}

function levelAtMs({ steps, cycle }: Floor, time: number): number {
  const wanted = time % (cycleMinutes({ cycle }) * MINUTE)
  return (steps.findLast(({ minute }) => Math.round(minute * MINUTE) <= wanted) ?? steps.at(-1))?.instances ?? 0
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

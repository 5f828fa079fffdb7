import { DAY_MINUTES } from '../../core/units.ts'
import { counted } from '../../core/counted.ts'
import { largest } from '../../core/largest.ts'
import {
  constantFloor,
  cycleMinutes,
  type Floor,
  floorOfBreaks,
  levelAt,
  WEEK_MINUTES,
} from '../../policy/plan/floor.ts'

/** Days of the week as crons name them, from Monday. */
export const DAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'] as const

/** An action of a schedule: at a minute of the day, on these days, a level is set, which stays until the next action. */
export interface SetPoint {
  readonly minuteOfDay: number
  /** 0 (Monday) to 6, rising; absent for every day. */
  readonly days?: readonly number[]
  readonly instances: number
}

/** A stretch of a schedule in which a level above 0 holds: from a minute of the day, on these days, for some minutes. */
export interface ClockWindow extends SetPoint {
  readonly minutes: number
}

/** A floor's steps as actions; steps at one time of day to one level are one action for several days. */
export function setPointsOf(floor: Floor): SetPoint[] {
  if (floor.steps.length < 2) return []
  const points = floor.steps.map(({ minute, instances }) => ({ ...placeOf(floor, minute), instances }))
  return together(points, ({ minuteOfDay, instances }) => `${minuteOfDay} ${instances}`)
}

/** A floor's stretches above 0; a floor that never changes has none. */
export function clockWindowsOf(floor: Floor): ClockWindow[] {
  const { steps } = floor
  if (steps.length < 2) return []
  const length = cycleMinutes(floor)
  const windows = steps.flatMap(({ minute, instances }, index): ClockWindow[] => {
    if (instances === 0) return []
    const end = steps[index + 1]?.minute ?? steps[0]!.minute + length
    return [{ ...placeOf(floor, minute), instances, minutes: end - minute }]
  })
  return together(windows, ({ minuteOfDay, instances, minutes }) => `${minuteOfDay} ${instances} ${minutes}`)
}

function placeOf({ cycle }: Pick<Floor, 'cycle'>, minute: number): Pick<SetPoint, 'minuteOfDay' | 'days'> {
  if (cycle === 'day') return { minuteOfDay: minute }
  return { minuteOfDay: minute % DAY_MINUTES, days: [Math.floor(minute / DAY_MINUTES)] }
}

function together<T extends SetPoint>(points: readonly T[], key: (point: T) => string): T[] {
  return [...Map.groupBy(points, key).values()].map((same) => {
    const [first] = same
    const days = same.flatMap(({ days }) => days ?? [])
    return first!.days === undefined ? first! : { ...first!, days }
  })
}

/** The floor of actions that repeat for ever. Without any, `otherwise` holds. */
export function floorOfSetPoints(points: readonly SetPoint[], otherwise: number): Floor {
  const [first] = points
  if (first === undefined) return constantFloor(otherwise)
  if (points.every(({ instances }) => instances === first.instances)) return constantFloor(first.instances)
  const cycle = points.every(({ days }) => days === undefined) ? 'day' : 'week'
  const at = new Map(
    points.flatMap((point) => minutesOf(point, cycle).map((minute) => [minute, point.instances] as const)),
  )
  return floorOfBreaks(cycle, at.keys(), (minute) => at.get(minute) ?? otherwise)
}

/** The floor of stretches over a base. Where several hold, the highest counts. With `replaces` they hold in place of the base. */
export function floorOfWindows(windows: readonly ClockWindow[], base: number, replaces: boolean): Floor {
  const cycle = windows.every(({ days }) => days === undefined) ? 'day' : 'week'
  const length = cycleMinutes({ cycle })
  const stretches = windows.flatMap((window) =>
    minutesOf(window, cycle).map((start) => ({ start, minutes: window.minutes, instances: window.instances })),
  )
  const breaks = stretches.flatMap(({ start, minutes }) => [start, start + minutes])
  return floorOfBreaks(cycle, breaks, (minute) => {
    const open = stretches.filter(({ start, minutes }) => (minute - start + length) % length < minutes)
    const highest = largest(
      open.map(({ instances }) => instances),
      -1,
    )
    return highest < 0 ? base : replaces ? highest : Math.max(base, highest)
  })
}

function minutesOf({ minuteOfDay, days }: SetPoint, cycle: Floor['cycle']): number[] {
  if (cycle === 'day') return [minuteOfDay]
  return (days ?? DAYS.map((_, day) => day)).map((day) => day * DAY_MINUTES + minuteOfDay)
}

/** A floor with every rise some minutes earlier: what is written where a platform needs this lead time. */
export function ahead(floor: Floor, minutes: number): Floor {
  return slid(floor, minutes, 1)
}

/** A floor with every rise some minutes later: the reverse of {@link ahead}. */
export function behind(floor: Floor, minutes: number): Floor {
  return slid(floor, minutes, -1)
}

function slid(floor: Floor, minutes: number, direction: 1 | -1): Floor {
  const { cycle, steps } = floor
  if (steps.length < 2) return floor
  const extreme = direction === 1 ? Math.max : Math.min
  const breaks = steps.flatMap(({ minute }) => [minute, minute - direction * minutes])
  const near = Array.from({ length: minutes + 1 }, (_, each) => direction * each)
  return floorOfBreaks(cycle, breaks, (minute) => extreme(...near.map((each) => levelAt(floor, minute + each))))
}

/** A stretch of local time that the clocks of a zone skip when they are changed. */
export interface ClockGap {
  /** 0 (Monday) to 6. */
  readonly day: number
  readonly minuteOfDay: number
  readonly minutes: number
}

/**
 * The same floor without changes at times that clocks skip, since many crons would not fire on that day. It rises
 * in the last minute before, and falls after. A floor that repeats by the day does so on every day.
 */
export function outsideGaps(floor: Floor, gaps: readonly ClockGap[]): Floor {
  const { cycle, steps } = floor
  if (steps.length < 2) return floor
  const length = cycleMinutes(floor)
  const stretches = gaps.map(({ day, minuteOfDay, minutes }) => {
    const start = (day * DAY_MINUTES + minuteOfDay - 1 + length) % length
    const inside = steps.filter(({ minute }) => (minute - start + length) % length <= minutes)
    const level = largest(
      inside.map(({ instances }) => instances),
      levelAt(floor, start),
    )
    return { start, end: start + 1 + minutes, level }
  })
  const breaks = [...steps.map(({ minute }) => minute), ...stretches.flatMap(({ start, end }) => [start, end])]
  return floorOfBreaks(cycle, breaks, (minute) => {
    const stretch = stretches.find(({ start, end }) => (minute - start + length) % length < end - start)
    return stretch?.level ?? levelAt(floor, minute)
  })
}

/** The same floor in times of clocks that are some minutes ahead. */
export function shifted(floor: Floor, minutes: number): Floor {
  const { cycle, steps } = floor
  if (steps.length < 2) return floor
  const breaks = steps.map(({ minute }) => minute + minutes)
  return floorOfBreaks(cycle, breaks, (minute) => levelAt(floor, minute - minutes))
}

/** The level that a floor holds for most of its cycle; of two that hold equally long, the higher one. */
export function usualLevel(floor: Floor): number {
  const { steps } = floor
  const time = new Map<number, number>()
  for (const [index, { minute, instances }] of steps.entries()) {
    const end = steps[index + 1]?.minute ?? steps[0]!.minute + cycleMinutes(floor)
    time.set(instances, (time.get(instances) ?? 0) + end - minute)
  }
  const [usual = [0, 0]] = [...time].toSorted((a, b) => b[1] - a[1] || b[0] - a[0])
  return usual[0]
}

/** Whether two floors of one cycle have the same steps. */
export function isSameFloor({ steps }: Floor, other: Pick<Floor, 'steps'>): boolean {
  const isAt = (index: number): boolean =>
    steps[index]!.minute === other.steps[index]!.minute && steps[index]!.instances === other.steps[index]!.instances
  return steps.length === other.steps.length && steps.every((_, index) => isAt(index))
}

/** Whether a floor is the same at all times. */
export function isConstant({ steps }: Floor): boolean {
  return steps.length < 2
}

/** A floor in words, as in `2 from 08:00, 0 from 17:00`. */
export function floorText(floor: Floor): string {
  const { steps, cycle } = floor
  if (steps.length < 2) return counted(steps[0]?.instances ?? 0, 'instance')
  const shown = steps.slice(0, 6).map(({ minute, instances }) => {
    const day = cycle === 'week' ? `${DAYS[Math.floor(minute / DAY_MINUTES) % (WEEK_MINUTES / DAY_MINUTES)]!} ` : ''
    return `${instances} from ${day}${clockText(minute % DAY_MINUTES)}`
  })
  return steps.length > 6 ? `${shown.join(', ')} and ${steps.length - 6} more` : shown.join(', ')
}

/** A minute of the day as `08:05`. */
function clockText(minute: number): string {
  return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':')
}

import { DAY_MINUTES } from '../../core/units.ts'

/**
 * From `minute` of the cycle on, at least `instances` are warm, until the next step. Minutes are whole but for floors that
 * a platform holds, whose falls come some seconds late.
 */
export interface FloorStep {
  readonly minute: number
  readonly instances: number
}

/**
 * A minimum of warm instances by wall-clock time, which repeats every day or every week. Minutes of a day count from
 * midnight, those of a week from Monday's. The last step holds on into the next cycle, up to the first one there; no
 * step at all is no floor, and a single one holds always.
 */
export interface Floor {
  readonly cycle: 'day' | 'week'
  /** In the order of their minutes, all different. */
  readonly steps: readonly FloorStep[]
}

export const WEEK_MINUTES = 7 * DAY_MINUTES

/** Nothing is kept warm by the clock. */
export const NO_FLOOR: Floor = { cycle: 'day', steps: [] }

/** The same minimum at all times. */
export function constantFloor(instances: number): Floor {
  return instances === 0 ? NO_FLOOR : { cycle: 'day', steps: [{ minute: 0, instances }] }
}

/** Minutes after which a floor repeats. */
export function cycleMinutes({ cycle }: Pick<Floor, 'cycle'>): number {
  return cycle === 'day' ? DAY_MINUTES : WEEK_MINUTES
}

/** The least number of warm instances at a minute, counted from any Monday's midnight. */
export function levelAt(floor: Floor, minute: number): number {
  const length = cycleMinutes(floor)
  const wanted = ((minute % length) + length) % length
  return (floor.steps.findLast((step) => step.minute <= wanted) ?? floor.steps.at(-1))?.instances ?? 0
}

/** The level of every minute of the cycle. */
export function levelsOf(floor: Floor): Float64Array {
  const levels = new Float64Array(cycleMinutes(floor))
  for (const [index, { minute, instances }] of floor.steps.entries()) {
    levels.fill(instances, minute, floor.steps[index + 1]?.minute)
  }
  const last = floor.steps.at(-1)
  if (last !== undefined) levels.fill(last.instances, 0, floor.steps[0]!.minute)
  return levels
}

/** The highest and the lowest level of a floor. */
export function highestLevel({ steps }: Floor): number {
  return Math.max(0, ...steps.map(({ instances }) => instances))
}

export function lowestLevel({ steps }: Floor): number {
  return steps.length === 0 ? 0 : Math.min(...steps.map(({ instances }) => instances))
}

/** The floor with these levels, one an equal part of the cycle, in as few steps as there are changes. */
export function floorOfLevels(cycle: Floor['cycle'], levels: ArrayLike<number>): Floor {
  const width = cycleMinutes({ cycle }) / levels.length
  const steps: FloorStep[] = []
  for (let part = 0; part < levels.length; part += 1) {
    const before = levels[(part === 0 ? levels.length : part) - 1]!
    if (levels[part] !== before) steps.push({ minute: part * width, instances: levels[part]! })
  }
  return steps.length > 0 ? { cycle, steps } : constantFloor(levels[0] ?? 0)
}

/** The floor of a level that only changes at some of these minutes, which may stand in any order and cycle. */
export function floorOfBreaks(
  cycle: Floor['cycle'],
  minutes: Iterable<number>,
  level: (minute: number) => number,
): Floor {
  const length = cycleMinutes({ cycle })
  const breaks = [...new Set(Array.from(minutes, (minute) => ((minute % length) + length) % length))]
  const all = breaks.sort((a, b) => a - b).map((minute) => ({ minute, instances: level(minute) }))
  const steps = all.filter(({ instances }, index) => instances !== all.at(index - 1)!.instances)
  return steps.length > 0 ? { cycle, steps } : constantFloor(level(0))
}

/** The minutes at which a floor changes, counted in a cycle that may be the longer one. */
export function breaksOf({ steps, cycle: own }: Floor, cycle: Floor['cycle']): number[] {
  if (own === cycle) return steps.map(({ minute }) => minute)
  return steps.flatMap(({ minute }) => DAY_STARTS.map((start) => start + minute))
}

const DAY_STARTS = Array.from({ length: 7 }, (_, day) => day * DAY_MINUTES)

/** The higher of two floors at every minute. */
export function higherFloor(a: Floor, b: Floor): Floor {
  if (a.steps.length === 0) return b
  if (b.steps.length === 0) return a
  const cycle = a.cycle === 'week' || b.cycle === 'week' ? 'week' : 'day'
  const breaks = [...breaksOf(a, cycle), ...breaksOf(b, cycle)]
  return floorOfBreaks(cycle, breaks, (minute) => Math.max(levelAt(a, minute), levelAt(b, minute)))
}

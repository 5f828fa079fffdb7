import { DAY_MINUTES, MINUTE } from '../../core/units.ts'
import {
  breaksOf,
  type Floor,
  floorOfLevels,
  higherFloor,
  levelAt,
  NO_FLOOR,
  WEEK_MINUTES,
} from '../../policy/plan/floor.ts'
import { cheapestSchedule, type LevelCosts } from '../../policy/plan/floor-schedule.ts'
import { PART_MS, type PartLevels, type WarmDemand } from './warm-demand.ts'

/** What a floor is found for. */
export interface ScheduleOptions {
  /** Changes that the platform takes at most. */
  readonly mostChanges: number
  /** How long the platform itself keeps an instance after use, in ms. */
  readonly onDemandMs: number
  /** A cold start costs as much as one instance that is idle for this long, in ms. */
  readonly coldStartWorthMs: number
}

/** Where a trace stands in the week, and what the policy itself holds by the clock. */
export interface TraceClock {
  /** No level is below this one. */
  readonly floor: Floor

  readonly horizonMs: number
  /** Minutes from Monday's midnight to the beginning of the trace. */
  readonly startMinute: number
}

const PART_MINUTES = PART_MS / MINUTE
/** Levels that are weighed at most; of more, evenly many are left out. */
const MOST_LEVELS = 16

/** A level below the policy's own floor costs so much more than any other that it is taken by none. */
const BELOW_FLOOR_MS = 1e15

/** A trace of two weeks or more tells the days of a week apart, as does a floor that does. */
function cycleFor({ horizonMs, floor }: Pick<TraceClock, 'horizonMs' | 'floor'>): Floor['cycle'] {
  return horizonMs >= 2 * WEEK_MINUTES * MINUTE || floor.cycle === 'week' ? 'week' : 'day'
}

/**
 * The floor that costs an app least: in cold starts, which come where more instances execute than the floor holds or
 * the platform kept from just before; and in memory of instances that are held where neither the trace, nor the
 * platform, nor the policy had one loaded. What the policy spends anyhow costs nothing, so that a schedule costs about as
 * much memory as the policy that it stands for. The policy's own floor is kept as it is where both together change seldom
 * enough; else it is kept to the five minutes.
 */
export function scheduledFloor(demand: WarmDemand, clock: TraceClock, options: ScheduleOptions): Floor {
  const { floor } = clock
  const apart = scheduleOver(demand, { ...clock, floor: NO_FLOOR }, options)
  const together = higherFloor(floor, apart)
  if (floor.steps.length === 0 || changesOf(together) <= options.mostChanges) return together
  return scheduleOver(demand, clock, options)
}

function changesOf({ steps }: Floor): number {
  return steps.length < 2 ? 0 : steps.length
}

function scheduleOver(demand: WarmDemand, clock: TraceClock, options: ScheduleOptions): Floor {
  const cycle = cycleFor(clock)
  const levels = levelsWorthTrying(demand.peak, clock.floor)
  const costs = costsOf(demand, levels, { ...clock, cycle }, options)
  const { choice } = cheapestSchedule(costs, options.mostChanges)
  return floorOfLevels(
    cycle,
    Array.from(choice, (level) => levels[level]!),
  )
}

function levelsWorthTrying(peak: number, { steps }: Floor): number[] {
  const width = Math.min(peak, MOST_LEVELS - 1)
  const found = Array.from({ length: width + 1 }, (_, step) => (width === 0 ? 0 : Math.round((step * peak) / width)))
  const own = [...new Set(steps.map(({ instances }) => instances))].sort((a, b) => a - b)
  // Of a floor with a great many levels the higher ones stand for those between.
  const every = Math.ceil(own.length / MOST_LEVELS)
  const taken = own.filter((_, index) => (own.length - 1 - index) % Math.max(1, every) === 0)
  return [...new Set([...found, ...taken])].sort((a, b) => a - b)
}

/** The highest level of a floor in each part of a cycle. */
function neededIn(floor: Floor, cycle: Floor['cycle'], parts: number): Float64Array {
  const needed = new Float64Array(parts)
  if (floor.steps.length === 0) return needed
  for (let part = 0; part < parts; part += 1) needed[part] = levelAt(floor, part * PART_MINUTES)
  for (const minute of breaksOf(floor, cycle)) {
    const part = Math.floor(minute / PART_MINUTES)
    needed[part] = Math.max(needed[part]!, levelAt(floor, minute))
  }
  return needed
}

function costsOf(
  { busy, kept }: WarmDemand,
  levels: readonly number[],
  { horizonMs, startMinute, cycle, floor }: TraceClock & Pick<Floor, 'cycle'>,
  { onDemandMs, coldStartWorthMs }: ScheduleOptions,
): LevelCosts {
  const parts = (cycle === 'day' ? DAY_MINUTES : WEEK_MINUTES) / PART_MINUTES
  const traceParts = Math.ceil(horizonMs / PART_MS)
  const executed = dense(busy, traceParts)
  const warm = dense(kept, traceParts)
  const recent = highestBefore(executed, Math.ceil(onDemandMs / PART_MS))
  const cost = new Float64Array(parts * levels.length)
  const first = Math.floor(startMinute / PART_MINUTES)
  const needed = neededIn(floor, cycle, parts)
  // A part of the cycle that the trace never saw counts as once seen without demand.
  for (let part = 0; part < Math.max(traceParts, parts); part += 1) {
    const inCycle = (first + part) % parts
    const row = inCycle * levels.length
    const wanted = executed[part] ?? 0
    const there = recent[part] ?? 0
    const free = Math.max(wanted, there, warm[part] ?? 0, needed[inCycle]!)
    for (const [index, level] of levels.entries()) {
      const cold = Math.max(0, wanted - Math.max(level, there))
      const below = Math.max(0, needed[inCycle]! - level)
      cost[row + index]! += cold * coldStartWorthMs + Math.max(0, level - free) * PART_MS + below * BELOW_FLOOR_MS
    }
  }
  return { levels, parts, cost }
}

function dense({ parts, levels }: PartLevels, count: number): Float64Array {
  const column = new Float64Array(count)
  for (const [index, part] of parts.entries()) if (part < count) column[part] = levels[index]!
  return column
}

/**
 * The highest of the `width` values before each: a sliding maximum. Before the first comes the last, as if the trace
 * followed on itself: otherwise every app's first execution would count as a cold start that a floor can avoid.
 */
function highestBefore(values: Float64Array, width: number): Float64Array {
  const count = values.length
  const highest = new Float64Array(count)
  const rows: number[] = []
  let head = 0
  for (let row = -Math.min(width, count); row < count; row += 1) {
    const value = values[row < 0 ? row + count : row]!
    while (head < rows.length && rows[head]! < row - width) head += 1
    if (row >= 0 && head < rows.length) highest[row] = values[(rows[head]! + count) % count]!
    while (rows.length > head && values[(rows.at(-1)! + count) % count]! <= value) rows.pop()
    rows.push(row)
  }
  return highest
}

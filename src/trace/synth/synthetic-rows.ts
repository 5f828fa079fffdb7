import { DAY_MINUTES } from '../../core/units.ts'
import { streamOf } from '../../core/random.ts'
import type { AppProfile } from './app.ts'
import type { KnownTrigger } from './published-shares.ts'
import { type DurationRow, durationRow } from './duration-rows.ts'
import { type MemoryRow, memoryRow } from './memory-rows.ts'
import type { Population } from './population.ts'

/** Whose row it is. */
interface AppKey {
  readonly owner: string
  readonly name: string
}
interface FunctionKey {
  readonly name: string
  readonly trigger: KnownTrigger
}

/** Takes the rows of the data set's three tables, day by day; days count from 0. */
export interface RowSink {
  /** Invocations in each minute of the day, at least one of them above 0. The array is used again: copy what is kept. */
  invocations(day: number, app: AppKey, fn: FunctionKey, counts: Uint32Array): void
  durations(day: number, app: AppKey, fn: FunctionKey, row: DurationRow): void
  memory(day: number, app: AppKey, row: MemoryRow): void
}

/** The data set has memory for its first 12 days only. */
export const MEMORY_DAYS = 12

/** Gives a sink all rows of one app: of each day, its functions that ran on it. `counts` is room for all minutes. */
export function putApp(
  seed: number,
  population: Population,
  app: AppProfile,
  counts: Uint32Array,
  sink: RowSink,
): void {
  const days = counts.length / DAY_MINUTES
  const arrivals = population.arrivals(app)
  const activeMinutes = new Float64Array(days)
  for (const fn of app.functions) {
    arrivals.fill(fn, counts)
    for (let day = 0; day < days; day += 1) {
      const ofDay = counts.subarray(day * DAY_MINUTES, (day + 1) * DAY_MINUTES)
      const { active, total } = activityOf(ofDay)
      if (total === 0) continue
      activeMinutes[day]! += active
      sink.invocations(day, app, fn, ofDay)
      sink.durations(day, app, fn, durationRow(streamOf(seed, `${fn.key} durations ${day}`), fn.meanMs, total))
    }
  }
  for (let day = 0; day < Math.min(days, MEMORY_DAYS); day += 1) {
    const active = activeMinutes[day]!
    if (active === 0) continue
    sink.memory(day, app, memoryRow(streamOf(seed, `${app.key} memory ${day}`), app.meanMb, active))
  }
}

function activityOf(counts: Uint32Array): { active: number; total: number } {
  let active = 0
  let total = 0
  for (const count of counts) {
    if (count === 0) continue
    active += 1
    total += count
  }
  return { active, total }
}

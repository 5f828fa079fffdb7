import { UserError } from '../../core/user-error.ts'
import { midnightBefore } from '../../core/time-zone.ts'
import { MINUTE, SECOND } from '../../core/units.ts'
import type { TraceTime } from './builder.ts'
import type { DefectRule } from './defect-log.ts'

/**
 * What becomes the trace's time 0: `first`, the first arrival; `midnight`, the midnight before it, so that hours of the
 * day stay true; `zero`, the source's own 0. By default `first` where the source has a calendar, else `zero`.
 */
export const ORIGINS = ['first', 'midnight', 'zero'] as const
export type Origin = (typeof ORIGINS)[number]

/** What every reader of events counts about their times. */
export const TIME_DEFECTS = [
  {
    id: 'time-epoch',
    found: 'rows whose time is a date, not a time since the trace began',
    rule: 'Times are counted from the first arrival, or from the midnight before it (`origin: midnight`). The date is kept.',
  },
  {
    id: 'span-short',
    found:
      'traces of at least 20 invocations that end within 10 minutes, so that no usual keep-alive window can end in them',
    rule: 'They are taken as they are; look whether seconds were taken for milliseconds.',
    warns: true,
  },
  {
    id: 'duration-whole-seconds',
    found: 'traces of at least 20 invocations whose durations are all whole seconds',
    rule: 'They are taken as they are; look whether the unit is right, or the clock as coarse.',
    warns: true,
  },
] as const satisfies readonly DefectRule[]

/** Notes what is odd about times. */
interface TimeDefects {
  note(id: (typeof TIME_DEFECTS)[number]['id'], example: () => string, times?: number): void
}

/** Fewer invocations than this are an example, of which nothing is suspected. */
const ENOUGH = 20
const SHORT_MS = 10 * MINUTE
/** Dates from September 2001 to 2099, in seconds since 1970. */
const FIRST_DATE_S = 1e9
const LAST_DATE_S = 4.1e9

/** Units that times since 1970 are written in, each with how many make a second. */
export const EPOCH_UNITS = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 } as const
export type EpochUnit = keyof typeof EPOCH_UNITS

/** The unit in which a number is a date of our time; undefined when it is none in any unit. */
export function epochUnitOf(value: number): EpochUnit | undefined {
  return Object.entries(EPOCH_UNITS).find(
    ([, perSecond]) => value >= FIRST_DATE_S * perSecond && value < LAST_DATE_S * perSecond,
  )?.[0] as EpochUnit | undefined
}

/** Follows the times of events, in whole ms, and finds the time of the trace. */
export class EventTime {
  private first = Number.POSITIVE_INFINITY
  private last = Number.NEGATIVE_INFINITY
  private end = Number.NEGATIVE_INFINITY
  private count = 0
  private longest = 0
  private isWholeSeconds = true

  /** An execution, which may have begun at any time. */
  add(startMs: number, durationMs: number): void {
    if (startMs < this.first) this.first = startMs
    if (startMs > this.last) this.last = startMs
    if (startMs + durationMs > this.end) this.end = startMs + durationMs
    if (durationMs > this.longest) this.longest = durationMs
    if (this.isWholeSeconds && durationMs % SECOND !== 0) this.isWholeSeconds = false
    this.count += 1
  }

  /** Start of the first and of the last event, as they were added. */
  get span(): readonly [firstMs: number, lastMs: number] {
    return [this.first, this.last]
  }

  /**
   * The trace's time. `isCalendar` says whether the times that were added count from 1970.
   * Notes what is odd. Throws a UserError at `where` for times that cannot be the trace's.
   */
  resolve(
    defects: TimeDefects,
    { where, isCalendar, origin, zone = 'UTC' }: EventTimeOptions,
  ): TraceTime & { readonly horizonMs: number } {
    const chosen = origin ?? (isCalendar ? 'first' : 'zero')
    // Without a calendar, days begin where the time does.
    const midnight = midnightBefore(isCalendar ? zone : 'UTC')
    const zeroMs = chosen === 'first' ? this.first : chosen === 'midnight' ? midnight(this.first) : 0
    if (this.first < zeroMs) throw new UserError({ where, problem: 'a time before the beginning of the trace' })
    const horizonMs = this.end - zeroMs
    const named = zone === 'UTC' ? {} : { zone }
    if (isCalendar && chosen !== 'zero')
      defects.note('time-epoch', () => new Date(this.first).toISOString(), this.count)
    if (this.count >= ENOUGH) {
      if (this.end - this.first < SHORT_MS)
        defects.note('span-short', () => `all within ${(this.end - this.first) / SECOND} s`)
      if (this.isWholeSeconds && this.longest > 0)
        defects.note('duration-whole-seconds', () => `the longest ${this.longest / SECOND} s`)
    }
    return { zeroMs, horizonMs, ...(isCalendar ? { startsAtMs: zeroMs, ...named } : {}) }
  }
}

interface EventTimeOptions {
  readonly where: string
  readonly isCalendar: boolean
  readonly origin: Origin | undefined
  /** The time zone whose clocks tell the hours of the day; by default UTC. */
  readonly zone?: string | undefined
}

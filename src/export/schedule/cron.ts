import { DAY_MINUTES } from '../../core/units.ts'
import { DAYS, type SetPoint } from './schedule.ts'
import { demandTimeZone, standardOffset } from './platform-zone.ts'

/** The fields of a cron that a set point needs; all others are `*`. */
export interface CronFields {
  readonly minute: number
  readonly hour: number
  /** Days of the week by name with commas between them, or `*`. */
  readonly days: string
}

/** A time of day on some days of the week, or on all. */
export type Time = Pick<SetPoint, 'minuteOfDay' | 'days'>

export function cronFields({ minuteOfDay, days }: Time): CronFields {
  return {
    minute: minuteOfDay % 60,
    hour: Math.floor(minuteOfDay / 60),
    days: days === undefined ? '*' : days.map((day) => DAYS[day]!).join(','),
  }
}

/** The five fields that most systems have: minute, hour, day of the month, month, day of the week. */
export function fiveFields(point: Time): string {
  const { minute, hour, days } = cronFields(point)
  return `${minute} ${hour} * * ${days}`
}

/** Where a dialect of cron has its fields, and which number of a day is Sunday. */
interface Dialect {
  readonly minute: number
  readonly hour: number
  readonly days: number
  /** Fields that must be empty, since a week does not have them: days of the month, months, years. */
  readonly others: readonly number[]
  readonly sunday: 0 | 1
}

/** Crons of {@link fiveFields}. */
export const FIVE: Dialect = { minute: 0, hour: 1, days: 4, others: [2, 3], sunday: 0 }
/** Crons that begin with seconds, and may end with a year. */
export const WITH_SECONDS: Dialect = { minute: 1, hour: 2, days: 5, others: [3, 4, 6], sunday: 0 }
/** Crons of Amazon's, which end with a year and begin their weeks with a Sunday of 1. */
export const AMAZON: Dialect = { minute: 0, hour: 1, days: 4, others: [2, 3, 5], sunday: 1 }

/**
 * When a cron fires, in times of a week: one time for each of its minutes. None for a cron that goes by the month or the
 * year, or that does not fit into a week: crons that operators wrote may be any of those. With two zones, times of one are
 * given in the other, in standard time.
 */
export function timesOfCron(cron: string, dialect: Dialect, zones?: { from: string | undefined; to: string }): Time[] {
  const fields = cron.trim().split(/\s+/)
  const anything = dialect.others.every((place) => ['*', '?', undefined].includes(fields[place]))
  const minutes = valuesOf(fields[dialect.minute], { least: 0, most: 59, cycle: 60 })
  const hours = valuesOf(fields[dialect.hour], { least: 0, most: 23, cycle: 24 })
  const days = daysOf(fields[dialect.days], dialect.sunday)
  if (!anything || minutes === undefined || hours === undefined || days === undefined) return []
  const every = days.length === DAYS.length ? {} : { days }
  const times = hours.flatMap((hour) => minutes.map((minute): Time => ({ minuteOfDay: hour * 60 + minute, ...every })))
  const later = zones === undefined ? 0 : offsetOf(zones.to) - offsetOf(zones.from ?? zones.to)
  return later === 0 ? times : times.map((time) => moved(time, later))
}

function offsetOf(zone: string): number {
  demandTimeZone(zone, 'the time zone of a schedule')
  return standardOffset(zone).minutes
}

function moved({ minuteOfDay, days }: Time, minutes: number): Time {
  const whole = minuteOfDay + minutes
  const passed = Math.floor(whole / DAY_MINUTES)
  const time = { minuteOfDay: whole - passed * DAY_MINUTES }
  if (days === undefined) return time
  return { ...time, days: days.map((day) => (day + passed + 7) % 7).toSorted((a, b) => a - b) }
}

/** Days of the week from Monday, rising. */
function daysOf(field: string | undefined, sunday: 0 | 1): number[] | undefined {
  const named = field?.toUpperCase().replaceAll(/[A-Z]{3}/g, (name) => {
    const day = DAYS.indexOf(name as (typeof DAYS)[number])
    return day < 0 ? name : String(((day + 1) % 7) + sunday)
  })
  // A week may end with its first day by another number, as in 5-7.
  const values = valuesOf(named, { least: sunday, most: sunday + 7, cycle: 7 })
  if (values === undefined) return undefined
  return [...new Set(values.map((value) => (value - sunday + 6) % 7))].toSorted((a, b) => a - b)
}

/** The numbers that a field may hold, and the length of its cycle: days of the week have eight numbers for seven days. */
interface Numbers {
  readonly least: number
  readonly most: number
  readonly cycle: number
}

/** The values of a field: lists, ranges and steps; undefined where it says anything else. */
function valuesOf(field: string | undefined, { least, most, cycle }: Numbers): number[] | undefined {
  const values = new Set<number>()
  for (const part of (field ?? '').split(',')) {
    const found = /^(?:[*?]|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part)
    if (found === null) return undefined
    const [, first, last, step] = found
    const from = first === undefined ? least : Number(first)
    const to = last === undefined ? (first === undefined || step !== undefined ? most : from) : Number(last)
    const by = Number(step ?? 1)
    if (by === 0 || from < least || to > most) return undefined
    // A range such as SAT-MON or 22-1 passes the end of its week or day.
    const end = to < from ? to + cycle : to
    for (let value = from; value <= end; value += by) values.add(value > most ? value - cycle : value)
  }
  return [...values].toSorted((a, b) => a - b)
}

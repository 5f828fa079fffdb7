import { DAYS, type SetPoint } from './schedule.ts'

/** The fields of a cron that a set point needs; all others are `*`. */
export interface CronFields {
  readonly minute: number
  readonly hour: number
  /** Days of the week by name with commas between them, or `*`. */
  readonly days: string
}

export function cronFields({ minuteOfDay, days }: Pick<SetPoint, 'minuteOfDay' | 'days'>): CronFields {
  return {
    minute: minuteOfDay % 60,
    hour: Math.floor(minuteOfDay / 60),
    days: days === undefined ? '*' : days.map((day) => DAYS[day]!).join(','),
  }
}

/** The five fields that most systems have: minute, hour, day of the month, month, day of the week. */
export function fiveFields(point: Pick<SetPoint, 'minuteOfDay' | 'days'>): string {
  const { minute, hour, days } = cronFields(point)
  return `${minute} ${hour} * * ${days}`
}

/** When a cron of one minute and one hour fires; `at` gives the places of minute, hour and days among its fields. */
export function timeOfCron(
  cron: string,
  at: { readonly minute: number; readonly hour: number; readonly days: number },
): Pick<SetPoint, 'minuteOfDay' | 'days'> {
  const fields = cron.trim().split(/\s+/)
  const minuteOfDay = Number(fields[at.hour]) * 60 + Number(fields[at.minute])
  const days = fields[at.days] ?? '*'
  if (days === '*' || days === '?') return { minuteOfDay }
  return { minuteOfDay, days: days.split(',').map((day) => DAYS.indexOf(day as (typeof DAYS)[number])) }
}

/** Places in a cron of {@link fiveFields}. */
export const FIVE = { minute: 0, hour: 1, days: 4 } as const
/** Places in a cron that begins with seconds. */
export const WITH_SECONDS = { minute: 1, hour: 2, days: 5 } as const

import { UserError } from '../../core/user-error.ts'

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** Reads a day of the week and a time, as in `mon 08:30`, as minutes from Monday's midnight. */
export function startMinute(text: string): number {
  const [, day = '', hour = '', minute = ''] = /^([a-z]{3}) (\d\d):(\d\d)$/i.exec(text.trim()) ?? []
  const index = DAYS.indexOf(day.toLowerCase())
  if (index >= 0 && Number(hour) < 24 && Number(minute) < 60) return (index * 24 + Number(hour)) * 60 + Number(minute)
  const problem = `expected a day of the week and a time, found ${JSON.stringify(text)}`
  throw new UserError({
    where: '--starts',
    problem,
    hint: 'A trace that begins on a Monday at midnight has "mon 00:00".',
  })
}

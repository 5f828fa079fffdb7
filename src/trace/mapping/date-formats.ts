import { clockOf } from './moment-reader.ts'

/** Dates that tables have besides ISO 8601: a day, what parts it from the time, the time, and a zone. */
const DAYS = [
  '%d.%m.%Y',
  '%m/%d/%Y',
  '%d/%m/%Y',
  '%Y/%m/%d',
  '%Y %b %e',
  '%d-%m-%Y',
  '%d/%b/%Y',
  '%d-%b-%Y',
  '%d %b %Y',
  '%a, %d %b %Y',
  '%b %d, %Y',
]
const BETWEEN = [' ', 'T', ':', ', ', ' @ ']
const TIMES = ['%H:%M:%S', '%H:%M:%S.%f', '%H:%M:%S,%f', '%H:%M', '%I:%M:%S %p', '%I:%M %p']
const ZONES = ['', '%z', ' %z']

/** The formats, as a mapping has them, that fit all of some texts; none for dates in ISO 8601. */
export function dateFormats(texts: readonly string[]): readonly string[] {
  const [first] = texts
  if (first === undefined || !/\d[./ -].*\d:\d\d/.test(first)) return []
  return DAYS.flatMap((day) =>
    BETWEEN.flatMap((between) =>
      TIMES.flatMap((time) =>
        ZONES.map((zone) => `${day}${between}${time}${zone}`).filter((format) => fits(format, texts)),
      ),
    ),
  )
}

function fits(format: string, texts: readonly string[]): boolean {
  const clock = clockOf({ from: 0, format }, 'UTC')!
  return texts.every((text) => clock(text) !== undefined)
}

import { DAY_MINUTES } from '../../core/units.ts'
import { UserError } from '../../core/user-error.ts'
import { placeOf, shown } from './place.ts'
import { tableHeader } from './table-header.ts'

/** Where a table of counts per minute has its columns. Fields are numbered from 0. */
export interface CountHeader {
  readonly fields: number
  readonly owner: number
  readonly app: number
  readonly fn: number
  /** -1 where the table has no triggers. */
  readonly trigger: number
  /** Number of the minute of the day, from 1, that a field counts; 0 for a field that is no count. */
  readonly minute: Uint32Array
  /** The smallest and largest of them; every minute between has a column. */
  readonly firstMinute: number
  readonly lastMinute: number
}

const NAMES = ['HashOwner', 'HashApp', 'HashFunction'] as const
const TRIGGER = ['Trigger'] as const

/** Whether a header is that of a table of counts: names of an owner, an app and a function, and a numbered column. */
export function isCountHeader(header: readonly string[]): boolean {
  return NAMES.every((name) => header.includes(name)) && header.some((name) => /^\d+$/.test(name))
}

/**
 * Reads the header of a table of counts; columns may be in any order. Throws a {@link UserError} for a column that is
 * neither a name nor a minute of the day, for one that stands there twice, and for a gap between the minutes.
 */
export function countHeader(path: string, header: readonly string[]): CountHeader {
  const { at } = tableHeader(path, header, NAMES, TRIGGER)
  const minute = Uint32Array.from(header, (name, index) => minuteOf(path, name, index))
  const minutes = minute.filter((number) => number > 0).sort()
  minutes.forEach((number, index) => {
    const expected = minutes[0]! + index
    if (number === expected) return
    const problem =
      number < expected
        ? `minute ${number} has two columns`
        : `the minutes must follow one another, and minute ${expected} is missing between ${minutes[0]} and ${minutes.at(-1)}`
    throw new UserError({ where: placeOf(path, 1), problem })
  })
  return {
    fields: header.length,
    owner: at.HashOwner,
    app: at.HashApp,
    fn: at.HashFunction,
    trigger: at.Trigger ?? -1,
    minute,
    firstMinute: minutes[0]!,
    lastMinute: minutes.at(-1)!,
  }
}

function minuteOf(path: string, name: string, index: number): number {
  if ([...NAMES, ...TRIGGER].some((known) => known === name)) return 0
  const minute = /^\d{1,4}$/.test(name) ? Number(name) : 0
  if (minute >= 1 && minute <= DAY_MINUTES) return minute
  throw new UserError({
    where: placeOf(path, 1, index + 1),
    problem: `a column of counts must be ${[...NAMES, ...TRIGGER].join(', ')} or a minute from 1 to ${DAY_MINUTES}, found ${shown(name)}`,
  })
}

import { UserError } from '../../core/user-error.ts'
import type { CountHeader } from './count-header.ts'
import { placeOf, shown } from './place.ts'
import type { RecordFields } from './record.ts'
import { wrongFieldCount } from './table-header.ts'

/** The largest count of a cell. */
export const LARGEST_COUNT = 2 ** 32 - 1

/** One row of a table of counts: only minutes with invocations, as they stand in the row. Filled again for each row. */
export interface CountRow {
  owner: string
  app: string
  fn: string
  trigger: string
  /** How many cells the row has that are not zero. */
  length: number
  /** Number of the minute of the day, from 1. */
  readonly minute: Uint32Array
  readonly count: Uint32Array
}

/** A row with room for every minute of a header. */
export function newCountRow(header: CountHeader): CountRow {
  const room = header.lastMinute - header.firstMinute + 1
  return {
    owner: '',
    app: '',
    fn: '',
    trigger: '',
    length: 0,
    minute: new Uint32Array(room),
    count: new Uint32Array(room),
  }
}

/**
 * Reads a row of counts from a record's fields: the plain version of the count scanner, which the scanner itself calls
 * for every row that is out of the ordinary. Throws a {@link UserError} at the first cell that is no count.
 */
export function readCountRow(
  fields: RecordFields,
  header: CountHeader,
  row: CountRow,
  path: string,
  line: number,
): void {
  if (fields.count !== header.fields) throw wrongFieldCount(path, line, header.fields, fields.count)
  const name = (field: number): string => (field < 0 ? '' : fields.text(field))
  row.owner = name(header.owner)
  row.app = name(header.app)
  row.fn = name(header.fn)
  row.trigger = name(header.trigger)
  row.length = 0
  for (let field = 0; field < header.fields; field += 1) {
    const minute = header.minute[field]!
    if (minute === 0) continue
    const text = fields.text(field)
    const count = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (!(count <= LARGEST_COUNT)) throw noCount(placeOf(path, line, field + 1), minute, text)
    if (count === 0) continue
    row.minute[row.length] = minute
    row.count[row.length] = count
    row.length += 1
  }
}

function noCount(where: string, minute: number, text: string): UserError {
  const problem = `minute ${minute} must be a whole number from 0 to ${LARGEST_COUNT}, found ${shown(text)}`
  return new UserError({ where, problem })
}

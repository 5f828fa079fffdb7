import { UserError } from '../../core/user-error.ts'
import { placeOf, shown } from './place.ts'

/** Which field of a table's rows holds which column; columns may be in any order. */
export interface TableHeader<Required extends string, Optional extends string> {
  /** How many fields every row has. */
  readonly fields: number
  /** Number of the field, from 0, that holds a column. */
  readonly at: Readonly<Record<Required, number>> & Readonly<Partial<Record<Optional, number>>>
  /** Columns that nothing is known of. */
  readonly unknown: readonly string[]
}

/** Whether a header has all of these columns. */
export function hasColumns(header: readonly string[], columns: readonly string[]): boolean {
  return columns.every((column) => header.includes(column))
}

/** Finds a table's columns in its header. Throws a {@link UserError} when one is missing or stands there twice. */
export function tableHeader<Required extends string, Optional extends string>(
  path: string,
  header: readonly string[],
  required: readonly Required[],
  optional: readonly Optional[],
): TableHeader<Required, Optional> {
  const at = new Map<string, number>()
  header.forEach((name, index) => {
    if (!at.has(name)) at.set(name, index)
    else
      throw new UserError({
        where: placeOf(path, 1, index + 1),
        problem: `the column ${shown(name)} stands in the header twice`,
      })
  })
  const missing = required.find((name) => !at.has(name))
  if (missing !== undefined) {
    const found = header.slice(0, 10).join(',')
    throw new UserError({
      where: placeOf(path, 1),
      problem: `the header must have a column "${missing}", found ${shown(found)}`,
    })
  }
  const known: readonly string[] = [...required, ...optional]
  const unknown = header.filter((name) => !known.includes(name))
  return { fields: header.length, at: Object.fromEntries(at) as TableHeader<Required, Optional>['at'], unknown }
}

/** The complaint about a row that has not as many fields as its header. */
export function wrongFieldCount(path: string, line: number, expected: number, found: number): UserError {
  return new UserError({
    where: placeOf(path, line),
    problem: `${expected} fields were expected, as in the header, found ${found}`,
  })
}

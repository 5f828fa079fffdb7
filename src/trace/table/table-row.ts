import { basename } from 'node:path'
import { UserError } from '../../core/user-error.ts'
import { placeOf, shown } from './place.ts'
import type { RecordFields } from './record.ts'

/** A row of a table whose columns have names; the same object stands for the next row afterwards. */
export class TableRow<Column extends string> {
  line = 0
  private readonly path: string
  private readonly fields: RecordFields
  private readonly at: Readonly<Partial<Record<Column, number>>>

  /** `at` says which field, from 0, holds each column. */
  constructor(path: string, fields: RecordFields, at: Readonly<Partial<Record<Column, number>>>) {
    this.path = path
    this.fields = fields
    this.at = at
  }

  /** `file:line`, without the folders, which another machine does not have. */
  get place(): string {
    return placeOf(basename(this.path), this.line)
  }

  /** A column's text; empty where the table has no such column. */
  text(column: Column): string {
    const index = this.at[column]
    return index === undefined ? '' : this.fields.text(index)
  }

  /** Whether a column has no text, or the table no such column. */
  isEmpty(column: Column): boolean {
    const index = this.at[column]
    return index === undefined || this.fields.isEmpty(index)
  }

  /** A column's text, which must not be empty. */
  name(column: Column): string {
    const text = this.text(column)
    return text === '' ? this.refuse(column, 'a name') : text
  }

  /** A column's number, which must be from `least` to `most`; `expected` says so in words. */
  number(column: Column, least: number, most: number, expected: string): number {
    const index = this.at[column]
    const value = index === undefined ? undefined : this.fields.decimal(index)
    if (value === undefined || value < least || value > most) return this.refuse(column, expected)
    // No negative zero: it would be another bit pattern of the same time.
    return value === 0 ? 0 : value
  }

  /** Throws the complaint that a column is not what was expected. */
  refuse(column: Column, expected: string): never {
    const where = placeOf(this.path, this.line, (this.at[column] ?? 0) + 1)
    throw new UserError({ where, problem: `${column} must be ${expected}, found ${shown(this.text(column))}` })
  }
}

import { UserError } from '../../core/user-error.ts'
import { Columns } from './row-columns.ts'
import type { JoinTable } from './mapping.ts'
import { readMappedRows } from './mapped-rows.ts'

/** The rows of a second table are held; more than this are refused. */
const MOST_ROWS = 5_000_000

/** A second table, held in memory: its columns are filled in for the row at hand. */
export interface Joined {
  /** Fills in the columns; empty where no row of the second table fits. Whether one does. */
  fill(): boolean
}

/**
 * Reads a second table. `wanted` are the columns that the first table does not have itself. Throws a UserError when two
 * of its rows have one key and differ.
 */
export async function readJoined(
  { path, read = { as: 'csv' }, on }: JoinTable,
  columns: Columns,
  wanted: readonly string[],
): Promise<Joined> {
  const keys = Object.entries(on)
  const second = new Columns()
  const keySlots = keys.map(([, right]) => second.slot(right))
  const valueSlots = wanted.map((name) => second.slot(name))
  const rows = new Map<string, readonly string[]>()
  await readMappedRows(
    path,
    { read, columns: second },
    {
      onRow(line) {
        const key = keySlots.map((slot) => second.text(slot)).join('\u0000')
        const values = valueSlots.map((slot) => second.text(slot))
        const before = rows.get(key)
        if (before !== undefined && before.some((text, index) => text !== values[index])) {
          const problem = `a second row for ${JSON.stringify(key.split('\u0000').join(', '))} with other values`
          throw new UserError({ where: `${path}:${line}`, problem, hint: 'A joined table has one row per key.' })
        }
        rows.set(copied(key), values.map(copied))
        if (rows.size > MOST_ROWS) throw new UserError({ where: path, problem: `more than ${MOST_ROWS} rows to join` })
      },
      onOther() {},
    },
  )
  const leftSlots = keys.map(([left]) => columns.slot(left))
  const into = wanted.map((name) => columns.slot(name))
  return {
    fill() {
      const found = rows.get(leftSlots.map((slot) => columns.text(slot)).join('\u0000'))
      into.forEach((slot, index) => {
        columns.set(slot, found?.[index] ?? '')
      })
      return found !== undefined
    },
  }
}

/** A text of its own, that does not keep the whole file's text alive. */
export function copied(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8')
}

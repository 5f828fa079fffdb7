import { expect, it } from 'vitest'
import { NumberColumn } from '../../../src/sim/cluster/number-column.ts'

it('a column of numbers keeps what was set, in every piece and up to 2^32 - 1', () => {
  const column = new NumberColumn()
  const rows = [0, 1, 2 ** 20 - 1, 2 ** 20, 3 * 2 ** 20 + 5]
  for (const row of rows) column.set(row, 2 ** 32 - 1 - row)
  expect(rows.map((row) => column.get(row))).toEqual(rows.map((row) => 2 ** 32 - 1 - row))
})

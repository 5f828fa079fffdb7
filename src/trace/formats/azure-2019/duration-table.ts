import type { TableRow } from '../../table/table-row.ts'
import type { Defects } from './azure-defects.ts'
import type { TableFile } from './table-files.ts'
import type { TableSize } from './day-rows.ts'
import { rowKeyOf } from './repeats.ts'
import { readSmallTable, type TableTarget } from './small-table.ts'
import { DURATION_COLUMNS } from './azure-tables.ts'

const PERCENTILES = [0, 1, 25, 50, 75, 99, 100].map((percent) => `percentile_Average_${percent}` as const)
const FIGURES = ['Minimum', 'Maximum', ...PERCENTILES] as const
type DurationColumn = (typeof DURATION_COLUMNS)[number] | (typeof FIGURES)[number]

/** Durations beyond this would not be added exactly. */
const MOST = 2 ** 52

/**
 * Adds a day's mean durations to the functions that are known already. Only the Average is used, weighted by the Count,
 * which belongs to this table alone (it need not agree with the invocations). Gives the size of the table.
 */
export async function readDurations(
  file: TableFile,
  { builder, defects, repeats }: TableTarget,
  onRead: (bytes: number) => void,
): Promise<TableSize> {
  repeats.clear()
  return readSmallTable<DurationColumn>({
    file,
    required: DURATION_COLUMNS,
    optional: FIGURES,
    onRead,
    onHeader: (place) => defects.note('header-repeated', place),
    onRow(row, whole) {
      const names = [row.text('HashOwner'), row.name('HashApp'), row.name('HashFunction')] as const
      const fn = builder.rows.findFunction(...names)
      const repeat = repeats.judge(whole, fn ?? rowKeyOf(...names))
      if (repeat === 'repeated') return defects.note('durations-repeated', () => row.place)
      if (repeat === 'differing') defects.note('durations-differing', () => row.place)
      const meanMs = usableMean(row, defects)
      const weight = Math.max(1, row.number('Count', 0, MOST, 'a number from 0'))
      if (fn === undefined) defects.note('duration-without-function', () => row.place)
      else if (meanMs !== undefined) builder.addDuration(fn, meanMs, weight)
    },
  })
}

/** The mean duration that a row stands for in ms; undefined when it cannot be used. Notes what is odd about the row. */
function usableMean(row: TableRow<DurationColumn>, defects: Defects): number | undefined {
  const average = row.number('Average', -MOST, MOST, 'a number of ms')
  const figure = (column: DurationColumn): number =>
    row.isEmpty(column) ? 0 : row.number(column, -MOST, MOST, 'a number of ms')
  const minimum = figure('Minimum')
  let highest = figure('Maximum')
  for (const percentile of PERCENTILES) highest = Math.max(highest, figure(percentile))
  if (average < 0) {
    defects.note('duration-negative', () => row.place)
    return undefined
  }
  if (minimum < 0) defects.note('duration-negative-minimum', () => row.place)
  if (average > 0) return average
  defects.note(highest > 0 ? 'duration-rounded-down' : 'duration-zero', () => row.place)
  return highest > 0 ? 1 : undefined
}

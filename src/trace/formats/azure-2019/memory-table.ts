import { exactSum } from '../../../core/exact-sum.ts'
import type { TraceBuilder } from '../../build/builder.ts'
import { hasColumns } from '../../table/table-header.ts'
import { WeightedMeans } from '../../build/weighted-means.ts'
import type { TableFile } from './table-files.ts'
import type { TableSize } from './day-rows.ts'
import { rowKeyOf } from './repeats.ts'
import { readSmallTable, type TableTarget } from './small-table.ts'
import { MEMORY_COLUMNS } from './azure-tables.ts'

type MemoryColumn = (typeof MEMORY_COLUMNS)[number] | 'HashFunction'

const MOST = 2 ** 40

/**
 * Adds a day's mean memory to the apps that are known already: AverageAllocatedMb, weighted by SampleCount. Where the
 * table has a column HashFunction (as the samples of InVitro have), its rows are shares of functions and are added up
 * per app. Gives the size of the table.
 */
export async function readMemory(
  file: TableFile,
  { builder, defects, repeats }: TableTarget,
  onRead: (bytes: number) => void,
): Promise<TableSize> {
  repeats.clear()
  const shares = hasColumns(file.header, ['HashFunction']) ? new Shares() : undefined
  const size = await readSmallTable<MemoryColumn>({
    file,
    required: MEMORY_COLUMNS,
    optional: ['HashFunction'],
    onRead,
    onHeader: (place) => defects.note('header-repeated', place),
    onRow(row, whole) {
      const [owner, app, fn] = [row.text('HashOwner'), row.name('HashApp'), row.text('HashFunction')]
      const appRow = builder.rows.findApp(owner, app)
      const repeat = repeats.judge(whole, fn === '' && appRow !== undefined ? appRow : rowKeyOf(owner, app, fn))
      if (repeat === 'repeated') return defects.note('memory-repeated', () => row.place)
      if (repeat === 'differing') defects.note('memory-differing', () => row.place)
      if (shares !== undefined) defects.note('memory-per-function', () => row.place)
      const mb = row.number('AverageAllocatedMb', -MOST, MOST, 'a number of MB')
      const weight = Math.max(1, row.number('SampleCount', 0, MOST, 'a number from 0'))
      if (appRow === undefined) defects.note('memory-without-app', () => row.place)
      if (mb <= 0) defects.note('memory-not-positive', () => row.place)
      if (appRow === undefined || mb <= 0) return
      if (shares === undefined) builder.addMemory(owner, app, mb, weight)
      else shares.add(appRow, fn, mb, weight)
    },
  })
  shares?.addTo(builder)
  return size
}

/** A day's memory in shares of functions. */
class Shares {
  private readonly rows = new Map<string, number>()
  private readonly appOf: number[] = []
  private readonly mean = new WeightedMeans()
  private readonly weight = new Map<number, number>()

  add(appRow: number, fn: string, mb: number, weight: number): void {
    const key = rowKeyOf(String(appRow), fn)
    const row = this.rows.get(key) ?? this.rows.size
    this.rows.set(key, row)
    this.appOf[row] = appRow
    this.mean.add(row, mb, weight)
    // Every share of an app was sampled as often as the app; where they differ the largest figure stands for it.
    this.weight.set(appRow, Math.max(weight, this.weight.get(appRow) ?? 0))
  }

  addTo(builder: TraceBuilder): void {
    const means = this.mean.means(this.rows.size)
    const ofApp = new Map<number, number[]>()
    for (const [row, appRow] of this.appOf.entries()) {
      const parts = ofApp.get(appRow)
      if (parts === undefined) ofApp.set(appRow, [means[row]!])
      else parts.push(means[row]!)
    }
    for (const [appRow, parts] of ofApp) {
      builder.addMemory(...builder.rows.ownerAndApp(appRow), exactSum(parts), this.weight.get(appRow)!)
    }
  }
}

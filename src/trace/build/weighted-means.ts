import { exactSum } from '../../core/exact-sum.ts'
import { GrowingColumn } from '../../core/column.ts'

/** Weighted means per row of measurements that come in any order: the order changes no bit of a mean. */
export class WeightedMeans {
  private readonly row = new GrowingColumn('uint32')
  private readonly value = new GrowingColumn('float64')
  private readonly weight = new GrowingColumn('float64')
  private readonly measured = new GrowingColumn('uint32')

  /** A measurement of a row; `weight` must be above 0 and finite. */
  add(row: number, value: number, weight: number): void {
    if (!(weight > 0 && Number.isFinite(weight * value))) throw new Error(`no mean of ${value} with weight ${weight}`)
    this.measured.set(row, 1)
    this.row.push(row)
    this.value.push(value)
    this.weight.push(weight)
  }

  /** Whether a row has a measurement. */
  has(row: number): boolean {
    return this.measured.at(row) === 1
  }

  /** The mean of each of `rows` rows, NaN where a row has no measurement. */
  means(rows: number): Float64Array {
    const measurements = Array.from<unknown, number[]>({ length: rows }, () => [])
    for (let index = 0; index < this.row.length; index += 1) measurements[this.row.at(index)]!.push(index)
    return Float64Array.from(measurements, (indices) => this.mean(indices))
  }

  private mean(indices: readonly number[]): number {
    if (indices.length === 0) return Number.NaN
    // A lone measurement is itself; dividing its product by its weight could round.
    if (indices.length === 1) return this.value.at(indices[0]!)
    const weights = exactSum(indices.map((index) => this.weight.at(index)))
    return exactSum(indices.map((index) => this.weight.at(index) * this.value.at(index))) / weights
  }
}

import { GrowingColumn } from '../../core/column.ts'

/** So many counts that never fall, from the first that is not 0 on, are those of a counter. */
const FEWEST = 20

/** Finds functions whose counts never fall and rise more than once: a counter adds up what came before. */
export class GrowingCounts {
  private readonly last = new GrowingColumn('float64')
  /** Counts from the first that is not 0 on, and how often they rose. */
  private readonly seen = new GrowingColumn('uint32')
  private readonly rises = new GrowingColumn('uint32')
  private readonly hasFallen = new GrowingColumn('uint32')

  /** The next count of a function in the order of time; 0 where a table leaves it out. */
  take(fn: number, count: number): void {
    const before = this.last.at(fn)
    const seen = this.seen.at(fn)
    if (seen === 0 && count === 0) return
    if (count < before) this.hasFallen.set(fn, 1)
    else if (seen > 0 && count > before) this.rises.set(fn, this.rises.at(fn) + 1)
    this.seen.set(fn, seen + 1)
    this.last.set(fn, count)
  }

  /** The functions that only grow. */
  *found(): Iterable<number> {
    for (let fn = 0; fn < this.seen.length; fn += 1) {
      if (this.seen.at(fn) >= FEWEST && this.rises.at(fn) > 1 && this.hasFallen.at(fn) === 0) yield fn
    }
  }
}

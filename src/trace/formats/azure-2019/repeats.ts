import { GrowingColumn } from '../../../core/column.ts'

/** What a row is beside the earlier rows of its day. */
export type Repeat = 'new' | 'repeated' | 'differing'

const FIRST_ROOM = 1 << 16

/**
 * Tells rows that repeat another of their day from rows that say something else of the same thing. The rows of a day stand in
 * one piece of memory, which each day fills anew: as texts they would be the largest part of what an import leaves behind.
 */
export class Repeats {
  /** The rows about each thing, by number: nearly always one. */
  private readonly rows = new Map<string | number, number | readonly number[]>()
  private texts = new Uint8Array(FIRST_ROOM)
  /** Where each row ends in the texts; it begins where the one before ends. */
  private readonly end = new GrowingColumn('float64')
  private count = 0

  /** Another day begins. */
  clear(): void {
    this.rows.clear()
    this.count = 0
  }

  /** Judges a row by its whole text and by the key of what it is about: the row of a function or app, or names where there is none. */
  judge(text: Uint8Array, key: string | number): Repeat {
    const known = this.rows.get(key)
    if (known === undefined) {
      this.rows.set(key, this.add(text))
      return 'new'
    }
    const all = typeof known === 'number' ? [known] : known
    if (all.some((row) => Buffer.compare(this.textOf(row), text) === 0)) return 'repeated'
    this.rows.set(key, [...all, this.add(text)])
    return 'differing'
  }

  private add(text: Uint8Array): number {
    const at = this.endOf(this.count - 1)
    const end = at + text.length
    if (end > this.texts.length) {
      const longer = new Uint8Array(2 * end)
      longer.set(this.texts.subarray(0, at))
      this.texts = longer
    }
    this.texts.set(text, at)
    this.end.set(this.count, end)
    this.count += 1
    return this.count - 1
  }

  private textOf(row: number): Uint8Array {
    return this.texts.subarray(this.endOf(row - 1), this.endOf(row))
  }

  private endOf(row: number): number {
    return row < 0 ? 0 : this.end.at(row)
  }
}

/** One text for several names; names hold no zero byte. */
export function rowKeyOf(...names: readonly string[]): string {
  return names.join('\u0000')
}

/** What a row is beside the earlier rows of its day. */
export type Repeat = 'new' | 'repeated' | 'differing'

/** Tells rows that repeat another of their day from rows that say something else of the same thing. */
export class Repeats {
  /** The rows about each thing, which is nearly always one. */
  private readonly rows = new Map<string | number, string | string[]>()

  /** Judges a row by its whole text and by the key of what it is about: the row of a function, or names where there is none. */
  judge(raw: string, key: string | number): Repeat {
    const known = this.rows.get(key)
    if (known === undefined) {
      this.rows.set(key, raw)
      return 'new'
    }
    const all = typeof known === 'string' ? [known] : known
    if (all.includes(raw)) return 'repeated'
    this.rows.set(key, [...all, raw])
    return 'differing'
  }
}

/** One text for several names; names hold no zero byte. */
export function rowKeyOf(...names: readonly string[]): string {
  return names.join('\u0000')
}

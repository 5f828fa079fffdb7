/** What a row is beside the earlier rows of its day. */
export type Repeat = 'new' | 'repeated' | 'differing'

/** Tells rows that repeat another of their day from rows that say something else of the same thing. */
export class Repeats {
  private readonly raws = new Set<string>()
  private readonly keys = new Set<string>()

  /** Judges a row by its whole text and by the key of what it is about. */
  judge(raw: string, key: string): Repeat {
    if (this.raws.has(raw)) return 'repeated'
    this.raws.add(raw)
    if (this.keys.has(key)) return 'differing'
    this.keys.add(key)
    return 'new'
  }
}

/** One text for several names; names hold no zero byte. */
export function keyOf(...names: readonly string[]): string {
  return names.join('\u0000')
}

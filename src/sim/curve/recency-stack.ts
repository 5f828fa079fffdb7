/** The distance of an app's first use. */
export const NEVER_USED = Number.POSITIVE_INFINITY
/** The fewest positions that are worth renumbering. */
const FEWEST_POSITIONS = 1024

/**
 * Apps in the order of their last use, which tells how much memory lies between two uses of one: the stack of Mattson,
 * Gecsei, Slutz and Traiger, "Evaluation techniques for storage hierarchies", IBM Systems Journal 9(2), 1970, with apps
 * of unequal size in place of pages. A Fenwick tree ("A new data structure for cumulative frequency tables", Software:
 * Practice and Experience 24(3), 1994) holds the sizes at the positions of the last uses. An arrival takes time in the
 * logarithm of the uses since the app's last one, and of four times the apps at most: positions are renumbered when they
 * run out. Hot: measured by bench/reuse-distance.ts.
 */
export class RecencyStack {
  private readonly size: Float64Array
  /** The position of each app's last use, from 1 on; 0 before its first. */
  private readonly position: Uint32Array
  /** The app that was used at each position. It lies there no more once it was used again. */
  private readonly appAt: Uint32Array
  /** Node `i` sums the sizes at the `i & -i` positions that end with `i`; nodes beyond `end` are not made yet. */
  private readonly tree: Float64Array
  private end = 0

  /** `size`: whole numbers of at least 1, a row per app, all together below 2^53. */
  constructor(size: Float64Array) {
    const positions = Math.max(FEWEST_POSITIONS, 4 * size.length)
    this.size = size
    this.position = new Uint32Array(size.length)
    this.appAt = new Uint32Array(positions + 1)
    this.tree = new Float64Array(positions + 1)
  }

  /**
   * Uses an app and gives its reuse distance: the size of the distinct apps used since its last use, itself included;
   * {@link NEVER_USED} where this is the first.
   */
  use(app: number): number {
    const { end, position } = this
    const last = position[app]!
    if (last === 0) {
      this.append(app)
      return NEVER_USED
    }
    const size = this.size[app]!
    if (last === end) return size
    const distance = this.sumFrom(last)
    const { tree } = this
    for (let node = last; node <= end; node += node & -node) tree[node]! -= size
    position[app] = 0
    this.append(app)
    return distance
  }

  /** The sizes at `first` and all later positions. Both walks end at the first common ancestor, near for recent uses. */
  private sumFrom(first: number): number {
    const { tree } = this
    let high = this.end
    let low = first - 1
    let sum = 0
    for (; high > low; high &= high - 1) sum += tree[high]!
    for (; low > high; low &= low - 1) sum -= tree[low]!
    return sum
  }

  private append(app: number): void {
    if (this.end + 1 === this.tree.length) this.renumber()
    const { tree } = this
    const at = this.end + 1
    const span = at & -at
    let sum = this.size[app]!
    for (let step = 1; step < span; step *= 2) sum += tree[at - step]!
    tree[at] = sum
    this.appAt[at] = app
    this.position[app] = at
    this.end = at
  }

  /** Moves the apps, in their order, to the lowest positions. */
  private renumber(): void {
    const { appAt, end, position } = this
    this.end = 0
    for (let from = 1; from <= end; from += 1) {
      const app = appAt[from]!
      if (position[app] === from) this.append(app)
    }
  }
}

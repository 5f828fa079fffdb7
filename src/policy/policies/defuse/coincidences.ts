/** In a stretch in which more apps of one owner were invoked, nothing tells who depends on whom. */
const MOST_TOGETHER = 100

/** Which apps of one owner are invoked within the same stretches of time, and what that says of their dependencies. */
export class Coincidences {
  private readonly apps: readonly number[]
  /** Row here by app, and stretches in which each was invoked, by row. */
  private readonly rowOf: ReadonlyMap<number, number>
  private readonly alone: Float64Array
  private readonly idles: Float64Array
  /** Stretches in which two were, by row of the lesser x rows + row of the greater. */
  private readonly pairs = new Map<number, number>()
  /** Stretches in which any was. */
  private stretches = 0
  private present = -1
  private readonly now = new Set<number>()

  constructor(apps: readonly number[]) {
    this.apps = apps
    this.rowOf = new Map(apps.map((app, row) => [app, row]))
    this.alone = new Float64Array(apps.length)
    this.idles = new Float64Array(apps.length)
  }

  /** An app of the owner was invoked in that stretch, and ended an idle time or not. */
  hear(app: number, stretch: number, endsIdle: boolean): void {
    const row = this.rowOf.get(app)!
    if (endsIdle) this.idles[row]! += 1
    if (this.apps.length === 1) return
    if (stretch !== this.present) {
      this.count()
      this.present = stretch
    }
    this.now.add(row)
  }

  /** Counts the present stretch, which is over. */
  private count(): void {
    const { now, pairs, apps } = this
    if (now.size > 0 && now.size <= MOST_TOGETHER) {
      this.stretches += 1
      const rows = [...now].sort((one, other) => one - other)
      for (const [at, one] of rows.entries()) {
        this.alone[one]! += 1
        for (const other of rows.slice(at + 1)) {
          const key = one * apps.length + other
          pairs.set(key, (pairs.get(key) ?? 0) + 1)
        }
      }
    }
    now.clear()
  }

  /**
   * The apps in sets that depend on each other, each app in one set. Strong: together in at least the part `support` of the
   * stretches; since all parts of a frequent set are frequent, pairs find the same sets as all frequent patterns do. Weak:
   * an app with fewer than `frequent` idle times depends on the one of the others to which its pointwise mutual information
   * is greatest, where that is above 0; of equal ones on the first.
   */
  sets(support: number, frequent: number): number[][] {
    const { apps, alone, pairs, stretches } = this
    const root = Uint32Array.from(apps, (_, row) => row)
    const find = (row: number): number => {
      let top = row
      while (root[top] !== top) top = root[top]!
      return top
    }
    const join = (one: number, other: number): void => {
      const [low, high] = [find(one), find(other)].sort((a, b) => a - b) as [number, number]
      root[high] = low
    }
    const isRare = (row: number): boolean => this.idles[row]! < frequent
    const best = new Map<number, { row: number; ratio: number }>()
    const consider = (rare: number, row: number, ratio: number): void => {
      const found = best.get(rare)
      if (ratio > 1 && (found === undefined || ratio > found.ratio || (ratio === found.ratio && row < found.row)))
        best.set(rare, { row, ratio })
    }
    for (const [key, times] of pairs) {
      const [one, other] = [Math.floor(key / apps.length), key % apps.length]
      if (times >= support * stretches) join(one, other)
      // The logarithm of this is the information: above 0 where it is above 1.
      const ratio = (times * stretches) / (alone[one]! * alone[other]!)
      if (isRare(one) && !isRare(other)) consider(one, other, ratio)
      if (isRare(other) && !isRare(one)) consider(other, one, ratio)
    }
    for (const [rare, { row }] of best) join(rare, row)
    const sets = new Map<number, number[]>()
    for (const [row, app] of apps.entries()) {
      const top = find(row)
      const set = sets.get(top)
      if (set === undefined) sets.set(top, [app])
      else set.push(app)
    }
    return [...sets.values()]
  }

  save() {
    const { alone, idles, pairs, stretches, present, now } = this
    return { alone: [...alone], idles: [...idles], pairs: [...pairs], stretches, present, now: [...now] }
  }

  load(saved: ReturnType<Coincidences['save']>): void {
    this.alone.set(saved.alone)
    this.idles.set(saved.idles)
    for (const [key, times] of saved.pairs) this.pairs.set(key, times)
    this.stretches = saved.stretches
    this.present = saved.present
    for (const row of saved.now) this.now.add(row)
  }
}

/** Reuse distances the plain way: a list of apps kept in the order of their last use, latest first. */
export class RecencyList {
  private readonly size: Float64Array
  private readonly latestFirst: number[] = []

  constructor(size: Float64Array) {
    this.size = size
  }

  /** Uses an app; gives the size of the distinct apps used since its last use, itself included, Infinity at its first. */
  use(app: number): number {
    const { latestFirst, size } = this
    let distance = 0
    for (let place = 0; place < latestFirst.length; place += 1) {
      distance += size[latestFirst[place]!]!
      if (latestFirst[place] !== app) continue
      latestFirst.splice(place, 1)
      latestFirst.unshift(app)
      return distance
    }
    latestFirst.unshift(app)
    return Number.POSITIVE_INFINITY
  }
}

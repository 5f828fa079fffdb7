/** Per row, the latest times at which something happened to it, as a ring. */
export class RecentTimes {
  readonly rows: number
  private readonly length: number
  private readonly forgetMs: number
  private readonly times: Float64Array
  private readonly counts: Float64Array

  constructor(rows: number, { recent, forget }: { readonly recent: number; readonly forget: number }) {
    this.rows = rows
    this.length = recent
    this.forgetMs = forget
    this.times = new Float64Array(rows * recent)
    this.counts = new Float64Array(rows)
  }

  add(row: number, now: number): void {
    this.times[row * this.length + (this.counts[row]! % this.length)] = now
    this.counts[row]! += 1
  }

  /** Ms from one time to the next, on average since the oldest that is not forgotten; 0 where that cannot be told. */
  meanMs(row: number, now: number): number {
    const { times, length } = this
    const count = this.counts[row]!
    for (let back = Math.min(count, length); back > 0; back -= 1) {
      const oldest = times[row * length + ((count - back) % length)]!
      if (now - oldest < this.forgetMs) return (now - oldest) / back
    }
    return 0
  }

  /** The times of a row, oldest first. */
  save(row: number): number[] {
    const count = this.counts[row]!
    const kept = Math.min(count, this.length)
    return Array.from({ length: kept }, (_, at) => this.times[row * this.length + ((count - kept + at) % this.length)]!)
  }

  /** Takes back what {@link save} gave. */
  load(row: number, times: readonly number[]): void {
    this.counts[row] = 0
    for (const time of times) this.add(row, time)
  }
}

import type { RandomStream } from '../../core/random.ts'
import type { IdlePool } from './idle-pool.ts'

/** Idle instances of which any goes first, all with equal chances. */
export class RandomPool implements IdlePool {
  private readonly stream: RandomStream
  private readonly idle: number[] = []
  /** Where each idle instance stands in `idle`. */
  private readonly place: number[] = []

  constructor(stream: RandomStream) {
    this.stream = stream
  }

  add(instance: number): void {
    this.place[instance] = this.idle.length
    this.idle.push(instance)
  }

  remove(instance: number): void {
    const last = this.idle.pop()!
    if (last === instance) return
    const place = this.place[instance]!
    this.idle[place] = last
    this.place[last] = place
  }

  forget(): void {}

  victim(spared?: ReadonlySet<number>): number {
    const idle = spared === undefined ? this.idle : this.idle.filter((instance) => !spared.has(instance))
    return idle[Math.floor(this.stream.uniform() * idle.length)]!
  }
}

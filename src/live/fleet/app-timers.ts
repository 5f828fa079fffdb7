import { TimerQueue } from '../../core/timer-queue.ts'

/** When which app has a timer due. One timer stands for each app; of those that it took the place of, none is heard. */
export class AppTimers {
  private readonly queue = new TimerQueue()
  private readonly dueAt: Float64Array
  private readonly dueRank: Uint8Array
  /** Timers that are kept at most: of those that are not heard, some may be due in a year. */
  private readonly most: number

  constructor(apps: number) {
    this.dueAt = new Float64Array(apps).fill(Infinity)
    this.dueRank = new Uint8Array(apps)
    this.most = 2 * apps + 1000
  }

  /** Time and rank of the earliest timer, Infinity when there is none, and whose it is. May be one that is not heard. */
  get nextTime(): number {
    return this.queue.nextTime
  }

  get nextRank(): number {
    return this.queue.nextRank
  }

  /** Sees that a timer no later than (time, rank) stands for the app. */
  schedule(app: number, time: number, rank: number): void {
    const standing = this.dueAt[app]!
    if (time > standing || time === Infinity || (time === standing && rank >= this.dueRank[app]!)) return
    this.dueAt[app] = time
    this.dueRank[app] = rank
    this.queue.push(time, rank, app, 0)
    if (this.queue.size > this.most) this.clear()
  }

  /** Takes the earliest timer; gives its app, or -1 where another took its place. */
  take(): number {
    const { queue, dueAt } = this
    const app = queue.nextSubject
    const isStanding = dueAt[app] === queue.nextTime && this.dueRank[app] === queue.nextRank
    queue.pop()
    if (!isStanding) return -1
    dueAt[app] = Infinity
    return app
  }

  /** How many timers are kept, those that are not heard among them. */
  get size(): number {
    return this.queue.size
  }

  /** Drops the timers that are not heard. */
  private clear(): void {
    this.queue.clear()
    for (const [app, time] of this.dueAt.entries()) {
      if (time < Infinity) this.queue.push(time, this.dueRank[app]!, app, 0)
    }
  }
}

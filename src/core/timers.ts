/** Timers in the total order (time, rank, order of scheduling). */
export interface Timers {
  /** Number of pending timers. */
  readonly size: number
  /** Time of the earliest timer; Infinity when there is none. */
  readonly nextTime: number
  /** Rank, subject and detail of the earliest timer. Only while `size` is above 0. */
  readonly nextRank: number
  readonly nextSubject: number
  readonly nextDetail: number
  /** Schedules a timer. */
  push(time: number, rank: number, subject: number, detail: number): void
  /** Takes the earliest timer away. Only while `size` is above 0. */
  pop(): void
  /** Drops all timers. */
  clear(): void
}

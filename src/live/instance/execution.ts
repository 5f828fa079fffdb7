import { Fault } from '../fault.ts'

/** One execution that may be given up, for its time limit or because its instance is gone. Cheaper than an AbortSignal. */
export class Run {
  /** Why it was given up; undefined while it was not. */
  reason: Fault | undefined
  /** When it takes too long (ms of the monotonic clock), and what is said then. */
  untilMs = Number.POSITIVE_INFINITY
  late: () => Fault = () => new Fault('timeout', 'it took too long')
  private heard: ((why: Fault) => void) | undefined

  /** Calls back once, with why it is given up; at once where it already was. Only the last callback counts. */
  onGivenUp(heard: (why: Fault) => void): void {
    if (this.reason === undefined) this.heard = heard
    else heard(this.reason)
  }

  giveUp(why: Fault): void {
    if (this.reason !== undefined) return
    this.reason = why
    this.heard?.(why)
  }
}

import type { Reason } from '../../engine/ledger.ts'

/** A call that waits for room. */
export interface Waiter<C> {
  readonly app: number
  readonly fn: number
  readonly call: C
  /** When it arrived. */
  readonly since: number
  /** Why it needed a load. */
  readonly reason: Reason
}

/** Calls that wait for room, in the order in which they came. */
export class CallLine<C> {
  private readonly entries: Waiter<C>[] = []
  private head = 0
  private readonly counts = new Map<number, number>()

  get size(): number {
    return this.entries.length - this.head
  }

  /** The one that waits longest; there is one. */
  get first(): Waiter<C> {
    return this.entries[this.head]!
  }

  /** How many calls of the app wait. */
  of(app: number): number {
    return this.counts.get(app) ?? 0
  }

  add(waiter: Waiter<C>): void {
    this.entries.push(waiter)
    this.counts.set(waiter.app, this.of(waiter.app) + 1)
  }

  shift(): Waiter<C> {
    const waiter = this.first
    this.head += 1
    this.counts.set(waiter.app, this.of(waiter.app) - 1)
    // Only now and then, so that each entry is moved about once in all.
    if (this.head > 1000 && this.head * 2 > this.entries.length) {
      this.entries.splice(0, this.head)
      this.head = 0
    }
    return waiter
  }
}

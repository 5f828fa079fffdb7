import { grown } from '../../core/column.ts'

/** What an instance is doing. */
export const GONE = 0
export const LOADING = 1
const IDLE = 2
export const BUSY = 3

/**
 * The instances of one app by their numbers, and the idle ones of them as a stack: the newest at the top works next, the oldest
 * at the bottom goes first. A number whose instance is gone is used again. Hot: measured by bench/day.ts.
 */
export class InstanceColumns {
  /** Numbers that were ever used. */
  length = 0
  /** What they do, since when, when their loading began, and whether (1) they were loaded for nobody and never used. */
  state = new Int32Array(64)
  since = new Float64Array(64)
  bornAt = new Float64Array(64)
  isUnused = new Int32Array(64)
  /** The invocation that waits for the load: its function and duration in ms, which is negative where nobody waits. */
  awaitedFn = new Uint32Array(64)
  awaitedMs = new Float64Array(64)
  /** The stack is the rows `bottom` up to, not including, `top`. */
  bottom = 0
  top = 0
  private stack = new Int32Array(64)
  private readonly free: number[] = []

  /** Number of idle instances. */
  get idle(): number {
    return this.top - this.bottom
  }

  /** The idle instance that became so last. Only where there is one. */
  get newest(): number {
    return this.stack[this.top - 1]!
  }

  /** The idle instance that became so first. Only where there is one. */
  get oldest(): number {
    return this.stack[this.bottom]!
  }

  /** An instance becomes the newest idle one. */
  rest(instance: number, now: number): void {
    this.since[instance] = now
    this.state[instance] = IDLE
    if (this.top === this.bottom) {
      this.top = 0
      this.bottom = 0
    } else if (this.top === this.stack.length) this.makeRoom()
    this.stack[this.top] = instance
    this.top += 1
  }

  /** The number of an instance that is nobody's. */
  take(): number {
    const free = this.free.pop()
    if (free !== undefined) return free
    if (this.length === this.state.length) {
      const room = 2 * this.length
      this.state = grown(this.state, room)
      this.since = grown(this.since, room)
      this.bornAt = grown(this.bornAt, room)
      this.isUnused = grown(this.isUnused, room)
      this.awaitedFn = grown(this.awaitedFn, room)
      this.awaitedMs = grown(this.awaitedMs, room)
    }
    this.length += 1
    return this.length - 1
  }

  /** Takes the number of an instance back that is gone. */
  give(instance: number): void {
    this.state[instance] = GONE
    this.free.push(instance)
  }

  /** Forgets all. */
  clear(): void {
    this.length = 0
    this.free.length = 0
    this.bottom = 0
    this.top = 0
  }

  private makeRoom(): void {
    const { bottom, stack, top } = this
    if (bottom <= top >> 1) this.stack = new Int32Array(2 * stack.length)
    this.stack.set(stack.subarray(bottom, top))
    this.bottom = 0
    this.top = top - bottom
  }
}

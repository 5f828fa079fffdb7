import { TimerHeap } from './timer-heap.ts'
import type { Timers } from './timers.ts'

/** Timers of one rank are numbered in the order of scheduling; ranks are further apart than numbers can get. */
const RANK = 2 ** 50

/**
 * Timers in the total order (time, rank, order of scheduling), for schedules in which most timers are later than all
 * before them: ends of executions that take equally long. The earliest timer is kept in plain fields; those that come in
 * order go to the end of a ring and cost the same however many are pending; only the others go into a heap. Hot:
 * measured by bench/timers.ts against the heap alone.
 */
export class TimerQueue implements Timers {
  /** Number of pending timers. */
  size = 0
  /** Time of the earliest timer; Infinity when there is none. */
  nextTime = Number.POSITIVE_INFINITY
  /** Subject and detail of the earliest timer. Only while `size` is above 0. */
  nextSubject = 0
  nextDetail = 0
  private nextOrder = 0.5
  private serial = 0
  private readonly heap = new TimerHeap()
  /** The ring: pending rows from `head` up to, not including, `tail`, modulo its length, a power of 2. */
  private times = new Float64Array(64)
  private orders = new Float64Array(64)
  private subjects = new Int32Array(64)
  private details = new Int32Array(64)
  private head = 0
  private tail = 0

  /** Rank of the earliest timer. Only while `size` is above 0. */
  get nextRank(): number {
    return this.nextOrder < RANK ? 0 : Math.floor(this.nextOrder / RANK)
  }

  /** Schedules a timer. At equal times the lower rank (0 to 7) goes first, then the one scheduled first. */
  push(time: number, rank: number, subject: number, detail: number): void {
    const order = rank * RANK + this.serial
    this.serial += 1
    this.size += 1
    if (time < this.nextTime || (time === this.nextTime && order < this.nextOrder)) {
      if (this.size > 1) this.heap.insert(this.nextTime, this.nextOrder, this.nextSubject, this.nextDetail)
      this.show(time, order, subject, detail)
    } else if (this.comesLast(time, order)) this.append(time, order, subject, detail)
    else this.heap.insert(time, order, subject, detail)
  }

  /** Takes the earliest timer away. Only while `size` is above 0. */
  pop(): void {
    const { heap, head } = this
    this.size -= 1
    if (this.size === 0) {
      this.nextTime = Number.POSITIVE_INFINITY
      return
    }
    if (head !== this.tail) {
      const row = head & (this.times.length - 1)
      const time = this.times[row]!
      if (time < heap.nextTime || (time === heap.nextTime && this.orders[row]! < heap.nextOrder)) {
        this.show(time, this.orders[row]!, this.subjects[row]!, this.details[row]!)
        this.head = head + 1
        return
      }
    }
    this.show(heap.nextTime, heap.nextOrder, heap.nextSubject, heap.nextDetail)
    heap.pop()
  }

  /** Drops all timers. */
  clear(): void {
    this.size = 0
    this.nextTime = Number.POSITIVE_INFINITY
    this.heap.clear()
    this.tail = this.head
  }

  private show(time: number, order: number, subject: number, detail: number): void {
    this.nextTime = time
    this.nextOrder = order
    this.nextSubject = subject
    this.nextDetail = detail
  }

  private comesLast(time: number, order: number): boolean {
    if (this.head === this.tail) return true
    const row = (this.tail - 1) & (this.times.length - 1)
    const latest = this.times[row]!
    return time > latest || (time === latest && order > this.orders[row]!)
  }

  private append(time: number, order: number, subject: number, detail: number): void {
    if (this.head === this.tail) {
      this.head = 0
      this.tail = 0
    }
    if (this.tail - this.head === this.times.length) this.grow()
    const row = this.tail & (this.times.length - 1)
    this.times[row] = time
    this.orders[row] = order
    this.subjects[row] = subject
    this.details[row] = detail
    this.tail += 1
  }

  private grow(): void {
    this.times = unrolled(this.times, new Float64Array(this.times.length * 2), this.head)
    this.orders = unrolled(this.orders, new Float64Array(this.orders.length * 2), this.head)
    this.subjects = unrolled(this.subjects, new Int32Array(this.subjects.length * 2), this.head)
    this.details = unrolled(this.details, new Int32Array(this.details.length * 2), this.head)
    this.tail -= this.head
    this.head = 0
  }
}

/** A full ring's rows in order, at the beginning of a larger one. */
function unrolled<T extends Float64Array | Int32Array>(ring: T, larger: T, head: number): T {
  const start = head & (ring.length - 1)
  larger.set(ring.subarray(start))
  larger.set(ring.subarray(0, start), ring.length - start)
  return larger
}

import { TimerHeap } from './timer-heap.ts'

/** Timers of one rank are numbered in the order of scheduling; ranks are further apart than numbers can get. */
const RANK = 2 ** 50

/**
 * Timers in the total order (time, rank, order of scheduling), for schedules in which most timers are later than all
 * before them: ends of executions that take equally long. Those go to the end of a ring and cost the same however many
 * are pending; only the others go into a heap. Hot: measured by bench/timers.ts against the heap alone.
 */
export class TimerQueue {
  /** Number of pending timers. */
  size = 0
  /** Time, rank, subject and detail of the earliest timer; the time is Infinity when there is none. */
  nextTime = Number.POSITIVE_INFINITY
  nextRank = 0
  nextSubject = 0
  nextDetail = 0
  private readonly heap = new TimerHeap()
  private isNextInRing = false
  private serial = 0
  /** The ring: pending rows from `head` up to, not including, `tail`, modulo its length, a power of 2. */
  private times = new Float64Array(64)
  private orders = new Float64Array(64)
  private subjects = new Int32Array(64)
  private details = new Int32Array(64)
  private head = 0
  private tail = 0
  private latest = Number.NEGATIVE_INFINITY
  private latestOrder = 0

  /** Schedules a timer. At equal times the lower rank (0 to 7) goes first, then the one scheduled first. */
  push(time: number, rank: number, subject: number, detail: number): void {
    const order = rank * RANK + this.serial
    this.serial += 1
    this.size += 1
    const isLast = time > this.latest || (time === this.latest && order > this.latestOrder)
    if (isLast) this.append(time, order, subject, detail)
    else this.heap.insert(time, order, subject, detail)
    if (time < this.nextTime || (time === this.nextTime && rank < this.nextRank)) {
      this.nextTime = time
      this.nextRank = rank
      this.nextSubject = subject
      this.nextDetail = detail
      this.isNextInRing = isLast
    }
  }

  /** Takes the earliest timer away. Only while `size` is above 0. */
  pop(): void {
    this.size -= 1
    if (this.isNextInRing) {
      this.head += 1
      if (this.head === this.tail) this.empty()
    } else this.heap.pop()
    this.findNext()
  }

  /** Drops all timers. */
  clear(): void {
    this.size = 0
    this.heap.clear()
    this.empty()
    this.findNext()
  }

  private empty(): void {
    this.head = 0
    this.tail = 0
    this.latest = Number.NEGATIVE_INFINITY
  }

  private findNext(): void {
    const { heap } = this
    const row = this.head & (this.times.length - 1)
    const ringTime = this.head === this.tail ? Number.POSITIVE_INFINITY : this.times[row]!
    const heapTime = heap.nextTime
    if (ringTime < heapTime || (ringTime === heapTime && heap.size > 0 && this.orders[row]! < heap.nextOrder)) {
      const order = this.orders[row]!
      this.isNextInRing = true
      this.nextTime = ringTime
      this.nextRank = order < RANK ? 0 : Math.floor(order / RANK)
      this.nextSubject = this.subjects[row]!
      this.nextDetail = this.details[row]!
      return
    }
    this.isNextInRing = false
    this.nextTime = heapTime
    if (heap.size === 0) return
    this.nextRank = Math.floor(heap.nextOrder / RANK)
    this.nextSubject = heap.nextSubject
    this.nextDetail = heap.nextDetail
  }

  private append(time: number, order: number, subject: number, detail: number): void {
    if (this.tail - this.head === this.times.length) this.grow()
    const row = this.tail & (this.times.length - 1)
    this.times[row] = time
    this.orders[row] = order
    this.subjects[row] = subject
    this.details[row] = detail
    this.tail += 1
    this.latest = time
    this.latestOrder = order
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

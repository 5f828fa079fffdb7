import { grown } from './column.ts'

/** A binary heap of timers by (time, order). Columns instead of objects: inserting and taking makes no garbage. */
export class TimerHeap {
  /** Number of pending timers. */
  size = 0
  /** Time of the earliest timer; Infinity when there is none. */
  nextTime = Number.POSITIVE_INFINITY
  private times = new Float64Array(64)
  private orders = new Float64Array(64)
  private subjects = new Int32Array(64)
  private details = new Int32Array(64)

  /** Inserts a timer; at equal times the lower order goes first. */
  insert(time: number, order: number, subject: number, detail: number): void {
    if (this.size === this.times.length) this.grow()
    const { times, orders, subjects, details } = this
    let hole = this.size
    this.size += 1
    while (hole > 0) {
      const parent = (hole - 1) >> 1
      const parentTime = times[parent]!
      if (parentTime < time || (parentTime === time && orders[parent]! < order)) break
      times[hole] = parentTime
      orders[hole] = orders[parent]!
      subjects[hole] = subjects[parent]!
      details[hole] = details[parent]!
      hole = parent
    }
    times[hole] = time
    orders[hole] = order
    subjects[hole] = subject
    details[hole] = detail
    if (hole === 0) this.nextTime = time
  }

  /** Order of the earliest timer. Only while `size` is above 0. */
  get nextOrder(): number {
    return this.orders[0]!
  }

  /** Subject of the earliest timer. Only while `size` is above 0. */
  get nextSubject(): number {
    return this.subjects[0]!
  }

  /** Detail of the earliest timer. Only while `size` is above 0. */
  get nextDetail(): number {
    return this.details[0]!
  }

  /** Takes the earliest timer away. Only while `size` is above 0. */
  pop(): void {
    const { times, orders, subjects, details } = this
    this.size -= 1
    const last = this.size
    if (last === 0) {
      this.nextTime = Number.POSITIVE_INFINITY
      return
    }
    const time = times[last]!
    const order = orders[last]!
    let hole = 0
    for (;;) {
      let child = 2 * hole + 1
      if (child >= last) break
      let childTime = times[child]!
      const right = child + 1
      if (right < last) {
        const rightTime = times[right]!
        if (rightTime < childTime || (rightTime === childTime && orders[right]! < orders[child]!)) {
          child = right
          childTime = rightTime
        }
      }
      if (time < childTime || (time === childTime && order < orders[child]!)) break
      times[hole] = childTime
      orders[hole] = orders[child]!
      subjects[hole] = subjects[child]!
      details[hole] = details[child]!
      hole = child
    }
    times[hole] = time
    orders[hole] = order
    subjects[hole] = subjects[last]!
    details[hole] = details[last]!
    this.nextTime = times[0]!
  }

  /** Drops all timers. */
  clear(): void {
    this.size = 0
    this.nextTime = Number.POSITIVE_INFINITY
  }

  private grow(): void {
    const room = this.times.length * 2
    this.times = grown(this.times, room)
    this.orders = grown(this.orders, room)
    this.subjects = grown(this.subjects, room)
    this.details = grown(this.details, room)
  }
}

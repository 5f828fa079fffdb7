import { grown } from './column.ts'
import { TimerHeap } from './timer-heap.ts'
import type { Timers } from './timers.ts'

/** Milliseconds ahead for which there are slots; later timers wait in a heap. */
const SPAN = 2 ** 15
/** A slot per ms and rank. */
const RANKS = 2
const SLOTS = SPAN * RANKS
const NOBODY = -1
/** Timers of one rank are numbered in the order of scheduling; ranks are further apart than numbers can get. */
const RANK = 2 ** 50

/**
 * Timers of ranks 0 and 1 in the order (time, rank, order of scheduling), for clocks that only go on: none may be
 * scheduled before one that was taken. A timer at a whole millisecond of the next minute or so is put in the slot of that
 * ms and taken from there at a cost that does not depend on how many are pending; the rest wait in a heap. Hot: measured
 * by bench/timers.ts against the heap alone.
 */
export class TimerWheel implements Timers {
  size = 0
  nextTime = Number.POSITIVE_INFINITY
  nextRank = 0
  nextSubject = 0
  nextDetail = 0
  /** The earliest timer of the wheel; Infinity when it is empty. */
  private wheelTime = Number.POSITIVE_INFINITY
  private wheelRank = 0
  private inWheel = 0
  /** No timer is earlier. */
  private now = 0
  private serial = 0
  private readonly far = new TimerHeap()
  /** The last row of each slot's list, whose next is the first: one number a slot keeps the wheel small. */
  private readonly last = new Int32Array(SLOTS).fill(NOBODY)
  /** A bit per slot: whether it has timers. */
  private readonly taken = new Int32Array(SLOTS / 32)
  /** Per row: subject, detail and next row. */
  private rows = new Int32Array(3 * 64)
  private used = 0
  private free = NOBODY

  push(time: number, rank: number, subject: number, detail: number): void {
    this.size += 1
    if (time - this.now >= SPAN || Math.floor(time) !== time) {
      this.serial += 1
      this.far.insert(time, rank * RANK + this.serial, subject, detail)
      if (time <= this.nextTime) this.show()
      return
    }
    const slot = (time % SPAN) * RANKS + rank
    this.append(slot, subject, detail)
    if (time < this.wheelTime || (time === this.wheelTime && rank < this.wheelRank)) {
      this.wheelTime = time
      this.wheelRank = rank
    }
    if (time < this.nextTime || (time === this.nextTime && rank < this.nextRank)) {
      this.nextTime = time
      this.nextRank = rank
      this.nextSubject = subject
      this.nextDetail = detail
    }
  }

  pop(): void {
    this.size -= 1
    this.now = this.nextTime
    if (this.isFarNext()) this.far.pop()
    else this.shift()
    this.show()
  }

  clear(): void {
    this.size = 0
    this.nextTime = Number.POSITIVE_INFINITY
    this.wheelTime = Number.POSITIVE_INFINITY
    this.inWheel = 0
    this.now = 0
    this.far.clear()
    this.last.fill(NOBODY)
    this.taken.fill(0)
    this.used = 0
    this.free = NOBODY
  }

  /** Whether the earliest timer is in the heap. Of two at one time and rank that one was scheduled first: long ago. */
  private isFarNext(): boolean {
    const { far } = this
    if (far.nextTime !== this.wheelTime) return far.nextTime < this.wheelTime
    return far.size > 0 && (far.nextOrder < RANK ? 0 : 1) <= this.wheelRank
  }

  /** Shows the earliest timer. */
  private show(): void {
    const { far } = this
    if (this.isFarNext()) {
      this.nextTime = far.nextTime
      this.nextRank = far.nextOrder < RANK ? 0 : 1
      this.nextSubject = far.nextSubject
      this.nextDetail = far.nextDetail
      return
    }
    this.nextTime = this.wheelTime
    if (this.inWheel === 0) return
    const { rows } = this
    const row = rows[3 * this.last[(this.wheelTime % SPAN) * RANKS + this.wheelRank]! + 2]!
    this.nextRank = this.wheelRank
    this.nextSubject = rows[3 * row]!
    this.nextDetail = rows[3 * row + 1]!
  }

  private append(slot: number, subject: number, detail: number): void {
    let row = this.free
    if (row === NOBODY) {
      row = this.used
      this.used += 1
      if (3 * row === this.rows.length) this.grow()
    } else this.free = this.rows[3 * row + 2]!
    const { last, rows } = this
    const before = last[slot]!
    rows[3 * row] = subject
    rows[3 * row + 1] = detail
    if (before === NOBODY) {
      rows[3 * row + 2] = row
      this.taken[slot >> 5]! |= 1 << (slot & 31)
    } else {
      rows[3 * row + 2] = rows[3 * before + 2]!
      rows[3 * before + 2] = row
    }
    last[slot] = row
    this.inWheel += 1
  }

  /** Takes the earliest timer of the wheel. */
  private shift(): void {
    const { last, rows } = this
    const slot = (this.wheelTime % SPAN) * RANKS + this.wheelRank
    const final = last[slot]!
    const row = rows[3 * final + 2]!
    const next = rows[3 * row + 2]!
    rows[3 * row + 2] = this.free
    this.free = row
    this.inWheel -= 1
    if (row !== final) {
      rows[3 * final + 2] = next
      return
    }
    last[slot] = NOBODY
    this.taken[slot >> 5]! &= ~(1 << (slot & 31))
    if (this.inWheel === 0) this.wheelTime = Number.POSITIVE_INFINITY
    else this.goOn(slot)
  }

  /** Finds the first slot with timers after one that has none left. Only while the wheel has any. */
  private goOn(slot: number): void {
    const { taken } = this
    let word = slot >> 5
    let bits = taken[word]! & (-2 << (slot & 31))
    while (bits === 0) {
      word = (word + 1) & (taken.length - 1)
      bits = taken[word]!
    }
    const found = word * 32 + 31 - Math.clz32(bits & -bits)
    const ahead = (found - slot + SLOTS) % SLOTS
    const lead = this.wheelRank + ahead
    this.wheelTime += Math.floor(lead / RANKS)
    this.wheelRank = found % RANKS
  }

  private grow(): void {
    this.rows = grown(this.rows, 2 * this.rows.length)
  }
}

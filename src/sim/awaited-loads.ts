import { grown } from '../core/column.ts'

const NOBODY = -1

/** Invocations that wait for an instance to be loaded, as one list per instance, in the order of their arrival. */
export class AwaitedLoads {
  private first = new Int32Array(64).fill(NOBODY)
  private last = new Int32Array(64).fill(NOBODY)
  private next = new Int32Array(64)
  private durations = new Float64Array(64)
  private functions = new Uint32Array(64)
  private since = new Float64Array(64)
  private rows = 0
  private freeRow = NOBODY

  /** One that came at `since`. */
  add(instance: number, durationMs: number, fn: number, since: number): void {
    if (instance >= this.first.length) this.growInstances(instance)
    const row = this.takeRow()
    this.durations[row] = durationMs
    this.functions[row] = fn
    this.since[row] = since
    this.next[row] = NOBODY
    if (this.first[instance] === NOBODY) this.first[instance] = row
    else this.next[this.last[instance]!] = row
    this.last[instance] = row
  }

  /** Calls `start` for everyone who waits for the instance and forgets them. */
  release(instance: number, start: (durationMs: number, fn: number, since: number) => void): void {
    if (instance >= this.first.length) return
    let row = this.first[instance]!
    this.first[instance] = NOBODY
    while (row !== NOBODY) {
      const following = this.next[row]!
      this.next[row] = this.freeRow
      this.freeRow = row
      start(this.durations[row]!, this.functions[row]!, this.since[row]!)
      row = following
    }
  }

  /** Forgets everyone. */
  clear(): void {
    this.first.fill(NOBODY)
    this.rows = 0
    this.freeRow = NOBODY
  }

  private takeRow(): number {
    const row = this.freeRow
    if (row !== NOBODY) {
      this.freeRow = this.next[row]!
      return row
    }
    if (this.rows === this.next.length) {
      const room = this.rows * 2
      this.next = grown(this.next, room)
      this.durations = grown(this.durations, room)
      this.functions = grown(this.functions, room)
      this.since = grown(this.since, room)
    }
    this.rows += 1
    return this.rows - 1
  }

  private growInstances(instance: number): void {
    const room = Math.max(instance + 1, this.first.length * 2)
    this.first = grown(this.first, room, NOBODY)
    this.last = grown(this.last, room, NOBODY)
  }
}

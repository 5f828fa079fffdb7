import { GrowingColumn } from '../../core/column.ts'
import { sharedArray } from '../shared-array.ts'
import { type EventColumns, type MeasuredColumns, START } from '../trace.ts'

/** Invocations one by one, in the order they were added: 20 bytes an event. */
export class EventLog {
  private readonly row = new GrowingColumn('uint32')
  private readonly start = new GrowingColumn('float64')
  private readonly duration = new GrowingColumn('float64')
  /** What was measured of events, as far as the last one that has anything. */
  private readonly seen = new GrowingColumn('uint32')
  private readonly instance = new GrowingColumn('uint32')
  private readonly instances = new Map<string, number>()

  get length(): number {
    return this.row.length
  }

  /** An execution of the function of that row; whole milliseconds since the trace began. */
  add(row: number, startMs: number, durationMs: number): void {
    this.row.push(row)
    this.start.push(startMs)
    this.duration.push(durationMs)
  }

  /** What was seen of the latest event: one of `START`, and the name of its instance, empty where it is not known. */
  measure(start: number, instance: string): void {
    const latest = this.length - 1
    if (start !== START.unknown) this.seen.set(latest, start)
    if (instance === '') return
    let number = this.instances.get(instance)
    if (number === undefined) this.instances.set(instance, (number = this.instances.size + 1))
    this.instance.set(latest, number)
  }

  /** The mean duration of each of `rows` rows, NaN where a row has no event. Whole numbers add up exactly. */
  meanDurations(rows: number): Float64Array {
    const sum = new Float64Array(rows)
    const count = new Float64Array(rows)
    for (let index = 0; index < this.length; index += 1) {
      sum[this.row.at(index)]! += this.duration.at(index)
      count[this.row.at(index)]! += 1
    }
    return sum.map((total, row) => (count[row] === 0 ? Number.NaN : total / count[row]!))
  }

  /**
   * The events by app and, within each, by start time; those of an app that start together by function, duration and what
   * was measured of them (model.md, Ties), so that the order in which they were added changes nothing.
   * `functionOf` gives the function of each row of the log, `appOf` the app of each function; `zeroMs` becomes time 0.
   */
  columns(
    functionOf: Uint32Array,
    appOf: Uint32Array,
    { apps, zeroMs }: { readonly apps: number; readonly zeroMs: number },
  ): EventColumns {
    const firstEvent = sharedArray(Float64Array, apps + 1)
    for (let index = 0; index < this.length; index += 1) firstEvent[appOf[functionOf[this.row.at(index)]!]! + 1]! += 1
    for (let app = 0; app < apps; app += 1) firstEvent[app + 1]! += firstEvent[app]!
    const order = new Uint32Array(this.length)
    const next = firstEvent.slice()
    for (let index = 0; index < this.length; index += 1) {
      const app = appOf[functionOf[this.row.at(index)]!]!
      order[next[app]!] = index
      next[app]! += 1
    }
    const instanceNames = ['', ...this.instances.keys()]
    const nameOf = (index: number): string => instanceNames[this.instance.at(index)]!
    const before = (a: number, b: number): number =>
      this.start.at(a) - this.start.at(b) ||
      functionOf[this.row.at(a)]! - functionOf[this.row.at(b)]! ||
      this.duration.at(a) - this.duration.at(b) ||
      this.seen.at(a) - this.seen.at(b) ||
      (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0)
    for (let app = 0; app < apps; app += 1) {
      const own = order.subarray(firstEvent[app], firstEvent[app + 1])
      // Most logs are in order already.
      const isInOrder = own.every((index, place) => place === 0 || before(own[place - 1]!, index) <= 0)
      if (!isInOrder) own.sort(before)
    }
    const columns = { kind: 'events', firstEvent, ...this.inOrder(order, functionOf, zeroMs) } as const
    const isMeasured = this.seen.length > 0 || this.instance.length > 0
    return isMeasured ? { ...columns, measured: this.measuredInOrder(order, firstEvent) } : columns
  }

  private measuredInOrder(order: Uint32Array, firstEvent: Float64Array): MeasuredColumns {
    const start = sharedArray(Uint8Array, order.length)
    const instance = sharedArray(Uint32Array, order.length)
    for (let app = 0; app + 1 < firstEvent.length; app += 1) {
      const numbers = new Map<number, number>([[0, 0]])
      for (let place = firstEvent[app]!; place < firstEvent[app + 1]!; place += 1) {
        const index = order[place]!
        const named = this.instance.at(index)
        if (!numbers.has(named)) numbers.set(named, numbers.size)
        start[place] = this.seen.at(index)
        instance[place] = numbers.get(named)!
      }
    }
    return { start, instance }
  }

  private inOrder(
    order: Uint32Array,
    functionOf: Uint32Array,
    zeroMs: number,
  ): Pick<EventColumns, 'startMs' | 'durationMs' | 'fn'> {
    const startMs = sharedArray(Float64Array, order.length)
    const durationMs = sharedArray(Float64Array, order.length)
    const fn = sharedArray(Uint32Array, order.length)
    order.forEach((index, place) => {
      startMs[place] = this.start.at(index) - zeroMs
      durationMs[place] = this.duration.at(index)
      fn[place] = functionOf[this.row.at(index)]!
    })
    return { startMs, durationMs, fn }
  }
}

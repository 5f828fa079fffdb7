import { grown } from '../../core/column.ts'
import { UnpackedCells } from '../cells/unpacked-cells.ts'
import type { CountColumns, Trace } from '../trace.ts'

/** Minutes that are ordered at a time. */
const WINDOW = 64
/** The end of a list of links. */
export const NO_LINK = -1

/**
 * The cells of one app minute by minute, in time order, and within a minute in the order of the functions. The functions
 * are looked through once a window of minutes, not once a minute: most are silent in most. Hot: measured by
 * bench/arrivals.ts.
 */
export class AppCells {
  /** The functions of the app: rows `from` up to, not including, `to`. */
  from = 0
  to = 0
  /** The minute that the latest `next` went through. */
  minute = 0
  private readonly trace: Trace
  private readonly columns: CountColumns
  /** All cells of the app. */
  private readonly cells: UnpackedCells
  /** Per function of the app its next cell. */
  private cursor = new Uint32Array(16)
  /** The window begins with this minute; minutes before `reached` have been gone through. */
  private start = 0
  private reached = WINDOW
  /** A list of cells per minute of the window: its first and last link, and per link the function, cell and next link. */
  private readonly first = new Int32Array(WINDOW).fill(NO_LINK)
  private readonly last = new Int32Array(WINDOW)
  private links = 0
  linkFn = new Uint32Array(256)
  linkCell = new Uint32Array(256)
  linkNext = new Int32Array(256)

  constructor(trace: Trace, columns: CountColumns) {
    this.trace = trace
    this.columns = columns
    this.cells = new UnpackedCells(columns, trace)
  }

  /** Invocations of each cell that a link may lead to. */
  get count(): Uint32Array {
    return this.cells.count
  }

  open(app: number): void {
    const { firstFunction } = this.trace.apps
    this.from = firstFunction[app]!
    this.to = firstFunction[app + 1]!
    this.first.fill(NO_LINK)
    this.reached = WINDOW
    this.cells.open(this.from, this.to)
    if (this.cursor.length < this.to - this.from) this.cursor = new Uint32Array(2 * (this.to - this.from))
    for (let fn = this.from; fn < this.to; fn += 1) this.cursor[fn - this.from] = this.row(fn)
  }

  /** Where the cells of a function begin among those of the app. */
  private row(fn: number): number {
    const { firstCell } = this.columns
    return firstCell[fn]! - firstCell[this.from]!
  }

  /**
   * Goes on to the app's next minute with cells and gives the first link of their list; {@link NO_LINK} when there is no
   * such minute. `linkFn`, `linkCell` and `linkNext` hold the list until the next call.
   */
  next(): number {
    const { first } = this
    for (;;) {
      while (this.reached < WINDOW && first[this.reached] === NO_LINK) this.reached += 1
      if (this.reached < WINDOW) break
      if (!this.openWindow()) return NO_LINK
    }
    const link = first[this.reached]!
    this.minute = this.start + this.reached
    first[this.reached] = NO_LINK
    return link
  }

  /** Orders the cells of the window that begins with the next minute of any function; false when there is none. */
  private openWindow(): boolean {
    const { cursor, from, to } = this
    const { minute } = this.cells
    let soonest = Number.POSITIVE_INFINITY
    for (let fn = from; fn < to; fn += 1) {
      const cell = cursor[fn - from]!
      if (cell < this.row(fn + 1) && minute[cell]! < soonest) soonest = minute[cell]!
    }
    if (soonest === Number.POSITIVE_INFINITY) return false
    this.start = soonest
    this.reached = 0
    this.links = 0
    for (let fn = from; fn < to; fn += 1) {
      const end = this.row(fn + 1)
      let cell = cursor[fn - from]!
      for (; cell < end && minute[cell]! < soonest + WINDOW; cell += 1) this.link(minute[cell]! - soonest, fn, cell)
      cursor[fn - from] = cell
    }
    return true
  }

  private link(minute: number, fn: number, cell: number): void {
    const link = this.links
    if (link === this.linkFn.length) this.grow()
    this.linkFn[link] = fn
    this.linkCell[link] = cell
    this.linkNext[link] = NO_LINK
    if (this.first[minute] === NO_LINK) this.first[minute] = link
    else this.linkNext[this.last[minute]!] = link
    this.last[minute] = link
    this.links = link + 1
  }

  private grow(): void {
    const room = 2 * this.links
    this.linkFn = grown(this.linkFn, room)
    this.linkCell = grown(this.linkCell, room)
    this.linkNext = grown(this.linkNext, room)
  }
}

import { grown } from '../../core/column.ts'
import { keyOf } from '../../core/random.ts'
import { UserError } from '../../core/user-error.ts'
import type { ArrivalBlock } from './arrival-block.ts'
import { NumberSorter } from './number-sorter.ts'
import { type MinuteSpread, Spreader } from './spread.ts'
import type { CountColumns, Trace } from '../trace.ts'

/** One function's invocations in one minute; beyond it single arrivals are neither sensible nor possible. */
const MOST_IN_A_MINUTE = 2 ** 24

/**
 * Turns cells into arrivals, the same whoever asks and in whatever order. Cells of one function can be appended as they
 * are; those of several functions in one minute are gathered and then released in time order, equal times in the order
 * of the functions. Hot: measured by bench/arrivals.ts.
 */
export class CellReader {
  private readonly trace: Trace
  private readonly bucketMs: number
  private readonly spreader: Spreader
  private readonly keys: Int32Array
  private readonly sorter = new NumberSorter()
  private gathered = new Float64Array(1024)
  private length = 0
  /** An offset into a bucket times this, plus a function's row, is one number that sorts by both: below 2^53. */
  private readonly rowRoom: number

  constructor(trace: Trace, columns: CountColumns, spread: MinuteSpread, seed: number) {
    this.trace = trace
    this.bucketMs = columns.bucketMs
    this.spreader = new Spreader(spread, seed, columns.bucketMs)
    this.rowRoom = 2 ** Math.ceil(Math.log2(Math.max(2, trace.functions.count)))
    this.keys = streamKeys(trace)
  }

  /** Appends the times of one cell of a function to the block, in time order, and only the times. */
  appendTimes(block: ArrivalBlock, fn: number, minute: number, count: number): void {
    if (count > MOST_IN_A_MINUTE) throw this.tooMany(fn, minute, count)
    const from = block.length
    const to = from + count
    block.reserve(to)
    const { timeMs } = block
    this.spreader.turnTo(this.keys[2 * fn]!, this.keys[2 * fn + 1]!)
    this.spreader.place(timeMs, from, to - from, minute)
    if (!this.spreader.isOrdered) this.sorter.sort(timeMs, from, to, this.bucketMs)
    const start = minute * this.bucketMs
    for (let row = from; row < to; row += 1) timeMs[row]! += start
    block.length = to
  }

  /** Makes the block's rows from `from` on single invocations of the function. */
  fill(block: ArrivalBlock, fn: number, from: number): void {
    block.durationMs.fill(this.trace.functions.durationMs[fn]!, from, block.length)
    block.fn.fill(fn, from, block.length)
    block.count.fill(1, from, block.length)
  }

  /** Takes a cell of a function; all cells gathered before a release must be of one minute. */
  gather(fn: number, minute: number, count: number): void {
    if (count > MOST_IN_A_MINUTE) throw this.tooMany(fn, minute, count)
    const from = this.length
    const to = from + count
    if (to > this.gathered.length) this.gathered = grown(this.gathered, 2 * to)
    const { gathered, rowRoom } = this
    this.spreader.turnTo(this.keys[2 * fn]!, this.keys[2 * fn + 1]!)
    this.spreader.place(gathered, from, to - from, minute)
    for (let row = from; row < to; row += 1) gathered[row] = gathered[row]! * rowRoom + fn
    this.length = to
  }

  /** Appends everything gathered to the block, all columns, and forgets it. */
  release(block: ArrivalBlock, minute: number): void {
    const { gathered, length, rowRoom, trace } = this
    // A product is several times as fast as a quotient, and as exact by a power of 2.
    const perRow = 1 / rowRoom
    const start = minute * this.bucketMs
    const from = block.length
    this.length = 0
    block.reserve(from + length)
    block.length = from + length
    this.sorter.sort(gathered, 0, length, this.bucketMs * rowRoom)
    const { app, timeMs, durationMs, fn: fns, count } = block
    const { durationMs: durationOf, app: appOf } = trace.functions
    for (let index = 0, row = from; index < length; index += 1, row += 1) {
      const key = gathered[index]!
      const offset = Math.floor(key * perRow)
      const fn = key - offset * rowRoom
      timeMs[row] = start + offset
      fns[row] = fn
      durationMs[row] = durationOf[fn]!
      app[row] = appOf[fn]!
      count[row] = 1
    }
  }

  private tooMany(fn: number, minute: number, count: number): UserError {
    const { functions, id } = this.trace
    return new UserError({
      where: id,
      problem: `function ${functions.name.at(fn)} has ${count} invocations in minute ${minute + 1}, at most ${MOST_IN_A_MINUTE} can be spread over one minute`,
      hint: 'Use the spread "minute", which takes a cell as one arrival.',
    })
  }
}

/** Two words per function that name its random stream: of its own name, so that the unit of decision changes no draw. */
function streamKeys(trace: Trace): Int32Array {
  const keys = new Int32Array(2 * trace.functions.count)
  for (let fn = 0; fn < trace.functions.count; fn += 1) keys.set(keyOf(trace.functions.name.at(fn)), 2 * fn)
  return keys
}

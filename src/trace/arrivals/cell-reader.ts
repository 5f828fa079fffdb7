import { keyOf } from '../../core/random.ts'
import { UserError } from '../../core/user-error.ts'
import type { ArrivalBlock } from './arrival-block.ts'
import { OffsetSorter } from './offset-sorter.ts'
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
  /** Holds what is gathered: offsets into a bucket, and their functions. */
  private readonly sorter = new OffsetSorter()
  private length = 0

  constructor(trace: Trace, columns: CountColumns, spread: MinuteSpread, seed: number) {
    this.trace = trace
    this.bucketMs = columns.bucketMs
    this.spreader = new Spreader(spread, seed, columns.bucketMs)
    this.keys = streamKeys(trace)
  }

  /** Appends the times of one cell of a function to the block, in time order, and only the times. */
  appendTimes(block: ArrivalBlock, fn: number, minute: number, count: number): void {
    if (count > MOST_IN_A_MINUTE) throw this.tooMany(fn, minute, count)
    const from = block.length
    const to = from + count
    const { sorter, spreader } = this
    block.reserve(to)
    sorter.reserve(count)
    spreader.turnTo(this.keys[2 * fn]!, this.keys[2 * fn + 1]!)
    spreader.place(sorter.offsets, 0, count, minute)
    if (!spreader.isOrdered) sorter.sort(count, this.bucketMs, false)
    const { timeMs } = block
    const { offsets } = sorter
    const start = minute * this.bucketMs
    for (let row = from, index = 0; row < to; row += 1, index += 1) timeMs[row] = start + offsets[index]!
    block.length = to
  }

  /** Makes the block's rows from `from` on single invocations of the function. */
  fill(block: ArrivalBlock, fn: number, from: number): void {
    block.durationMs.fill(this.trace.functions.durationMs[fn]!, from, block.length)
    block.fn.fill(fn, from, block.length)
    block.count.fill(1, from, block.length)
  }

  /** Takes a cell of a function; all gathered before a release must be of one minute, in the order of the functions. */
  gather(fn: number, minute: number, count: number): void {
    if (count > MOST_IN_A_MINUTE) throw this.tooMany(fn, minute, count)
    const { length, sorter } = this
    const to = length + count
    sorter.reserve(to)
    this.spreader.turnTo(this.keys[2 * fn]!, this.keys[2 * fn + 1]!)
    this.spreader.place(sorter.offsets, length, count, minute)
    const { tags } = sorter
    // Most cells are few invocations: a loop is faster than a call.
    for (let row = length; row < to; row += 1) tags[row] = fn
    this.length = to
  }

  /** Appends everything gathered to the block, all columns but the apps, and forgets it. */
  release(block: ArrivalBlock, minute: number): void {
    const { length, sorter, trace } = this
    const start = minute * this.bucketMs
    const from = block.length
    this.length = 0
    block.reserve(from + length)
    block.length = from + length
    sorter.sort(length, this.bucketMs, true)
    const { offsets, tags } = sorter
    const { timeMs, durationMs, fn: fns, count } = block
    const { durationMs: durationOf } = trace.functions
    for (let index = 0, row = from; index < length; index += 1, row += 1) {
      const fn = tags[index]!
      timeMs[row] = start + offsets[index]!
      fns[row] = fn
      durationMs[row] = durationOf[fn]!
      count[row] = 1
    }
  }

  private tooMany(fn: number, minute: number, count: number): UserError {
    const { functions, id } = this.trace
    return new UserError({
      where: id,
      option: 'spread',
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

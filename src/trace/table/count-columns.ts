import { UserError } from '../../core/user-error.ts'
import type { CellLog } from '../build/cell-log.ts'
import { MOST_CELL_BYTES } from '../cells/cell-code.ts'
import { CellPacker } from '../cells/cell-packer.ts'
import type { CountColumns } from '../trace.ts'
import { LARGEST_COUNT } from './count-row.ts'

/** How the cells of a log become those of a trace. */
export interface CountOptions {
  readonly bucketMs: number
  /** Names a row for an error. */
  readonly nameOf: (row: number) => string
  /** The trace's bucket that a bucket of the log becomes; the order of buckets stays. */
  readonly placeOf?: ((bucket: number) => number) | undefined
}

/**
 * The cells of a log by function and, within each, by minute; cells of the same minute are added together. The log gives
 * them up: it cannot be read any more.
 * `order` lists the log's rows in the order that they are to have.
 */
export function countColumns(
  log: CellLog,
  order: Uint32Array,
  { bucketMs, nameOf, placeOf }: CountOptions,
): CountColumns {
  const { runs, first } = runsByRow(log, order)
  const packer = new CellPacker(order.length, bucketMs, mostBytes(log))
  for (const row of order) {
    const all = runs.subarray(first[row], first[row + 1])
    const own = Array.from(all).filter((run) => log.bytesOf(run) > 0)
    if (placeOf === undefined && areInOrder(log, own)) {
      for (const run of own) packer.addRun(log.packed(run))
    } else {
      for (const [minute, count] of merged(log, own, () => nameOf(row))) packer.add(placeOf?.(minute) ?? minute, count)
    }
    for (const run of all) log.drop(run)
    packer.endFunction()
  }
  return { kind: 'counts', ...packer.columns() }
}

/** A run may need a longer first cell, where it follows another; and buckets may move. */
function mostBytes(log: CellLog): number {
  let most = 0
  for (let run = 0; run < log.runs; run += 1) most += log.bytesOf(run) + MOST_CELL_BYTES
  return most
}

/** Whether each run begins after the one before it ends. */
function areInOrder(log: CellLog, runs: readonly number[]): boolean {
  return runs.every((run, index) => index === 0 || log.firstOf(run) > log.lastOf(runs[index - 1]!))
}

/** The log's runs grouped by row: those of `row` are `runs[first[row]]` up to, not including, `runs[first[row + 1]]`. */
function runsByRow(log: CellLog, order: Uint32Array): { runs: Uint32Array; first: Uint32Array } {
  const rows = order.reduce((most, row) => Math.max(most, row + 1), 0)
  const first = new Uint32Array(rows + 1)
  for (let run = 0; run < log.runs; run += 1) first[log.rowOf(run) + 1]! += 1
  for (let row = 0; row < rows; row += 1) first[row + 1]! += first[row]!
  const next = first.slice()
  const runs = new Uint32Array(log.runs)
  for (let run = 0; run < log.runs; run += 1) {
    const row = log.rowOf(run)
    runs[next[row]!] = run
    next[row]! += 1
  }
  return { runs, first }
}

/** The cells of some runs by minute, those of the same minute added up. */
function merged(log: CellLog, runs: readonly number[], nameOf: () => string): Iterable<readonly [number, number]> {
  const cells = new Map<number, number>()
  for (const run of runs) {
    const { minute, count } = log.cellsOf(run)
    for (const [cell, at] of minute.entries()) {
      const sum = (cells.get(at) ?? 0) + count[cell]!
      if (sum > LARGEST_COUNT) throw tooMany(nameOf(), at)
      cells.set(at, sum)
    }
  }
  return [...cells].sort(([one], [other]) => one - other)
}

function tooMany(name: string, minute: number): UserError {
  return new UserError({
    where: name,
    problem: `minute ${minute + 1} of the trace holds more than ${LARGEST_COUNT} invocations after its rows were added together`,
    hint: 'Look for duplicate rows of this function.',
  })
}

import { UserError } from '../../core/user-error.ts'
import type { CellLog } from '../build/cell-log.ts'
import { LARGEST_COUNT } from './count-row.ts'
import { sharedArray } from '../shared-array.ts'
import type { CountColumns } from '../trace.ts'

/**
 * The cells of a log by function and, within each, by minute; cells of the same minute are added together.
 * `order` lists the log's rows in the order that they are to have; `nameOf` names one for an error.
 */
export function countColumns(
  log: CellLog,
  order: Uint32Array,
  bucketMs: number,
  nameOf: (row: number) => string,
): CountColumns {
  const { runs, first } = runsByRow(log, order)
  const firstCell = sharedArray(Float64Array, order.length + 1)
  const minute = sharedArray(Uint32Array, cellsOf(log))
  const count = sharedArray(Uint32Array, minute.length)
  let end = 0
  order.forEach((row, place) => {
    const begin = end
    let sorted = true
    for (let index = first[row]!; index < first[row + 1]!; index += 1) {
      const cells = log.cellsOf(runs[index]!)
      minute.set(cells.minute, end)
      count.set(cells.count, end)
      end += cells.minute.length
    }
    for (let cell = begin + 1; cell < end && sorted; cell += 1) sorted = minute[cell - 1]! < minute[cell]!
    if (!sorted) end = begin + mergeMinutes(minute.subarray(begin, end), count.subarray(begin, end), () => nameOf(row))
    firstCell[place + 1] = end
  })
  return { kind: 'counts', bucketMs, firstCell, minute: minute.subarray(0, end), count: count.subarray(0, end) }
}

function cellsOf(log: CellLog): number {
  let cells = 0
  for (let run = 0; run < log.runs; run += 1) cells += log.cellsOf(run).minute.length
  return cells
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

/** Sorts cells by minute in place, adds up those of the same minute, and gives how many are left. */
function mergeMinutes(minute: Uint32Array, count: Uint32Array, nameOf: () => string): number {
  const minutes = minute.slice()
  const counts = count.slice()
  const order = Uint32Array.from(minutes.keys()).sort((a, b) => minutes[a]! - minutes[b]!)
  let kept = 0
  for (const from of order) {
    const again = kept > 0 && minute[kept - 1] === minutes[from]
    if (!again) kept += 1
    const sum = counts[from]! + (again ? count[kept - 1]! : 0)
    if (sum > LARGEST_COUNT) throw tooMany(nameOf(), minutes[from]!)
    minute[kept - 1] = minutes[from]!
    count[kept - 1] = sum
  }
  return kept
}

function tooMany(name: string, minute: number): UserError {
  return new UserError({
    where: name,
    problem: `minute ${minute + 1} of the trace holds more than ${LARGEST_COUNT} invocations after its rows were added together`,
    hint: 'Look for duplicate rows of this function.',
  })
}

import { availableParallelism } from 'node:os'
import type { FunctionRows } from '../../build/function-rows.ts'
import { type DayRows, type Days, newRows, readDay } from './day-rows.ts'
import { DayThreads } from './day-threads.ts'
import type { TableFile } from './table-files.ts'

/** Of less text, a thread takes longer to begin than it saves. */
const MANY_BYTES = 400e6
/** So many bytes of text are a packed one, of counts. */
const PACKED = 8
/** Rows of as many files less one wait in memory for their turn. */
const MOST_THREADS = 4

/** When threads are worth starting. */
interface Beside {
  readonly processors?: number
  readonly manyBytes?: number
}

/**
 * Reads tables of invocations in their order, whose functions get their rows of `functions`. Large ones are read in as many
 * threads as there are processors, with the same result.
 */
export function dayTables(
  files: readonly TableFile[],
  minuteAtZero: number,
  functions: FunctionRows,
  { processors = availableParallelism(), manyBytes = MANY_BYTES }: Beside = {},
): Days {
  const bytes = files.reduce((sum, file) => sum + file.bytes * (file.name.endsWith('.gz') ? PACKED : 1), 0)
  const threads = Math.min(processors, files.length, MOST_THREADS)
  if (threads > 1 && bytes >= manyBytes) return new DayThreads(files, { minuteAtZero, threads }, functions)
  const left = files.values()
  let rows: DayRows | undefined
  const spare = (): DayRows => (rows ??= newRows())
  return {
    next: (listener) => readDay(left.next().value!, minuteAtZero, functions, { ...listener, spare }),
    end: async () => {},
  }
}

import { isCountHeader } from '../../table/count-header.ts'
import { hasColumns } from '../../table/table-header.ts'

/** The three tables of the data set. */
export type Table = 'invocations' | 'durations' | 'memory'

export const DURATION_COLUMNS = ['HashOwner', 'HashApp', 'HashFunction', 'Average', 'Count'] as const
export const MEMORY_COLUMNS = ['HashOwner', 'HashApp', 'SampleCount', 'AverageAllocatedMb'] as const

/** The table that a header is of, in whatever order its columns are; undefined when it is none of the data set's. */
export function tableOf(header: readonly string[]): Table | undefined {
  if (hasColumns(header, DURATION_COLUMNS)) return 'durations'
  if (hasColumns(header, MEMORY_COLUMNS)) return 'memory'
  return isCountHeader(header) ? 'invocations' : undefined
}

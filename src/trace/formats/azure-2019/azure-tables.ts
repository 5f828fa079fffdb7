import { isCountHeader } from '../../table/count-header.ts'
import { hasColumns } from '../../table/table-header.ts'

/** The three tables of the data set. */
export type AzureTable = 'invocations' | 'durations' | 'memory'

export const DURATION_COLUMNS = ['HashOwner', 'HashApp', 'HashFunction', 'Average', 'Count'] as const
export const MEMORY_COLUMNS = ['HashOwner', 'HashApp', 'SampleCount', 'AverageAllocatedMb'] as const

const INVOCATION_COLUMNS = ['HashOwner', 'HashApp', 'HashFunction', 'Trigger', '1'] as const

/** So many right columns are no chance. */
const ALIKE = 3

/** A table that a header is nearly of, and the columns that it lacks to be one; undefined for a header of something else. */
export function nearlyTableOf(
  header: readonly string[],
): { readonly table: AzureTable; readonly lacking: readonly string[] } | undefined {
  const known = { durations: DURATION_COLUMNS, memory: MEMORY_COLUMNS, invocations: INVOCATION_COLUMNS } as const
  const alike = Object.entries(known).flatMap(([table, columns]) => {
    const lacking = columns.filter((column) => !header.includes(column))
    return columns.length - lacking.length >= ALIKE ? [{ table: table as AzureTable, lacking }] : []
  })
  return alike.toSorted((a, b) => a.lacking.length - b.lacking.length)[0]
}

/** The table that a header is of, in whatever order its columns are; undefined when it is none of the data set's. */
export function azureTableOf(header: readonly string[]): AzureTable | undefined {
  if (hasColumns(header, DURATION_COLUMNS)) return 'durations'
  if (hasColumns(header, MEMORY_COLUMNS)) return 'memory'
  return isCountHeader(header) ? 'invocations' : undefined
}

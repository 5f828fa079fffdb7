import { UserError } from '../../core/user-error.ts'
import { DAY_MINUTES, MINUTE } from '../../core/units.ts'
import { TraceBuilder } from '../build/builder.ts'
import { countHeader } from '../table/count-header.ts'
import { digestBeside } from '../build/digest-beside.ts'
import { DefectLog } from '../build/defect-log.ts'
import type { ReadOptions, TraceFormat } from '../trace-format.ts'
import type { SourceFile } from '../build/join-report.ts'
import type { Trace } from '../trace.ts'
import { commonPath, traceIdOf } from '../trace-id.ts'
import { DEFECTS, type Defects } from './azure-2019/azure-defects.ts'
import { hasTable, type TableFile, tableFiles } from './azure-2019/table-files.ts'
import { readDurations } from './azure-2019/duration-table.ts'
import type { TableSize } from './azure-2019/day-rows.ts'
import { dayTables } from './azure-2019/days.ts'
import { InvocationTables } from './azure-2019/invocations.ts'
import { readMemory } from './azure-2019/memory-table.ts'
import { Repeats } from './azure-2019/repeats.ts'
import type { AzureTable } from './azure-2019/azure-tables.ts'

/**
 * AzureFunctionsDataset2019 (Shahrad et al., "Serverless in the Wild", USENIX ATC 2020): invocations per function and
 * minute, mean durations per function and mean memory per app, each a file per day.
 */
export const azure2019: TraceFormat = {
  id: 'azure-2019',
  summary: 'Azure Functions 2019: counts per minute, durations and memory of up to 14 days, as the data set has them.',
  source: 'https://github.com/Azure/AzurePublicDataset (AzureFunctionsDataset2019, CC-BY)',
  looksFor:
    'a directory of CSV files, one with the header "HashOwner,HashApp,HashFunction,Trigger,1,2,…,1440", or such a file',
  defects: DEFECTS,
  recognises: hasTable,
  read: (path, options) => readTables([path], options),
  readAll: readTables,
}

/** Reads the data set's files among the paths and in the folders among them. */
async function readTables(paths: readonly string[], { onProgress }: ReadOptions = {}): Promise<Trace> {
  const where = commonPath(paths)
  const defects = new DefectLog(DEFECTS)
  const files = await tableFiles(paths, where, defects)
  const builder = new TraceBuilder({ id: traceIdOf(where), format: 'azure-2019' })
  const time = timeOf(files)
  noteMissing(files, time, defects)
  const invocations = new InvocationTables(builder, defects)
  const days = dayTables(
    files.filter(({ table }) => table === 'invocations'),
    time.from,
    builder.rows,
  )
  const target = { builder, defects, repeats: new Repeats() }
  const readers: Readonly<
    Record<AzureTable, (file: TableFile, onRead: (bytes: number) => void) => Promise<TableSize>>
  > = {
    invocations(file, onRead) {
      invocations.beginDay()
      return days.next({ onRows: (rows) => invocations.addRows(rows, file), onRead })
    },
    durations: (file, onRead) => readDurations(file, target, onRead),
    memory: (file, onRead) => readMemory(file, target, onRead),
  }
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  const read: SourceFile[] = []
  let done = 0
  try {
    // Invocations come first, because they say which apps and functions there are.
    for (const table of ['invocations', 'durations', 'memory'] as const) {
      for (const file of files.filter((each) => each.table === table)) {
        const size = await readers[table](file, (bytes) => onProgress?.(done + bytes, total))
        done += file.bytes
        read.push({ path: file.name, table, day: file.day, ...size })
      }
    }
  } finally {
    await days.end()
  }
  if (builder.rows.count === 0) throw new UserError({ where, problem: 'its tables of invocations have no rows' })
  invocations.finish()
  noteGaps(builder, defects)
  return digestBeside(builder.content((time.to - time.from) * MINUTE, { files: read, defects: defects.lines() }))
}

/** The minutes of the data set, from 0, that a trace begins with and ends before. */
interface MinuteRange {
  readonly from: number
  readonly to: number
}

function timeOf(files: readonly TableFile[]): MinuteRange {
  const covered = files.filter(({ table }) => table === 'invocations').map(minutesOf)
  return { from: Math.min(...covered.map(({ from }) => from)), to: Math.max(...covered.map(({ to }) => to)) }
}

function minutesOf({ path, header, day }: TableFile): MinuteRange {
  const { firstMinute, lastMinute } = countHeader(path, header)
  const midnight = (day - 1) * DAY_MINUTES
  return { from: midnight + firstMinute - 1, to: midnight + lastMinute }
}

/** Notes the days and minutes inside the time of the trace that tables are missing for. */
function noteMissing(files: readonly TableFile[], time: MinuteRange, defects: Defects): void {
  const firstDay = Math.floor(time.from / DAY_MINUTES) + 1
  const lastDay = Math.ceil(time.to / DAY_MINUTES)
  const any = (table: AzureTable): boolean => files.some((file) => file.table === table)
  if (!any('durations')) defects.note('durations-none', () => 'no table of durations')
  if (!any('memory')) defects.note('memory-none', () => 'no table of memory')
  for (let day = firstDay; day <= lastDay; day += 1) {
    const has = (table: AzureTable): TableFile | undefined =>
      files.find((file) => file.day === day && file.table === table)
    const counts = has('invocations')
    if (counts === undefined) {
      defects.note('day-missing', () => `day ${day}`)
      continue
    }
    const covered = minutesOf(counts)
    const from = Math.max(time.from, (day - 1) * DAY_MINUTES)
    const to = Math.min(time.to, day * DAY_MINUTES)
    const missing = to - from - (covered.to - covered.from)
    if (missing > 0) defects.note('minute-missing', () => counts.name, missing)
    if (any('durations') && has('durations') === undefined) defects.note('durations-day-missing', () => `day ${day}`)
    if (any('memory') && has('memory') === undefined) defects.note('memory-day-missing', () => `day ${day}`)
  }
}

/** Notes the functions and apps that no table measures. */
function noteGaps(builder: TraceBuilder, defects: Defects): void {
  const { rows } = builder
  for (let fn = 0; fn < rows.count; fn += 1) {
    if (!builder.hasDuration(fn)) defects.note('function-without-duration', () => rows.fullNameOf(fn))
  }
  for (const app of rows.appsInOrder()) {
    if (!builder.hasMemory(app)) defects.note('app-without-memory', () => rows.appNameOf(app))
  }
}

import { basename } from 'node:path'
import { UserError } from '../../core/user-error.ts'
import { TraceBuilder } from '../build/builder.ts'
import { DefectLog } from '../build/defect-log.ts'
import { readEventTable } from '../table/event-table.ts'
import type { TraceFormat } from '../trace-format.ts'
import { headerOf } from '../table/record-scanner.ts'
import { kindOfPath } from '../table/source-bytes.ts'
import { hasColumns } from '../table/table-header.ts'
import { traceIdOf } from '../trace-id.ts'

const COLUMNS = ['app', 'func', 'end_timestamp', 'duration'] as const

const DEFECTS = [
  { id: 'duration-zero', found: 'executions of 0 ms', rule: 'They are kept: they take no time.', isOrdinary: true },
  {
    id: 'started-before-zero',
    found: 'executions that began before the time of the trace',
    rule: 'They begin at 0 and end when they ended, so that only their part inside the trace counts.',
  },
  {
    id: 'ended-before-zero',
    found: 'executions that ended before the time of the trace',
    rule: 'They are left out: none of their time is inside the trace.',
  },
  { id: 'column-unknown', found: 'columns that the data set does not have', rule: 'They are not used.' },
] as const

/** More seconds than this are no whole number of milliseconds any more. */
const MOST_SECONDS = 2 ** 42

/**
 * AzureFunctionsInvocationTrace2021 (Zhang et al., SOSP 2021): one row per invocation in any order, times in seconds.
 * An execution starts at its end less its duration, rounded to whole milliseconds. A `func` is one only within its app.
 */
export const azure2021: TraceFormat = {
  id: 'azure-2021',
  summary: 'Azure Functions 2021: two weeks of single invocations, with their end and duration in seconds.',
  source: 'https://github.com/Azure/AzurePublicDataset (AzureFunctionsInvocationTrace2021, CC-BY)',
  looksFor: `a CSV file with the header "${COLUMNS.join(',')}"`,
  needs: [COLUMNS],
  defects: DEFECTS,
  async recognises(path) {
    if ((await kindOfPath(path)).kind !== 'file') return false
    return hasColumns((await headerOf(path)) ?? [], COLUMNS)
  },
  async read(path, { onProgress } = {}) {
    const builder = new TraceBuilder({ id: traceIdOf(path), format: 'azure-2021' })
    const defects = new DefectLog(DEFECTS)
    let horizonMs = 0
    const size = await readEventTable(path, {
      required: COLUMNS,
      optional: [],
      onProgress,
      onHeader(header) {
        for (const name of header.unknown) defects.note('column-unknown', () => name)
      },
      onRow(row) {
        const fn = builder.functionRow('', row.name('app'), row.name('func'))
        const end = row.number('end_timestamp', -MOST_SECONDS, MOST_SECONDS, 'a time in seconds')
        const seconds = row.number('duration', 0, MOST_SECONDS, 'a number of seconds from 0')
        if (end < 0) return defects.note('ended-before-zero', () => row.place)
        const begun = Math.round((end - seconds) * 1000)
        const startMs = Math.max(0, begun)
        const durationMs = begun < 0 ? Math.round(end * 1000) : Math.round(seconds * 1000)
        if (begun < 0) defects.note('started-before-zero', () => row.place)
        if (seconds === 0) defects.note('duration-zero', () => row.place)
        builder.addEvent(fn, startMs, durationMs)
        horizonMs = Math.max(horizonMs, startMs + durationMs)
      },
    })
    if (builder.eventCount === 0) throw new UserError({ where: path, problem: 'every invocation ended before time 0' })
    return builder.build(horizonMs, {
      files: [{ path: basename(path), table: 'invocations', ...size }],
      defects: defects.lines(),
    })
  },
}

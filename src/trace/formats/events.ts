import { basename } from 'node:path'
import { TraceBuilder } from '../build/builder.ts'
import { DefectLog } from '../build/defect-log.ts'
import { readEventTable } from '../table/event-table.ts'
import type { TraceFormat } from '../format.ts'
import { headerOf } from '../table/record-scanner.ts'
import { kindOfPath } from '../table/source-bytes.ts'
import { hasColumns } from '../table/table-header.ts'
import type { TableRow } from '../table/table-row.ts'
import { TRIGGERS } from '../trace.ts'
import { traceIdOf } from '../trace-id.ts'

const REQUIRED = ['app', 'function', 'start_ms', 'duration_ms'] as const
const OPTIONAL = ['memory_mb', 'cold_start_ms', 'trigger'] as const
type Row = TableRow<(typeof REQUIRED)[number] | (typeof OPTIONAL)[number]>

const DEFECTS = [
  { id: 'duration-zero', found: 'executions of 0 ms', rule: 'They are kept: they take no time.' },
  {
    id: 'time-rounded',
    found: 'rows with a time that is no whole number of ms',
    rule: 'Times are rounded to whole ms.',
  },
  {
    id: 'memory-varies',
    found: 'apps whose rows give more than one memory size',
    rule: 'The app has the mean over its rows that give one.',
  },
  {
    id: 'memory-missing',
    found: 'apps without memory in a trace where some have it',
    rule: "They have the median app's.",
  },
  {
    id: 'trigger-changed',
    found: 'functions with more than one trigger',
    rule: 'The one of the latest start is kept, a real one before `others` and `unknown`.',
  },
  { id: 'column-unknown', found: 'columns that the format does not have', rule: 'They are not used.' },
] as const

type Defects = DefectLog<(typeof DEFECTS)[number]['id']>

/** Times beyond this could not be added exactly. */
const MOST_MS = 2 ** 52

/** Everyone's own data: one row an invocation in any order, times in milliseconds since the trace began. */
export const events: TraceFormat = {
  id: 'events',
  summary: 'Your own data: a CSV of single invocations, with their start and duration in milliseconds.',
  source: 'Any platform: write one row an invocation.',
  looksFor: `a CSV file with the header "${REQUIRED.join(',')}" and, if you like, ${OPTIONAL.join(', ')}`,
  defects: DEFECTS,
  async recognises(path) {
    if ((await kindOfPath(path)).kind !== 'file') return false
    return hasColumns((await headerOf(path)) ?? [], REQUIRED)
  },
  async read(path, { onProgress } = {}) {
    const builder = new TraceBuilder({ id: traceIdOf(path), format: 'events' })
    const defects = new DefectLog(DEFECTS)
    const memory = new Map<number, number>()
    let horizonMs = 0
    const size = await readEventTable(path, {
      required: REQUIRED,
      optional: OPTIONAL,
      onProgress,
      onHeader(header) {
        for (const name of header.unknown) defects.note('column-unknown', () => name)
      },
      onRow(row) {
        const fn = builder.functionRow('', row.name('app'), row.name('function'))
        const start = row.number('start_ms', 0, MOST_MS, 'a number of ms from 0')
        const duration = row.number('duration_ms', 0, MOST_MS, 'a number of ms from 0')
        const [startMs, durationMs] = [Math.round(start), Math.round(duration)]
        if (startMs !== start || durationMs !== duration) defects.note('time-rounded', () => row.place)
        if (duration === 0) defects.note('duration-zero', () => row.place)
        builder.addEvent(fn, startMs, durationMs)
        horizonMs = Math.max(horizonMs, startMs + durationMs)
        addFacts(builder, fn, startMs, row, memory)
      },
    })
    noteRows(builder, memory, defects)
    return builder.build(horizonMs, {
      files: [{ path: basename(path), table: 'events', ...size }],
      defects: defects.lines(),
    })
  },
}

/** What a row says beyond the execution itself. */
function addFacts(builder: TraceBuilder, fn: number, startMs: number, row: Row, memory: Map<number, number>): void {
  if (row.text('memory_mb') !== '') {
    const mb = row.number('memory_mb', Number.MIN_VALUE, MOST_MS, 'a number of MB above 0')
    const app = builder.rows.appOf.at(fn)
    builder.addMemory('', row.text('app'), mb, 1)
    memory.set(app, (memory.get(app) ?? mb) === mb ? mb : Number.NaN)
  }
  if (row.text('cold_start_ms') !== '') {
    builder.addColdStart(fn, row.number('cold_start_ms', 0, MOST_MS, 'a number of ms from 0'))
  }
  const word = row.text('trigger')
  if (word !== '') {
    const trigger = TRIGGERS.find((each) => each === word)
    builder.setTrigger(fn, trigger ?? row.refuse('trigger', `one of ${TRIGGERS.join(', ')}`), startMs)
  }
}

/** Notes what can be told only after the last row. `memory` holds the size of each app row, NaN where rows differ. */
function noteRows({ rows, triggers }: TraceBuilder, memory: Map<number, number>, defects: Defects): void {
  for (const app of rows.appsInOrder()) {
    const mb = memory.get(app)
    if (mb === undefined && memory.size > 0) defects.note('memory-missing', () => rows.appNameOf(app))
    if (Number.isNaN(mb)) defects.note('memory-varies', () => rows.appNameOf(app))
  }
  for (let row = 0; row < rows.count; row += 1) {
    if (triggers.changed(row)) defects.note('trigger-changed', () => rows.fullNameOf(row))
  }
}

import { basename } from 'node:path'
import { AppFacts, FACT_DEFECTS } from '../build/app-facts.ts'
import { TraceBuilder } from '../build/builder.ts'
import { DefectLog } from '../build/defect-log.ts'
import { EPOCH_UNITS, epochUnitOf, EventTime, type Origin, TIME_DEFECTS } from '../build/event-time.ts'
import { UserError } from '../../core/user-error.ts'
import { formatSpan } from '../../core/units.ts'
import { readEventTable } from '../table/event-table.ts'
import type { TraceFormat } from '../trace-format.ts'
import { headerOf } from '../table/record-scanner.ts'
import { kindOfPath } from '../table/source-bytes.ts'
import { hasColumns } from '../table/table-header.ts'
import type { TableRow } from '../table/table-row.ts'
import { TRIGGERS } from '../trace.ts'
import { traceIdOf } from '../trace-id.ts'

const REQUIRED = ['app', 'function', 'start_ms', 'duration_ms'] as const
const OPTIONAL = ['memory_mb', 'cold_start_ms', 'trigger'] as const
type EventRow = TableRow<(typeof REQUIRED)[number] | (typeof OPTIONAL)[number]>

const DEFECTS = [
  { id: 'duration-zero', found: 'executions of 0 ms', rule: 'They are kept: they take no time.', isOrdinary: true },
  {
    id: 'time-rounded',
    found: 'rows with a time that is no whole number of ms',
    rule: 'Times are rounded to whole ms.',
  },
  ...FACT_DEFECTS,
  { id: 'column-unknown', found: 'columns that the format does not have', rule: 'They are not used.' },
  ...TIME_DEFECTS,
] as const

/** Times beyond this could not be added exactly. */
const MOST_MS = 2 ** 52
/** Dates in nanoseconds are told from nonsense. */
const MOST_TIME = 1e19

/** Everyone's own data: one row per invocation in any order, times in milliseconds since the trace began, or since 1970. */
export const events: TraceFormat = {
  id: 'events',
  summary: 'Your own data: a CSV of single invocations, with their start and duration in milliseconds.',
  source: 'Any platform: write one row per invocation.',
  looksFor: `a CSV file with the header "${REQUIRED.join(',')}" and, if you like, ${OPTIONAL.join(', ')}`,
  needs: [REQUIRED],
  defects: DEFECTS,
  async recognises(path) {
    if ((await kindOfPath(path)).kind !== 'file') return false
    return hasColumns((await headerOf(path)) ?? [], REQUIRED)
  },
  async read(path, { onProgress, origin } = {}) {
    const builder = new TraceBuilder({ id: traceIdOf(path), format: 'events' })
    const defects = new DefectLog(DEFECTS)
    const facts = new AppFacts(builder, defects)
    const time = new EventTime()
    const size = await readEventTable(path, {
      required: REQUIRED,
      optional: OPTIONAL,
      onProgress,
      onHeader(header) {
        for (const name of header.unknown) defects.note('column-unknown', () => name)
      },
      onRow(row) {
        const fn = builder.functionRow('', row.name('app'), row.name('function'))
        const start = row.number('start_ms', 0, MOST_TIME, 'a number of ms from 0')
        const duration = row.number('duration_ms', 0, MOST_MS, 'a number of ms from 0')
        const [startMs, durationMs] = [Math.round(start), Math.round(duration)]
        if (startMs !== start || durationMs !== duration) defects.note('time-rounded', () => row.place)
        if (duration === 0) defects.note('duration-zero', () => row.place)
        builder.addEvent(fn, startMs, durationMs)
        time.add(startMs, durationMs)
        addFacts(builder, { fn, startMs }, row, facts)
      },
    })
    facts.finish()
    const isCalendar = demandMilliseconds(path, time, origin)
    const { horizonMs, ...zero } = time.resolve(defects, { where: path, isCalendar, origin })
    const files = [{ path: basename(path), table: 'events', ...size }]
    return builder.build(horizonMs, { files, defects: defects.lines() }, zero)
  },
}

/**
 * Whether the times are dates in ms. Throws a {@link UserError} where they are dates in another unit, or may be: with
 * `origin: zero` they are what the column says.
 */
function demandMilliseconds(where: string, { span: [first, last] }: EventTime, origin: Origin | undefined): boolean {
  const unit = epochUnitOf(first)
  if (unit === undefined || unit !== epochUnitOf(last)) {
    if (last <= MOST_MS) return false
    throw new UserError({ where, problem: `start_ms must be a number of ms up to ${MOST_MS}, found ${last}` })
  }
  if (unit === 'ms') return true
  if (unit === 's' && origin === 'zero') return false
  const date = new Date((first / EPOCH_UNITS[unit]) * 1000).toISOString()
  const asMs = unit === 's' ? `${formatSpan(first)} after the trace began` : 'no date of our time'
  throw new UserError({
    where,
    problem: `start_ms begins with ${first}, which as ${UNIT_NAMES[unit]} since 1970 is ${date}, and as milliseconds ${asMs}`,
    hint: `Say which with a mapping: start: { from: start_ms, unit: ${unit} }, and the unit of duration_ms; pilotlight init writes one.${unit === 's' ? ' Or say origin: zero, where they are milliseconds.' : ''}`,
  })
}

const UNIT_NAMES = { s: 'seconds', ms: 'milliseconds', us: 'microseconds', ns: 'nanoseconds' } as const

/** What a row says beyond the execution itself. */
function addFacts(
  builder: TraceBuilder,
  { fn, startMs }: { readonly fn: number; readonly startMs: number },
  row: EventRow,
  facts: AppFacts,
): void {
  if (row.text('memory_mb') !== '')
    facts.memory(fn, row.number('memory_mb', Number.MIN_VALUE, MOST_MS, 'a number of MB above 0'))
  if (row.text('cold_start_ms') !== '')
    facts.coldStart(fn, row.number('cold_start_ms', 0, MOST_MS, 'a number of ms from 0'), () => row.place)
  const word = row.text('trigger')
  if (word !== '') {
    const trigger = TRIGGERS.find((each) => each === word)
    builder.setTrigger(fn, trigger ?? row.refuse('trigger', `one of ${TRIGGERS.join(', ')}`), startMs)
  }
}

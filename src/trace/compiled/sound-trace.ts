import { counted } from '../../core/counted.ts'
import { MOST_CELL_BYTES } from '../cells/cell-code.ts'
import type { TraceColumn } from '../shared-array.ts'
import { TRIGGERS } from '../trace.ts'
import type { TraceParts } from '../trace-parts.ts'

type TraceColumns = TraceParts['columns']

/**
 * What is wrong with the columns of a trace that came from a file, or undefined: every offset leads into its column, every
 * index to a row, and every time into the time of the trace, so that no simulation can leave them. Packed cells are not
 * looked at: whoever unpacks them checks them.
 */
export function unsoundness({ about, columns }: TraceParts): string | undefined {
  const apps = columns['apps.memoryMb']!.length
  const functions = columns['functions.durationMs']!.length
  const problem =
    wrongLength(columns, 'apps.', apps, ['apps.coldStartMs']) ??
    wrongLength(columns, 'functions.', functions, ['functions.app', 'functions.trigger']) ??
    wrongOffsets(columns, 'apps.nameOffset', apps, columns['apps.name']!.length) ??
    wrongOffsets(columns, 'functions.nameOffset', functions, columns['functions.name']!.length) ??
    wrongOffsets(columns, 'apps.firstFunction', apps, functions) ??
    wrongValue(columns, 'functions.trigger', (value) => value < TRIGGERS.length) ??
    wrongValue(columns, 'functions.durationMs', isTime) ??
    wrongValue(columns, 'apps.memoryMb', (value) => !(value < 0) && value !== Number.POSITIVE_INFINITY) ??
    wrongValue(columns, 'apps.coldStartMs', (value) => !(value < 0) && value !== Number.POSITIVE_INFINITY) ??
    wrongOwner(columns, 'functions.app', columns['apps.firstFunction']!)
  if (problem !== undefined) return problem
  if (about.kind === 'events') return wrongEvents(columns, apps, about)
  return wrongCounts(columns, { apps, functions }, about)
}

function wrongCounts(
  columns: TraceColumns,
  { apps, functions }: { apps: number; functions: number },
  { horizonMs, bucketMs, invocations, hasGaps }: CountsAbout,
): string | undefined {
  const buckets = Math.ceil(horizonMs / bucketMs)
  const problem =
    wrongLength(columns, 'functions.', functions, ['invocations']) ??
    wrongCells(columns, '', { rows: functions, what: 'function', buckets }) ??
    (hasGaps ? wrongLength(columns, 'apps.', apps, ['gaps.invocations']) : undefined) ??
    (hasGaps ? wrongCells(columns, 'gaps.', { rows: apps, what: 'app', buckets }) : undefined)
  if (problem !== undefined) return problem
  const sum = (columns['invocations'] as Float64Array).reduce((before, own) => before + own, 0)
  return sum === invocations
    ? undefined
    : `its functions add up to ${counted(sum, 'invocation')}, and it tells of ${invocations}`
}

type CountsAbout = Extract<TraceParts['about'], { kind: 'counts' }>

/** Packed cells whose columns have that prefix. */
function wrongCells(
  columns: TraceColumns,
  prefix: '' | 'gaps.',
  { rows, what, buckets }: { rows: number; what: string; buckets: number },
): string | undefined {
  const firstCell = columns[`${prefix}firstCell`]!
  const firstByte = columns[`${prefix}firstByte`]!
  const sums = columns[`${prefix}invocations`]!
  const problem =
    wrongOffsets(columns, `${prefix}firstCell`, rows, firstCell.at(-1)!) ??
    wrongOffsets(columns, `${prefix}firstByte`, rows, columns[`${prefix}cells`]!.length)
  if (problem !== undefined) return problem
  for (let row = 0; row < rows; row += 1) {
    const cells = firstCell[row + 1]! - firstCell[row]!
    const bytes = firstByte[row + 1]! - firstByte[row]!
    const own = sums[row]!
    const isRight = cells <= buckets && cells <= bytes && bytes <= cells * MOST_CELL_BYTES
    if (!isRight || !Number.isInteger(own) || own < cells) return `the cells of its ${what} ${row} are none`
  }
  return undefined
}

function wrongEvents(
  columns: TraceColumns,
  apps: number,
  { horizonMs, isMeasured, invocations }: { horizonMs: number; isMeasured: boolean; invocations: number },
): string | undefined {
  const startMs = columns['startMs']!
  const fn = columns['fn']!
  const firstEvent = columns['firstEvent']!
  const firstFunction = columns['apps.firstFunction']!
  const others = ['durationMs', 'fn', ...(isMeasured ? ['start', 'instance'] : [])]
  const problem =
    wrongLength(columns, 'events', startMs.length, others) ??
    wrongOffsets(columns, 'firstEvent', apps, startMs.length) ??
    wrongValue(columns, 'durationMs', isTime) ??
    (isMeasured ? wrongValue(columns, 'start', (value) => value <= 2) : undefined)
  if (problem !== undefined) return problem
  for (let app = 0; app < apps; app += 1) {
    let before = 0
    for (let event = firstEvent[app]!; event < firstEvent[app + 1]!; event += 1) {
      const at = startMs[event]!
      const isOwn = fn[event]! >= firstFunction[app]! && fn[event]! < firstFunction[app + 1]!
      if (!(Number.isInteger(at) && at >= before && at <= horizonMs && isOwn)) return `its event ${event} is none`
      before = at
    }
  }
  return startMs.length === invocations
    ? undefined
    : `it has ${counted(startMs.length, 'event')}, and tells of ${invocations}`
}

function isTime(value: number): boolean {
  return Number.isInteger(value) && value >= 0
}

function wrongLength(columns: TraceColumns, what: string, rows: number, names: readonly string[]): string | undefined {
  const odd = names.find((name) => columns[name]!.length !== rows)
  return odd === undefined ? undefined : `its column ${odd} has another length than the others of ${what}`
}

/** Offsets begin at 0, never fall, and end at the end of what they lead into; there is one more than rows. */
function wrongOffsets(columns: TraceColumns, name: string, rows: number, end: number): string | undefined {
  const offsets: TraceColumn = columns[name]!
  let before = 0
  let isWrong = offsets.length !== rows + 1 || offsets[0] !== 0 || offsets[rows] !== end
  for (let row = 0; row < offsets.length && !isWrong; row += 1) {
    isWrong = !(Number.isInteger(offsets[row]) && offsets[row]! >= before)
    before = offsets[row]!
  }
  return isWrong ? `its column ${name} leads out of the file` : undefined
}

function wrongValue(columns: TraceColumns, name: string, isRight: (value: number) => boolean): string | undefined {
  const column = columns[name]!
  for (let row = 0; row < column.length; row += 1) {
    if (!isRight(column[row]!)) return `row ${row} of its column ${name} holds ${column[row]}`
  }
  return undefined
}

/** Every function stands among those of its app. */
function wrongOwner(columns: TraceColumns, name: string, first: TraceColumn): string | undefined {
  const owner = columns[name]!
  for (let app = 0; app + 1 < first.length; app += 1) {
    for (let fn = first[app]!; fn < first[app + 1]!; fn += 1)
      if (owner[fn] !== app) return `its function ${fn} is of no app`
  }
  return undefined
}

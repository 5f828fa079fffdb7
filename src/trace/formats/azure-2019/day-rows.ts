import { DAY_MINUTES } from '../../../core/units.ts'
import { UserError } from '../../../core/user-error.ts'
import type { PackedRuns } from '../../build/cell-log.ts'
import type { FunctionRows } from '../../build/function-rows.ts'
import { encodeCells, MOST_CELL_BYTES } from '../../cells/cell-code.ts'
import { scanBlocks } from '../../table/blocks.ts'
import { type CountHeader, countHeader } from '../../table/count-header.ts'
import type { CountRow } from '../../table/count-row.ts'
import { CountScanner } from '../../table/count-scanner.ts'
import { placeOf } from '../../table/place.ts'
import { unpackedBytes } from '../../table/source-bytes.ts'
import { TRIGGERS } from '../../trace.ts'
import type { TableFile } from './table-files.ts'

/** Stands for a trigger that the data set does not have. */
export const STRANGE_TRIGGER = TRIGGERS.length
const UNKNOWN = TRIGGERS.indexOf('unknown')
/** The index of each trigger that a table may name; an empty cell names none. */
const TRIGGER_INDEX: ReadonlyMap<string, number> = new Map([
  ['', UNKNOWN],
  ...TRIGGERS.flatMap((trigger, index) => (index === UNKNOWN ? [] : [[trigger, index] as const])),
])

/** Some thousand rows go together: few enough to wait for, and enough that a batch costs next to nothing. */
const MOST_ROWS = 4096
const BATCH_BYTES = 1 << 20
const MOST_ROW_BYTES = DAY_MINUTES * MOST_CELL_BYTES

/** A batch of rows of a day's table of invocations, checked, and their cells as packed runs. Each column has an entry a row. */
export interface DayRows extends PackedRuns {
  length: number
  /** The row of the function, as the reader numbers them. */
  readonly fn: Uint32Array
  /** The line, from 1. */
  readonly line: Uint32Array
  /** Index of the trigger, or {@link STRANGE_TRIGGER}. */
  readonly trigger: Uint8Array
  /** Lines of the batch that are the header again. */
  readonly headers: number[]
}

/** How large a table is. */
export interface TableSize {
  readonly rows: number
  readonly bytes: number
}

/** Who hears what is read of a table of invocations. */
export interface DayListener {
  /** Their memory is used again. */
  onRows(rows: DayRows): void
  /** Hears how many bytes of the file on disk have been read. */
  onRead(bytes: number): void
}

/** The tables of invocations of a trace, whose rows are handed over file by file. */
export interface Days {
  /** Reads the next file. Throws a {@link UserError} at a row that is no row of the table. */
  next(listener: DayListener): Promise<TableSize>
  /** Ends whatever still reads. */
  end(): Promise<void>
}

/** Gives memory for the next batch, whatever it holds. */
export type SpareRows = () => DayRows

/**
 * Reads a table of invocations in batches of rows, whose functions get their numbers of `functions`. `minuteAtZero` is the
 * minute of the data set, from 0, that the trace begins with. Throws a {@link UserError} at a row that is no row of the table.
 */
export async function readDay(
  file: TableFile,
  minuteAtZero: number,
  functions: FunctionRows,
  { onRows, onRead, spare }: DayListener & { readonly spare: SpareRows },
): Promise<TableSize> {
  const { path, day } = file
  const header = countHeader(path, file.header)
  // From a minute of the day, from 1, to a minute of the trace, from 0.
  const shift = (day - 1) * DAY_MINUTES - 1 - minuteAtZero
  const isInOrder = minutesRise(header)
  let batch = emptied(spare())
  const scanner = new CountScanner(path, header, (row, line) => {
    if (row.app === '' || row.fn === '') throw nameless(path, line)
    if (isHeader(row, header, file.header)) return void batch.headers.push(line)
    if (countsUp(row, header)) throw countingUp(path, line)
    if (!isInOrder) sortCells(row)
    for (let cell = 0; cell < row.length; cell += 1) row.minute[cell]! += shift
    addRow(batch, row, functions.fn(row.owner, row.app, row.fn), line)
    if (batch.length < MOST_ROWS && endOf(batch) + MOST_ROW_BYTES <= batch.bytes.length) return
    onRows(batch)
    batch = emptied(spare())
  })
  const bytes = await scanBlocks(unpackedBytes(path, onRead), scanner, path)
  onRows(batch)
  return { rows: scanner.rows, bytes }
}

/** Memory for a batch, in which there is room for a row of every minute of a day. */
export function newRows(): DayRows {
  return {
    length: 0,
    fn: new Uint32Array(MOST_ROWS),
    line: new Uint32Array(MOST_ROWS),
    trigger: new Uint8Array(MOST_ROWS),
    cells: new Uint32Array(MOST_ROWS),
    first: new Uint32Array(MOST_ROWS),
    last: new Uint32Array(MOST_ROWS),
    invocations: new Float64Array(MOST_ROWS),
    end: new Uint32Array(MOST_ROWS),
    bytes: new Uint8Array(BATCH_BYTES + MOST_ROW_BYTES),
    headers: [],
  }
}

function emptied(rows: DayRows): DayRows {
  rows.length = 0
  rows.headers.length = 0
  return rows
}

/** The memory that moves with a batch from one thread to another. */
export function memoryOf(rows: DayRows): ArrayBuffer[] {
  return Object.values(rows).flatMap((column: unknown) =>
    ArrayBuffer.isView(column) ? [column.buffer as ArrayBuffer] : [],
  )
}

function endOf({ end, length }: DayRows): number {
  return length === 0 ? 0 : end[length - 1]!
}

function addRow(batch: DayRows, row: CountRow, fn: number, line: number): void {
  const { length: at } = batch
  const { length, count, minute } = row
  let invocations = 0
  for (let cell = 0; cell < length; cell += 1) invocations += count[cell]!
  batch.end[at] = encodeCells(batch.bytes, endOf(batch), length, row)
  batch.fn[at] = fn
  batch.line[at] = line
  batch.trigger[at] = TRIGGER_INDEX.get(row.trigger) ?? STRANGE_TRIGGER
  batch.cells[at] = length
  batch.first[at] = length === 0 ? 0 : minute[0]!
  batch.last[at] = length === 0 ? 0 : minute[length - 1]!
  batch.invocations[at] = invocations
  batch.length = at + 1
}

/** Whether the columns of the minutes stand in their order. */
function minutesRise({ minute }: CountHeader): boolean {
  const minutes = minute.filter((number) => number > 0)
  return minutes.every((number, index) => index === 0 || number > minutes[index - 1]!)
}

/** Puts the cells of a row in time order. */
function sortCells(row: CountRow): void {
  const cells = Array.from({ length: row.length }, (_, cell) => [row.minute[cell]!, row.count[cell]!] as const)
  for (const [cell, [minute, count]] of cells.sort(([one], [other]) => one - other).entries()) {
    row.minute[cell] = minute
    row.count[cell] = count
  }
}

/** Whether a row is the header again: its names are those of the columns. */
function isHeader(row: CountRow, { app, fn }: CountHeader, names: readonly string[]): boolean {
  return row.app === names[app] && row.fn === names[fn]
}

/** In so narrow a table per function may well have one invocation in the first minute and two in the second. */
const NARROW = 60

/** Whether the cells of a row are the numbers of their minutes, as only those of a header are. */
function countsUp(row: CountRow, { firstMinute, lastMinute }: CountHeader): boolean {
  const width = lastMinute - firstMinute + 1
  if (width < NARROW || row.length < width) return false
  for (let cell = 0; cell < width; cell += 1) if (row.count[cell] !== row.minute[cell]) return false
  return true
}

function countingUp(path: string, line: number): UserError {
  const problem = 'the cells of the row are the numbers of its minutes, as those of a header are'
  return new UserError({ where: placeOf(path, line), problem, hint: 'Remove the row.' })
}

function nameless(path: string, line: number): UserError {
  return new UserError({ where: placeOf(path, line), problem: 'HashApp and HashFunction must not be empty' })
}

import { DAY_MINUTES } from '../../../core/units.ts'
import { UserError } from '../../../core/user-error.ts'
import { scanBlocks } from '../../table/blocks.ts'
import type { TraceBuilder } from '../../build/builder.ts'
import { type CountHeader, countHeader } from '../../table/count-header.ts'
import type { CountRow } from '../../table/count-row.ts'
import { CountScanner } from '../../table/count-scanner.ts'
import { GrowingColumn } from '../../../core/column.ts'
import { placeOf } from '../../table/place.ts'
import { unpackedBytes } from '../../table/source-bytes.ts'
import { TRIGGERS, type Trigger } from '../../trace.ts'
import type { Defects } from './azure-defects.ts'
import type { TableFile } from './table-files.ts'

/** Reads tables of invocations into a builder, one day after the other. */
export class InvocationTables {
  private readonly builder: TraceBuilder
  private readonly defects: Defects
  /** The minute of the data set, from 0, that the trace begins with. */
  private readonly minuteAtZero: number
  /** How many days were read. */
  private days = 0
  /** By function: how many days list it, and whether any has invocations of it. */
  private readonly listed = new GrowingColumn('uint32')
  private readonly invoked = new GrowingColumn('uint32')
  /** By function: the last day that lists it, counted from 1, and the run of its first row there. */
  private readonly lastDay = new GrowingColumn('uint32')
  private readonly firstRun = new GrowingColumn('uint32')
  /** By function that the day at hand lists more than once: the runs of its further rows. */
  private readonly furtherRuns = new Map<number, number[]>()
  /** By run: index of its trigger. */
  private readonly triggerOfRun = new GrowingColumn('uint32')

  constructor(builder: TraceBuilder, defects: Defects, minuteAtZero: number) {
    this.builder = builder
    this.defects = defects
    this.minuteAtZero = minuteAtZero
  }

  /** Reads a day. `onRead` hears how many bytes of the file on disk have been read. Gives the size of the table. */
  async read(
    file: TableFile,
    onRead: (bytes: number) => void,
  ): Promise<{ readonly rows: number; readonly bytes: number }> {
    const { path, name, day } = file
    const header = countHeader(path, file.header)
    // From a minute of the day, from 1, to a minute of the trace, from 0.
    const shift = (day - 1) * DAY_MINUTES - 1 - this.minuteAtZero
    this.days += 1
    this.furtherRuns.clear()
    const isInOrder = minutesRise(header)
    const scanner = new CountScanner(path, header, (row, line) => {
      if (row.app === '' || row.fn === '') throw nameless(path, line)
      if (isHeader(row, header, file.header)) return this.defects.note('header-repeated', () => placeOf(name, line))
      if (countsUp(row, header)) throw countingUp(path, line)
      if (!isInOrder) sortCells(row)
      for (let cell = 0; cell < row.length; cell += 1) row.minute[cell]! += shift
      this.add(row, day, () => placeOf(name, line))
    })
    const bytes = await scanBlocks(unpackedBytes(path, onRead), scanner, path)
    return { rows: scanner.rows, bytes }
  }

  /** Notes what can be told only after the last day. */
  finish(): void {
    const { rows } = this.builder
    for (let fn = 0; fn < rows.count; fn += 1) {
      const example = (): string => rows.fullNameOf(fn)
      if (this.invoked.at(fn) === 0) this.defects.note('function-never-invoked', example)
      if (this.listed.at(fn) < this.days) this.defects.note('function-some-days', example)
      if (this.builder.triggers.changed(fn)) this.defects.note('trigger-changed', example)
    }
    const owners = new Map<string, number>()
    for (let row = 0; row < rows.appCount; row += 1) {
      const [, app] = rows.ownerAndApp(row)
      owners.set(app, (owners.get(app) ?? 0) + 1)
    }
    for (const [app, count] of owners) if (count > 1) this.defects.note('app-two-owners', () => app)
  }

  private add(row: CountRow, day: number, place: () => string): void {
    const { builder, defects } = this
    const trigger = this.triggerOf(row.trigger, place)
    const fn = builder.functionRow(row.owner, row.app, row.fn)
    const again = this.lastDay.at(fn) === this.days
    if (again) {
      if (this.runsOfToday(fn).some((run) => this.isSame(run, row, trigger))) {
        return defects.note('invocations-repeated', place)
      }
      defects.note('invocations-differing', place)
    }
    const run = builder.cells.append(fn, row.minute, row.count, row.length)
    this.triggerOfRun.set(run, TRIGGERS.indexOf(trigger))
    if (trigger !== 'unknown') builder.setTrigger(fn, trigger, day)
    if (row.length > 0) this.invoked.set(fn, 1)
    if (again) {
      this.furtherRuns.set(fn, [...this.runsOfToday(fn).slice(1), run])
    } else {
      this.lastDay.set(fn, this.days)
      this.firstRun.set(fn, run)
      this.listed.set(fn, this.listed.at(fn) + 1)
    }
  }

  private triggerOf(word: string, place: () => string): Trigger {
    if (word === '') return 'unknown'
    const trigger = TRIGGERS.find((known) => known === word && known !== 'unknown')
    if (trigger === undefined) this.defects.note('trigger-unknown', place)
    return trigger ?? 'others'
  }

  /** The runs of a function that the day at hand lists already. */
  private runsOfToday(fn: number): readonly number[] {
    return [this.firstRun.at(fn), ...(this.furtherRuns.get(fn) ?? [])]
  }

  private isSame(run: number, row: CountRow, trigger: Trigger): boolean {
    const { minute, count } = this.builder.cells.cellsOf(run)
    if (minute.length !== row.length || this.triggerOfRun.at(run) !== TRIGGERS.indexOf(trigger)) return false
    return minute.every((each, cell) => each === row.minute[cell] && count[cell] === row.count[cell])
  }
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

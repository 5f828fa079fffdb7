import { GrowingColumn } from '../../../core/column.ts'
import type { TraceBuilder } from '../../build/builder.ts'
import { placeOf } from '../../table/place.ts'
import { TRIGGERS } from '../../trace.ts'
import type { Defects } from './azure-defects.ts'
import { type DayRows, STRANGE_TRIGGER } from './day-rows.ts'
import type { TableFile } from './table-files.ts'

const OTHERS = TRIGGERS.indexOf('others')
const UNKNOWN = TRIGGERS.indexOf('unknown')

/** Takes the rows of tables of invocations into a builder, one day after the other. */
export class InvocationTables {
  private readonly builder: TraceBuilder
  private readonly defects: Defects
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

  constructor(builder: TraceBuilder, defects: Defects) {
    this.builder = builder
    this.defects = defects
  }

  /** A further day begins. */
  beginDay(): void {
    this.days += 1
    this.furtherRuns.clear()
  }

  /** Adds rows of the day at hand, whose functions are numbered as the builder's. */
  addRows(rows: DayRows, file: TableFile): void {
    for (const line of rows.headers) this.defects.note('header-repeated', () => placeOf(file.name, line))
    for (let row = 0; row < rows.length; row += 1) this.add(rows, row, file)
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

  private add(rows: DayRows, row: number, file: TableFile): void {
    const { builder } = this
    const fn = rows.fn[row]!
    const trigger = this.triggerOf(rows, row, file)
    const again = this.lastDay.at(fn) === this.days
    if (again && this.isRepeated(rows, row, { file, trigger })) return
    const run = builder.cells.addRun(fn, rows, row)
    this.triggerOfRun.set(run, trigger)
    if (trigger !== UNKNOWN) builder.setTrigger(fn, TRIGGERS[trigger]!, file.day)
    if (rows.cells[row]! > 0) this.invoked.set(fn, 1)
    if (again) {
      this.furtherRuns.set(fn, [...this.runsOfToday(fn).slice(1), run])
    } else {
      this.lastDay.set(fn, this.days)
      this.firstRun.set(fn, run)
      this.listed.set(fn, this.listed.at(fn) + 1)
    }
  }

  private triggerOf({ trigger, line }: DayRows, row: number, { name }: TableFile): number {
    if (trigger[row] !== STRANGE_TRIGGER) return trigger[row]!
    this.defects.note('trigger-unknown', () => placeOf(name, line[row]!))
    return OTHERS
  }

  /** Whether a further row of a function of the day at hand says the same as an earlier one. Notes which of the two it is. */
  private isRepeated(
    rows: DayRows,
    row: number,
    { file, trigger }: { readonly file: TableFile; readonly trigger: number },
  ): boolean {
    const isRepeated = this.runsOfToday(rows.fn[row]!).some(
      (run) => this.triggerOfRun.at(run) === trigger && this.builder.cells.isRun(run, rows, row),
    )
    const place = (): string => placeOf(file.name, rows.line[row]!)
    this.defects.note(isRepeated ? 'invocations-repeated' : 'invocations-differing', place)
    return isRepeated
  }

  /** The runs of a function that the day at hand lists already. */
  private runsOfToday(fn: number): readonly number[] {
    return [this.firstRun.at(fn), ...(this.furtherRuns.get(fn) ?? [])]
  }
}

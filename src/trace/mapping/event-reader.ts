import { basename } from 'node:path'
import { UserError } from '../../core/user-error.ts'
import { AppFacts } from '../build/app-facts.ts'
import { TraceBuilder } from '../build/builder.ts'
import { EventTime, epochUnitOf } from '../build/event-time.ts'
import type { Defect, SourceFile } from '../build/join-report.ts'
import { placeOf, shown } from '../table/place.ts'
import { START, type Trace, TRIGGERS, type Trigger } from '../trace.ts'
import { getterOf } from './row-columns.ts'
import { LEFT_OUT } from './mapping-defects.ts'
import { filterOf, memoryAmount, type RowPlace, timeAmount } from './fields.ts'
import { copied } from './join.ts'
import type { Mapping } from './mapping.ts'
import { MappedFunctions, momentReader, type ReaderParts, type RowReader } from './row-reader.ts'

/** More invocations of one row are a mistake. */
const MOST_WEIGHT = 1e6

/** A row as it was read. */
export interface ReadRow {
  /** `app:function`. */
  readonly name: string
  /** As the source counts: since 1970, or since it began. */
  readonly startMs: number
  readonly durationMs: number
  /** Undefined where no column says so. */
  readonly isCold: boolean | undefined
}

/** Rows that are one invocation each. */
export class EventReader implements RowReader {
  private readonly parts: ReaderParts
  private readonly builder: TraceBuilder
  private readonly functions: MappedFunctions
  private readonly facts: AppFacts
  private readonly time = new EventTime()
  private readonly moment: (place: RowPlace) => number
  private readonly read: Readonly<
    Partial<Record<'duration' | 'wait' | 'coldStart' | 'loading' | 'memory', (place: RowPlace) => number | undefined>>
  >
  private readonly isCold: (() => boolean) | undefined
  private readonly instance: (() => string) | undefined
  private readonly trigger: (() => string) | undefined
  private readonly weight: (() => string) | undefined
  private readonly instances = new Map<string, string>()
  private readonly latest = { fn: 0, startMs: 0, durationMs: 0 }
  /** The row at hand, and where it stands, for those who count what is odd. */
  private place: RowPlace = { path: '', line: 0 }
  private readonly example = (): string => `${basename(this.place.path)}:${this.place.line}`

  constructor(parts: ReaderParts) {
    const { mapping, columns, defects, source } = parts
    this.parts = parts
    this.builder = new TraceBuilder(source)
    this.functions = new MappedFunctions(this.builder, parts)
    this.facts = new AppFacts(this.builder, defects)
    this.moment = momentReader(parts)
    const { duration, wait, coldStart, loading, memory, cold, instance, trigger, weight } = mapping
    this.read = {
      ...(duration === undefined ? {} : { duration: timeAmount('duration', duration, columns) }),
      ...(wait === undefined ? {} : { wait: timeAmount('wait', wait, columns) }),
      ...(coldStart === undefined ? {} : { coldStart: timeAmount('coldStart', coldStart, columns) }),
      ...(loading === undefined ? {} : { loading: timeAmount('loading', loading, columns) }),
      ...(memory === undefined ? {} : { memory: memoryAmount('memory', memory, columns) }),
    }
    this.isCold = cold === undefined ? undefined : filterOf(cold, columns)
    this.instance = instance === undefined ? undefined : getterOf(instance, columns)
    this.trigger = trigger === undefined ? undefined : getterOf(trigger, columns)
    this.weight = weight === undefined ? undefined : getterOf({ from: weight.from }, columns)
  }

  onRow(place: RowPlace): void {
    this.place = place
    const { builder, example, read } = this
    const { defects, mapping } = this.parts
    const fn = this.functions.row(place)
    const waitMs = read.wait?.(place) ?? 0
    const coldMs = read.coldStart?.(place)
    let durationMs = read.duration?.(place)
    if (durationMs === undefined) defects.note('duration-missing', example)
    durationMs ??= 0
    if (mapping.coldStart?.within === 'duration' && coldMs !== undefined) {
      if (coldMs > durationMs) defects.note('started-before', example)
      durationMs = Math.max(0, durationMs - coldMs)
    }
    const at = this.moment(place)
    const before = mapping.start === undefined ? durationMs + (coldMs ?? 0) + waitMs : waitMs
    const startMs = Math.round(at - before)
    const wholeMs = Math.round(durationMs)
    if (wholeMs === 0) defects.note('duration-zero', example)
    const weight = this.weightOf(place, example)
    for (let copy = 0; copy < weight; copy += 1) {
      builder.addEvent(fn, startMs, wholeMs)
      this.time.add(startMs, wholeMs)
      if (copy === 0) this.measure(coldMs)
    }
    if (weight > 0) this.addFacts(fn, startMs, place, coldMs, example)
    const { latest } = this
    latest.fn = fn
    latest.startMs = startMs
    latest.durationMs = wholeMs
  }

  /** The row that was read last. */
  get readRow(): ReadRow {
    const { fn, startMs, durationMs } = this.latest
    return { name: this.builder.rows.fullNameOf(fn), startMs, durationMs, isCold: this.isCold?.() }
  }

  private weightOf(place: RowPlace, example: () => string): number {
    if (this.weight === undefined) return 1
    const text = this.weight()
    const weight = Number(text)
    if (text === '' || !Number.isSafeInteger(weight) || weight < 0 || weight > MOST_WEIGHT) {
      const problem = `weight must be a whole number from 0 to ${MOST_WEIGHT}, found ${shown(text)}`
      throw new UserError({ where: placeOf(place.path, place.line), problem })
    }
    if (weight > 1) this.parts.defects.note('weighted', example)
    return weight
  }

  /** What was seen of the execution added last. */
  private measure(coldMs: number | undefined): void {
    const { isCold, instance } = this
    if (isCold === undefined && instance === undefined && this.read.coldStart === undefined) return
    let start: number = START.unknown
    if (isCold !== undefined) start = isCold() ? START.cold : START.warm
    else if (this.read.coldStart !== undefined) start = (coldMs ?? 0) > 0 ? START.cold : START.warm
    this.builder.measure(start, instance === undefined ? '' : this.instanceOf(instance()))
  }

  private instanceOf(text: string): string {
    let own = this.instances.get(text)
    if (own === undefined) this.instances.set((own = copied(text)), own)
    return own
  }

  private addFacts(
    fn: number,
    startMs: number,
    place: RowPlace,
    coldMs: number | undefined,
    example: () => string,
  ): void {
    const { facts, read } = this
    const mb = read.memory?.(place)
    if (mb !== undefined && mb > 0) facts.memory(fn, mb)
    if (coldMs !== undefined && coldMs > 0) facts.coldStart(fn, coldMs, example)
    const loadingMs = read.loading?.(place)
    if (loadingMs !== undefined) facts.coldStart(fn, loadingMs, example)
    if (this.trigger === undefined) return
    const trigger = triggerOf(this.trigger(), this.parts.mapping)
    if (trigger === undefined) this.parts.defects.note('trigger-unknown', example)
    // Ranks of times are at least 0.
    if (trigger !== 'unknown') this.builder.setTrigger(fn, trigger ?? 'others', Math.max(0, startMs))
  }

  build(files: readonly SourceFile[]): Trace {
    const { builder, time } = this
    const { defects, mapping, where, origin } = this.parts
    if (builder.eventCount === 0) throw new UserError({ where, ...nothingLeft(defects.lines()) })
    this.facts.finish()
    const [first, last] = time.span
    const isCalendar = epochUnitOf(first) === 'ms' && epochUnitOf(last) === 'ms'
    const { horizonMs, ...zero } = time.resolve(defects, {
      where,
      isCalendar,
      // Time from the trace's own beginning may not begin below it.
      origin: origin ?? (first < 0 ? 'first' : undefined),
      zone: mapping.zone,
    })
    return builder.build(horizonMs, { files, defects: defects.lines() }, zero)
  }
}

/** The trigger of a word; `unknown` of none; undefined of one that is not known. */
function triggerOf(word: string, { triggers }: Mapping): Trigger | undefined {
  const own = triggers?.[word]
  if (own !== undefined || word === '' || word === '-') return own ?? 'unknown'
  const small = word.toLowerCase()
  return TRIGGERS.find((known) => known === small && known !== 'unknown')
}

/** Why a file of rows has no invocation. */
function nothingLeft(lines: readonly Defect[]): { readonly problem: string; readonly hint: string } {
  const why = lines
    .filter(({ count, rule }) => count > 0 && rule === LEFT_OUT)
    .map(({ count, found }) => `${count} ${found}`)
  const problem =
    why.length === 0 ? 'it has no rows' : `none of its rows is an invocation: ${why.join(', ')} were left out`
  return {
    problem,
    hint: 'Where they are invocations after all, read it by a mapping of your own: see docs/traces.md.',
  }
}

import type { Calendar } from '../core/calendar.ts'
import type { JoinReport } from './build/join-report.ts'

/** What set a function off, in the data set's own words (Azure 2019); `unknown` where a trace has no triggers. */
export const TRIGGERS = ['unknown', 'http', 'timer', 'event', 'queue', 'storage', 'orchestration', 'others'] as const
export type Trigger = (typeof TRIGGERS)[number]

/** What a trace may offer beyond arrivals; policies and models name what they need of it. */
export const TRACE_FACTS = ['memory', 'duration', 'trigger', 'coldStart', 'arrivalTime', 'measured'] as const
export type TraceFact = (typeof TRACE_FACTS)[number]

/** A column of texts that is decoded one text at a time. */
export interface Names {
  readonly count: number
  at(index: number): string
}

/** One row per app, in the order of their names, which is no order of the file's. */
export interface AppTable {
  readonly count: number
  /** `owner/app` where the trace has owners, else `app`. */
  readonly name: Names
  /** MB while loaded; NaN in every row of a trace without memory. Rows the trace left out hold the trace's median. */
  readonly memoryMb: Float64Array
  /** Loading time in ms; NaN in every row of a trace that measures none. Rows without one hold the trace's median. */
  readonly coldStartMs: Float64Array
  /** `count + 1` entries: the functions of app `a` are `firstFunction[a]` up to, not including, `firstFunction[a + 1]`. */
  readonly firstFunction: Uint32Array
}

/** One row per function, grouped by app, in the order of their names within the app. */
export interface FunctionTable {
  readonly count: number
  readonly name: Names
  readonly app: Uint32Array
  /** Index into {@link TRIGGERS}. */
  readonly trigger: Uint8Array
  /** Whole milliseconds that an execution takes (count traces); rows the trace left out hold the trace's median. */
  readonly durationMs: Float64Array
}

/** Pairs of a place and a number, at least 1, in rows, and in the order of places within each: packed, some 1.3 bytes a pair. */
export interface PackedCells {
  /** Width of a place in whole ms: a minute in most traces. */
  readonly bucketMs: number
  /** One entry more than rows: the cells of row `r` are `firstCell[r]` up to, not including, `firstCell[r + 1]`. */
  readonly firstCell: Float64Array
  /** One entry more than rows: the cells of row `r` are the bytes `firstByte[r]` up to, not including, `firstByte[r + 1]`. */
  readonly firstByte: Float64Array
  /** The cells as bytes; how is told in cells/cell-code.ts. */
  readonly cells: Uint8Array
  /** The sum of the numbers of each row: of arrivals, the invocations of each function. */
  readonly invocations: Float64Array
}

/**
 * Invocations as counts per bucket of time, a row per function: only buckets with any, in time order within each function.
 * They are packed, in memory as in a file, and `UnpackedCells` unpacks those of a few functions at a time.
 */
export interface CountColumns extends PackedCells {
  readonly kind: 'counts'
  /**
   * The gaps between the active buckets of each app, a row per app, as arrivals/packed-gaps.ts tells; a compiled file has them.
   * Absent: whoever needs gaps finds them from the cells.
   */
  readonly gaps?: PackedCells
}

/**
 * Invocations one by one, grouped by app, in time order within each app. Those of an app that start together are in the
 * order of functions, then of durations.
 */
export interface EventColumns {
  readonly kind: 'events'
  /** `apps + 1` entries: the events of app `a` are `firstEvent[a]` up to, not including, `firstEvent[a + 1]`. */
  readonly firstEvent: Float64Array
  /** Whole milliseconds since the trace began. */
  readonly startMs: Float64Array
  /** Whole milliseconds of execution, without a cold start. */
  readonly durationMs: Float64Array
  /** Index into the function table. */
  readonly fn: Uint32Array
  /** What the platform was seen to do, where the trace tells. No simulation looks at it. */
  readonly measured?: MeasuredColumns
}

/** What is known of a measured start: nothing, that an instance stood ready, or that one had to be loaded. */
export const START = { unknown: 0, warm: 1, cold: 2 } as const

/** What a platform was seen to do, event by event, in the order of the events. */
export interface MeasuredColumns {
  /** One of `START`. */
  readonly start: Uint8Array
  /** Which of the app's instances served it, counted from 1 in the order of their first events; 0 where it is not known. */
  readonly instance: Uint32Array
}

/** A trace: tables of apps and functions, and what was invoked when. Read-only; columns may be shared by workers. */
export interface Trace extends Calendar {
  /** A short name: of the file or folder it was read from. */
  readonly id: string
  /** The id of the format it was read in. */
  readonly format: string
  /** SHA-256 (hex) of the content in canonical order: the same for a source, its permutations and its compiled file. */
  readonly digest: string
  readonly offers: readonly TraceFact[]
  /** The trace's time runs from 0 to here. */
  readonly horizonMs: number
  readonly invocations: number
  readonly apps: AppTable
  readonly functions: FunctionTable
  readonly arrivals: CountColumns | EventColumns
  /** How the source's tables joined, defect by defect. */
  readonly join: JoinReport
}

import type { Origin } from '../build/event-time.ts'
import type { Trigger } from '../trace.ts'
import type { UNIT_IN_TEXT } from './written.ts'

/** Units of time that numbers may be written in. */
export const TIME_UNITS = ['s', 'ms', 'us', 'ns', 'min', 'h'] as const
export type TimeUnit = (typeof TIME_UNITS)[number]

/** Units of memory; 1 MB is 1 MiB. `decimal-bytes` are those of a size such as 128 MB that is written 128,000,000. */
export const MEMORY_UNITS = ['MB', 'GB', 'KB', 'bytes', 'decimal-bytes'] as const
export type MemoryUnit = (typeof MEMORY_UNITS)[number]

/** How a file is cut into rows, and what the columns of a row are called. */
export type ReadAs =
  | {
      readonly as: 'csv'
      /** One character; a comma by default. */
      readonly delimiter?: string
      /** Whether the first row names the columns; by default it does. */
      readonly header?: boolean
      /** Lines before the header or the first row that are passed over. */
      readonly skip?: number
      /** Lines that begin with this text are passed over. */
      readonly comment?: string
    }
  /** One JSON object a line. */
  | { readonly as: 'jsonl' }
  /** A JSON document; `rows` is the path of the array that holds the rows, as in `data.result`; the root by default. */
  | { readonly as: 'json'; readonly rows?: string }
  /** Lines of text, whose columns are the named groups of `pattern`. */
  | { readonly as: 'text' }
  /** Apache Parquet, or Apache Arrow as a file (Feather 2). */
  | { readonly as: 'parquet' }
  | { readonly as: 'arrow' }
  /** Records of 24 bytes, as libCacheSim writes them: time in s, object, size in bytes, next access. */
  | { readonly as: 'oracle-general' }

/**
 * Where a text comes from: the name of a column (a path such as `a.b` in JSON; with a `?` at its end it may be absent),
 * its position from 1, or a template such as `{func}---{user}`; `{file}` is the name of the file; or one of those with a regular expression on it; or a constant.
 */
export type TextSource =
  | string
  | number
  | {
      readonly from: string | number
      /** The text that this expression finds: its first group, else all of it; empty where it finds nothing. */
      readonly match?: string
      /** What it becomes, with `$1` for the first group. */
      readonly to?: string
      /** In place of an empty text: a template, or a constant. */
      readonly otherwise?: string
    }
  | { readonly is: string | number }

/** A number with a unit. */
export type Quantity<Unit extends string> =
  | {
      readonly from: string | number
      /** Where given, the amount is what this column has more than `from`: the time between two moments, be they numbers or dates in ISO 8601. */
      readonly to?: string | number
      readonly match?: string
      /** What stands before the decimals; a point by default. */
      readonly decimal?: '.' | ','
      /** `written` where each text says its own, as in 120ms or 128Mi. */
      readonly unit: Unit | typeof UNIT_IN_TEXT
      /** Texts that say that there is no value, besides the empty one. */
      readonly none?: readonly string[]
      /** In place of a missing value, in the same unit; in ms or MB where that is `written`. */
      readonly otherwise?: number
    }
  | { readonly is: number; readonly unit: Unit }

/** A moment: a number in a unit, since 1970 or since the trace began; a date in ISO 8601; or one in a format of its own. */
export interface Moment {
  readonly from: string | number
  readonly match?: string
  /** `auto` by default: dates in ISO 8601 and numbers that are dates of our time are told by themselves. */
  readonly unit?: TimeUnit | 'iso' | 'auto'
  /** In place of a unit, as in `%d/%b/%Y:%H:%M:%S %z`. */
  readonly format?: string
}

/** Rows of a kind. */
export interface Filter {
  readonly from: string | number
  /** The text is one of these. */
  readonly is?: readonly (string | number | boolean)[]
  /** The text matches this regular expression. */
  readonly match?: string
  /** What the rows are, for the join report, as in `health checks`. */
  readonly rows?: string
}

/** A second table, whose columns stand beside those of the first. */
export interface JoinTable {
  readonly path: string
  readonly read?: ReadAs
  /** Column of the first table to column of the second; rows join where they are equal. */
  readonly on: Readonly<Record<string, string>>
}

/** Counts in place of single invocations. */
export interface Counts {
  /**
   * `columns`: a row is a bucket of time and every further column a function; `rows`: a row is a function and its
   * columns from `first` on are buckets; `cells`: a row is a function, a bucket and a count; `series`: a row is a
   * function with a list of pairs of a time and a count (Prometheus).
   */
  readonly layout: 'columns' | 'rows' | 'cells' | 'series'
  /** Width of a bucket in ms. */
  readonly bucketMs: number
  /** `cells`: the column of the count; `series`: the path of the list. */
  readonly value?: string | number
  /** `rows`: position, from 1, of the first bucket's column. */
  readonly first?: number
  /** `columns`: columns that are no functions. */
  readonly except?: readonly string[]
  /** `columns`: tables of the same shape, whose cells say something else of the function in the bucket. */
  readonly beside?: { readonly duration?: BesideTable<TimeUnit>; readonly memory?: BesideTable<MemoryUnit> }
  /** `close` takes out the whole days of gaps of a day or more; by default their time is kept. */
  readonly gaps?: 'keep' | 'close'
}

/** A table of the shape of one of counts. */
export interface BesideTable<Unit extends string> {
  /** A file, or a folder with a file of the same name for each of the counts. */
  readonly path: string
  readonly unit: Unit
}

/** How a file that is no trace format of its own becomes a trace; plain data. */
export interface Mapping {
  readonly read: ReadAs
  /** A regular expression whose named groups are further columns: of a text line, or of the column `in`. */
  readonly pattern?: { readonly in?: string | number; readonly match: string }
  /** Rows that must fit all of these, and rows that must fit none. */
  readonly only?: readonly Filter[]
  readonly except?: readonly Filter[]
  readonly join?: JoinTable
  readonly app: TextSource
  /** By default an app has one function, of its own name. */
  readonly function?: TextSource
  /** When the invocation came, or else when its execution ended. */
  readonly start?: Moment
  readonly end?: Moment
  /** How long it took, without the cold start. */
  readonly duration?: Quantity<TimeUnit>
  /** Time between its arrival and `start`, or within `end` and what precedes. */
  readonly wait?: Quantity<TimeUnit>
  /** The loading time of a cold invocation; none or 0 where it was warm. */
  readonly coldStart?: Quantity<TimeUnit> & { readonly within?: 'duration' }
  /** Whether the invocation was seen to be cold: the texts that say so. `coldStart` says it too. */
  readonly cold?: { readonly from: string | number; readonly is: readonly (string | number | boolean)[] }
  /** The app's loading time, which every row may give. */
  readonly loading?: Quantity<TimeUnit>
  /** Which instance served it. */
  readonly instance?: TextSource
  readonly memory?: Quantity<MemoryUnit>
  /** One of http, timer, event, queue, storage, orchestration and others; or a word of `triggers`. */
  readonly trigger?: TextSource
  readonly triggers?: Readonly<Record<string, Exclude<Trigger, 'unknown'>>>
  /** Numbers of rows at which exports of this kind are cut: a file of so many rows may lack the others. */
  readonly limits?: readonly number[]
  /** How many invocations a row stands for. */
  readonly weight?: { readonly from: string | number }
  readonly counts?: Counts
  /** The IANA zone of dates that name none; UTC by default. */
  readonly zone?: string
  readonly origin?: Origin
}

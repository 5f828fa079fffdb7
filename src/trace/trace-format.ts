import type { FileSample } from './mapping/file-sample.ts'
import type { Described } from '../core/registry.ts'
import type { DefectRule } from './build/defect-log.ts'
import type { Origin } from './build/event-time.ts'
import type { Trace } from './trace.ts'

/** What the reading of a trace may be given. */
export interface ReadOptions {
  /** Hears now and then how many bytes of the files on disk have been read, of how many. */
  readonly onProgress?: ((bytesDone: number, bytesTotal: number) => void) | undefined
  /** What becomes time 0, for formats of single events; see {@link Origin}. */
  readonly origin?: Origin | undefined
}

/** A format that traces come in. */
export interface TraceFormat extends Described {
  /** Where traces of this format come from. */
  readonly source: string
  /** What {@link recognises} looks for, as in `a CSV file with the header "app,func,end_timestamp,duration"`. */
  readonly looksFor: string
  /** A small source of the format, for one whose sources are text: the contract tests read it. */
  readonly example?: string
  /** Columns that each of its tables cannot be without, where it is one table. */
  readonly needs?: readonly (readonly string[])[]
  /** What a file is that is read only beside others of this format, as in `table of cold starts`; undefined of any other file. */
  readonly isBeside?: (look: FileSample) => string | undefined
  /** Every defect it knows, with the rule that it follows. */
  readonly defects: readonly DefectRule[]
  /** Whether what is at the path looks like this format, told by its content. */
  recognises(path: string): Promise<boolean>
  /** Reads a trace. Throws a UserError at the place of anything that is not as the format has it. */
  read(path: string, options?: ReadOptions): Promise<Trace>
  /** Reads one trace from several files or folders; absent where a trace is a single file. */
  readAll?(paths: readonly string[], options?: ReadOptions): Promise<Trace>
}

import type { Described } from '../../core/registry.ts'

/** A public data set: one archive, and the trace that it unpacks to. */
export interface Archive extends Described {
  readonly url: string
  /** The name that the file gets. */
  readonly file: string
  /** Bytes of the official archive; undefined where they are known only roughly. */
  readonly bytes?: number
  /** SHA-256 (hex) of the official archive; undefined where it is not known. */
  readonly sha256?: string
  /** The licence of its data. */
  readonly licence: string
  /** More than so many bytes are not the archive. */
  readonly most: number
  /** A command of the system that unpacks the archive, run in the folder that holds it. */
  readonly unpack: readonly [program: string, ...args: string[]]
  /** Whether we run that command ourselves: only where nearly every system has the program. */
  readonly unpacks: boolean
  /** The one file that it unpacks to, where it is one: that file is the trace, else the whole folder is. */
  readonly holds?: { readonly file: string; readonly sha256: string }
}

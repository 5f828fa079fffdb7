/** A file that something was read from. */
export interface OriginFile {
  /** Its name in the folder that was read, or its path as an experiment writes it. */
  readonly path: string
  readonly bytes: number
  /** SHA-256 (hex) of its bytes. */
  readonly sha256: string
}

/** What no policy of a kind can beat with the idle memory that a run used. */
export interface BoundThere {
  /** The id of the bound, as in `foresight`. */
  readonly id: string
  /** One sentence on whom it bounds. */
  readonly bounds: string
  readonly coldStarts: number
  /** Cold starts of the run above the bound. */
  readonly distance: number
}

/** What is needed to make the runs of a comparison again, beyond the comparison itself. */
export interface ResultOrigin {
  /** The text of the experiment file. */
  readonly source: string
  /** The line that was typed. */
  readonly command: string
  /** The version of the model that made the runs. */
  readonly modelVersion: number
  readonly trace: {
    /** Its path as the experiment writes it. */
    readonly path: string
    /** The files that it was read from, as they were when this was put together; none where they were gone. */
    readonly files: readonly OriginFile[]
  }
  /** Policies, trace formats and mappings of the user's own that the experiment names by path. */
  readonly files: readonly OriginFile[]
  /** By the digest of a run. */
  readonly runs: ReadonlyMap<string, RunOrigin>
  /** Labels of the runs that are not finished. */
  readonly unfinished: readonly string[]
}

/** What of a run only its accounts and its trace tell. */
export interface RunOrigin {
  /** SHA-256 (hex) of the accounts of all apps. */
  readonly ledger: string
  /** SHA-256 (hex) of the file of a policy of the user's own. */
  readonly policyFile?: string
  readonly bounds: readonly BoundThere[]
}

/** A file of a user's own that is run: a policy, an eviction order, a placement. */
export interface CodeFile {
  /** Its absolute path. */
  readonly file: string
  /** SHA-256 (hex) of what it held when it was checked; where it is absent, nobody keeps results under it. */
  readonly sha256?: string
}

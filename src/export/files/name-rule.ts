/** What names a platform allows. */
export interface NameRule {
  readonly pattern: RegExp
  /** The same in words, as in "small letters, digits and -". */
  readonly words: string
  /** Names of the trace are taken as they are, where no mapping says otherwise. */
  readonly keepsTraceNames?: true
}

/** Names as Kubernetes has them for most things: RFC 1123 labels. */
export const LABEL: NameRule = {
  pattern: /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/,
  words: 'at most 63 small letters, digits and "-", beginning with a letter and ending with none of "-"',
}

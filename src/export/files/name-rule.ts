/** What names a platform allows. */
export interface NameRule {
  readonly pattern: RegExp
  /** The same in words, as in "small letters, digits and -". */
  readonly words: string
  /** Most characters, where that is fewer than the 40 of names that are made from those of a trace. */
  readonly most?: number
}

/** Names as Kubernetes has them for most things: RFC 1123 labels. */
export const DNS_LABEL: NameRule = {
  pattern: /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
  words: 'at most 63 small letters, digits and "-", neither beginning nor ending with "-"',
}

/** Names as Kubernetes has them for services, which must begin with a letter: RFC 1035 labels. */
export const DNS_SERVICE_LABEL: NameRule = {
  pattern: /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/,
  words: 'at most 63 small letters, digits and "-", beginning with a letter and not ending with "-"',
}

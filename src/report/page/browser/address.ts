/** What the reader has chosen; it stands in the address, so that a link shows the same to others. */
export interface ReaderChoice {
  /** Keys of the two runs that are set against each other; empty for those that the page proposes. */
  readonly a: string
  readonly b: string
  /** Ids of the metrics on the axes of the chart. */
  readonly x: string
  readonly y: string
  /** The most of the metric on the y axis; empty for none. */
  readonly budget: string
  /** Ids of the columns, with commas; empty for the usual ones. */
  readonly columns: string
  /** Id of the column that the table is sorted by, with `-` before it for the largest first; empty for the frontier. */
  readonly sort: string
  /** Whether figures are shown as differences to run B. */
  readonly differences: string
  /** The name of the app whose row is open. */
  readonly app: string
}

const NONE: ReaderChoice = { a: '', b: '', x: '', y: '', budget: '', columns: '', sort: '', differences: '', app: '' }
const KEYS = Object.keys(NONE) as (keyof ReaderChoice)[]

/** The choice in a fragment of an address, as in `#a=…&budget=70`. */
export function readerChoiceOf(fragment: string): ReaderChoice {
  const words = new URLSearchParams(fragment.replace(/^#/, ''))
  return { ...NONE, ...Object.fromEntries(KEYS.map((key) => [key, (words.get(key) ?? '').slice(0, 2000)])) }
}

/** The fragment of a choice; what is as the page proposes is left out. */
export function fragmentOf(choice: ReaderChoice): string {
  const words = new URLSearchParams(KEYS.filter((key) => choice[key] !== '').map((key) => [key, choice[key]]))
  return words.size === 0 ? '#' : `#${words}`
}

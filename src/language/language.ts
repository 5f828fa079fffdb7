import type { Described } from '../core/registry.ts'
import { english } from './english.ts'
import type { Word } from './told.ts'

export { told, type Word } from './told.ts'

/** A language that reports are written in: one file, and one line in the list. */
export interface Language extends Described {
  /** What pages say of themselves that they are written in (BCP 47), by which readers choose letters and voices. */
  readonly tag: string
  /** Every sentence and name of a report, with the values of the English one in braces. */
  readonly words: Readonly<Record<Word, string>>
  /** The heading of each metric's column and what it means, by the metric's id; without them a column has its own. */
  readonly metrics: Readonly<Record<string, { readonly heading: string; readonly summary: string }>>
  /** What each chart shows, by the chart's id; without it a chart has its own. */
  readonly charts: Readonly<Record<string, string>>
  /** What each bound is called and whom it bounds, by its id; without them a bound has its own. */
  readonly bounds: Readonly<Record<string, { readonly title: string; readonly bounds: string }>>
}

/** The language of metrics, policies and options; what is in no other language is in this one. */
export const ENGLISH: Language = {
  id: 'en',
  tag: 'en',
  summary: 'English.',
  words: english,
  metrics: {},
  charts: {},
  bounds: {},
}

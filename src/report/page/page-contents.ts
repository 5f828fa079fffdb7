// What the page and its script share. It knows nothing of Node's and nothing of a browser's.
import type { Word } from '../../language/told.ts'

/** A place where the page's script has words. */
export type PageWord = Extract<Word, `page.${string}`>

/** Columns of numbers as one compressed text; the page's own script unpacks them (browser/packed.ts). */
export interface Packed {
  /** Bytes of each column before compression, in their order. */
  readonly sizes: readonly number[]
  /** All columns one after the other, deflated (RFC 1951), in base64. */
  readonly base64: string
}

/** The accounts of the apps of some runs as columns of a packed text; numbers are positions among its columns. */
export interface AppColumns {
  readonly packed: Packed
  /** Runs of which there is no room for the apps. */
  readonly leftOut: number
  /** By the position of the run in the page; runs without columns are not among them. */
  readonly runs: Readonly<Record<number, RunColumns>>
}

interface RunColumns {
  readonly names: number
  readonly invocations: number
  /** Cold starts by reason, in the order of the reasons. */
  readonly reasons: readonly number[]
  readonly drops: number
  /** MB·s of idle instances. */
  readonly idleMbS: number
}

/** Into so many steps the time of a strip is cut. */
export const STRIP_STEPS = 4000

/** What happened to an app over time. */
export interface AppStrip {
  readonly app: string
  /** The time that it shows, in ms since the trace began. */
  readonly fromMs: number
  readonly toMs: number
  /** When the trace begins: ms since a midnight; 0 where that is not known. */
  readonly midnightMs: number
  readonly runs: readonly StripRun[]
}

/** What one run did to the app; moments are steps of the strip's time, in order. */
export interface StripRun {
  /** The run's key in the page. */
  readonly key: string
  /** How many of its invocations were cold, and why. */
  readonly sentence: string
  readonly arrivals: readonly number[]
  /** Arrivals with a cold start. */
  readonly cold: readonly number[]
  /** When it was loaded by its windows: a beginning and an end in turn. */
  readonly loaded: readonly number[]
}

/** The strips of some apps; columns are places in the packed text, of arrivals, cold ones, and loaded stretches. */
export interface StripColumns extends Pick<AppStrip, 'fromMs' | 'toMs' | 'midnightMs'> {
  readonly packed: Packed
  readonly apps: readonly {
    readonly app: string
    readonly runs: readonly (Pick<StripRun, 'key' | 'sentence'> & { readonly columns: readonly number[] })[]
  }[]
}

/** A metric, as the page's script knows it. */
export interface PageColumn {
  readonly id: string
  readonly heading: string
  readonly unit: string
  readonly summary: string
  readonly better: 'lower' | 'higher' | 'neither'
  readonly headline: boolean
}

/** A run, as the page's script knows it. */
export interface PageRun {
  /** The beginning of its digest, by which an address names it. */
  readonly key: string
  readonly label: string
  readonly policy: string
  /** Its parameters as an experiment spells them. */
  readonly params: string
  /** What its world differs in from others of the page; empty where there is one world. */
  readonly world: string
  /** Runs of one group differ in nothing but the seed. */
  readonly group: number
  readonly seed: number
  readonly isBaseline: boolean
  readonly colour: string
  readonly shape: string
  readonly unit: string
  /** A value and its text a column. */
  readonly values: readonly (number | null)[]
  readonly texts: readonly string[]
  /** Cold starts by reason, in the order of {@link PageData.reasons}. */
  readonly reasons: readonly number[]
  readonly invocations: number
  readonly fromMs: number
  readonly toMs: number
  readonly days: readonly { readonly fromMs: number; readonly coldShare: number | null }[] | null
  /** Loaded memory over time: its column in {@link PageData.timelines}, and the length of its intervals. */
  readonly loaded: number
  readonly bucketMs: number
}

/** A curve that no run of a world is below. */
export interface PageBound {
  readonly runs: readonly number[]
  readonly title: string
  /** Cold starts, idle memory in GB·s, and the same in percent of the baseline's, which is null where it has none. */
  readonly points: readonly (readonly [coldStarts: number, idleGbS: number, relative: number | null])[]
}

/** What the page's script works on. */
export interface PageData {
  /** What the page's language says at each of its places. */
  readonly words: Readonly<Record<PageWord, string>>
  readonly experiment: string
  readonly version: string
  /** What was typed to name the experiment. */
  readonly command: string
  readonly traceDigest: string
  readonly horizonMs: number
  /** At what time of day the trace begins, in ms since midnight, by the clocks of a time zone; null where that is not known. */
  readonly clock: { readonly midnightMs: number; readonly zone: string } | null
  readonly baseline: string
  /** Ids of the metric that is to be least and of the limited one, and that limit, as the verdict has them. */
  readonly goal: { readonly x: string; readonly y: string | null; readonly budget: number | null }
  /** What no policy beats in a world, for the runs that are in it. */
  readonly bounds: readonly PageBound[]
  readonly columns: readonly PageColumn[]
  readonly runs: readonly PageRun[]
  /** What reasons of cold starts mean, in the order of the accounts. */
  readonly reasons: readonly { readonly id: string; readonly meaning: string }[]
  readonly timelines: Packed
  /** Null where the accounts of the apps were not at hand. */
  readonly apps: AppColumns | null
  /** Null where no app was told over time. */
  readonly strips: StripColumns | null
}

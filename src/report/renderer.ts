import type { Described } from '../core/registry.ts'
import type { Chart } from './chart.ts'
import type { Comparison } from '../metrics/comparison.ts'
import type { FinishedRun } from '../metrics/run.ts'
import type { AppStrip } from './page/page-contents.ts'

/** A file of a report. */
export interface ReportFile {
  /** Its name within the report's folder. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** The accounts of every app, which a comparison only has the sums of. */
export interface AppAccounts {
  /** The run of that digest; undefined where it is not at hand. */
  readonly runOf: (digest: string) => Pick<FinishedRun, 'ledger' | 'memoryMb' | 'model'> | undefined
  /** The names of the apps of a run, in the order of its ledger. */
  readonly namesOf: (run: Pick<FinishedRun, 'model'>) => readonly string[]
}

/** Which charts are drawn, and for whom. */
export interface FigureRequest {
  /** Ids of charts; absent for all that suit. */
  readonly ids?: readonly string[]
  /** A figure in a paper, so wide and with letters so large, in points; absent for a picture on a screen. */
  readonly paper?: { readonly width: number; readonly fontSize: number }
  /** Without colours. */
  readonly isGrey?: boolean
  /** Whether an SVG has its letters in it; by default it has for a paper. */
  readonly embedsFonts?: boolean
  /** The user's font file for letters that the face of pictures lacks; absent for one of the system's. */
  readonly font?: string
}

/** What a report may have besides its comparison. */
export interface Material {
  /** Charts of the user's own, which come after the listed ones. */
  readonly charts?: readonly Chart[]
  readonly apps?: AppAccounts
  /** Apps whose strips over time a page has. */
  readonly strips?: readonly AppStrip[]
  /** Which pictures, and how they are drawn; by default all, for a screen. */
  readonly figures?: FigureRequest
  /** What was typed to name the experiment: the commands that a report shows begin with it. */
  readonly experiment?: string
}

/** One format of a report: a comparison in, files out. It reads and writes nothing of the user's. */
export interface Renderer extends Described {
  /** Whether it is read by people, in the language that they ask for; files for programs are in English. */
  readonly isSpoken?: true
  render(comparison: Comparison, material?: Material): Promise<readonly ReportFile[]>
}

/** A file of text in UTF-8. */
export function textFile(name: string, text: string): ReportFile {
  return { name, bytes: new TextEncoder().encode(text) }
}

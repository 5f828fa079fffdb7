import type { Described } from '../core/registry.ts'
import type { Chart } from './chart.ts'
import type { Comparison } from '../metrics/comparison.ts'
import type { FinishedRun } from '../metrics/run.ts'

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

/** What a report may have besides its comparison. */
export interface Material {
  /** Charts of the user's own, which come after the listed ones. */
  readonly charts?: readonly Chart[]
  readonly apps?: AppAccounts
  /** What was typed to name the experiment: the commands that a report shows begin with it. */
  readonly experiment?: string
}

/** One format of a report: a comparison in, files out. It reads and writes nothing of the user's. */
export interface Renderer extends Described {
  render(comparison: Comparison, material?: Material): Promise<readonly ReportFile[]>
}

/** A file of text in UTF-8. */
export function textFile(name: string, text: string): ReportFile {
  return { name, bytes: new TextEncoder().encode(text) }
}

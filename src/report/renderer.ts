import type { Described } from '../core/registry.ts'
import type { Chart } from './chart.ts'
import type { Comparison } from '../metrics/comparison.ts'

/** A file of a report. */
export interface ReportFile {
  /** Its name within the report's folder. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** One format of a report: a comparison in, files out. It reads and writes nothing of the user's. */
export interface Renderer extends Described {
  /** `own` are charts of the user's own, which come after the listed ones. */
  render(comparison: Comparison, own?: readonly Chart[]): Promise<readonly ReportFile[]>
}

/** A file of text in UTF-8. */
export function textFile(name: string, text: string): ReportFile {
  return { name, bytes: new TextEncoder().encode(text) }
}

import type { Comparison } from '../../metrics/comparison.ts'
import type { Chart } from '../chart.ts'
import { captioned } from './caption.ts'
import { chartsFor } from '../charts/index.ts'
import { UserError } from '../../core/user-error.ts'
import { printable } from '../../core/printable.ts'
import { provenance } from '../comparison/provenance.ts'
import { POINTER_LAYER } from '../comparison/run-lines.ts'
import { drawnChart } from './drawn-chart.ts'
import { chartSvg } from './vega.ts'

/** A chart as a file of its own. */
export interface Picture {
  /** The chart's id. */
  readonly id: string
  readonly svg: string
}

/** Every chart that suits a comparison as an SVG document that states where its figures come from. */
export async function pictures(comparison: Comparison, own: readonly Chart[] = []): Promise<readonly Picture[]> {
  const safe = printable(comparison)
  const facts = [{ term: 'experiment', text: safe.experiment }, ...provenance(safe)]
  return await Promise.all(
    chartsFor(safe, own).map(async (chart) => ({
      id: chart.id,
      svg: captioned(await ofOwnFile(chart, () => chartSvg(still(drawnChart(chart, safe)))), facts),
    })),
  )
}

/** Makes something of a chart; where that fails with a chart of the user's own, its file is at fault. */
export async function ofOwnFile<T>({ file }: Pick<Chart, 'file'>, make: () => Promise<T>): Promise<T> {
  try {
    return await make()
  } catch (error) {
    if (file === undefined || error instanceof UserError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new UserError({ where: file, problem: `draw() gives what cannot be drawn: ${reason}` })
  }
}

/** A chart without the layers that only serve a pointer. */
function still(chart: object): object {
  if (!('layer' in chart) || !Array.isArray(chart.layer)) return chart
  return { ...chart, layer: chart.layer.filter(({ name }: { readonly name?: string }) => name !== POINTER_LAYER) }
}

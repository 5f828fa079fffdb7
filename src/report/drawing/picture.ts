import type { TopLevelSpec } from 'vega-lite'
import type { Comparison } from '../../metrics/comparison.ts'
import { captioned } from './caption.ts'
import { chartsFor } from '../charts/index.ts'
import { printable } from '../../core/printable.ts'
import { provenance } from '../comparison/provenance.ts'
import { POINTER_LAYER } from '../comparison/run-lines.ts'
import { chartSvg } from './vega.ts'

/** A chart as a file of its own. */
export interface Picture {
  /** The chart's id. */
  readonly id: string
  readonly svg: string
}

/** Every chart that suits a comparison as an SVG document that states where its figures come from. */
export async function pictures(comparison: Comparison): Promise<readonly Picture[]> {
  const safe = printable(comparison)
  const facts = [{ term: 'experiment', text: safe.experiment }, ...provenance(safe)]
  return await Promise.all(
    chartsFor(safe).map(async ({ id, draw }) => ({ id, svg: captioned(await chartSvg(still(draw(safe))), facts) })),
  )
}

/** A chart without the layers that only serve a pointer. */
function still(chart: TopLevelSpec): TopLevelSpec {
  if (!('layer' in chart)) return chart
  return { ...chart, layer: chart.layer.filter(({ name }) => name !== POINTER_LAYER) }
}

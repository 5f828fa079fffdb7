import type { TopLevelSpec } from 'vega-lite'
import { told } from '../../language/language.ts'
import { type Chart, nothingToDraw } from '../chart.ts'
import type { Layer } from '../drawing/layer.ts'
import { pointerRules, runLines } from '../comparison/run-lines.ts'
import { marked } from '../comparison/run-style.ts'
import { heightOf, SCREEN } from '../figure-style.ts'

/** The picture of Shahrad et al., USENIX ATC 2020, figure 14: the distribution over apps, one curve per policy. */
export const coldShareDistribution: Chart = {
  id: 'cold-share-distribution',
  summary: 'Distribution over apps of the cold-start share, one curve per run.',
  mostRuns: 40,
  draw: ({ runs, language }, look = SCREEN) => {
    const title = told(language, 'chart.distribution')
    const curves = runs
      .map((run) => ({ run: marked(run), label: run.label, quantiles: run.charts.coldShareQuantiles }))
      .filter(({ quantiles }) => quantiles.length > 0)
    const steps = (curves[0]?.quantiles.length ?? 0) - 1
    if (steps < 0) return nothingToDraw(title, told(language, 'chart.nothing.invoked'), language)
    const percent = (step: number): number => (100 * step) / steps
    const labels = curves.map(({ label }) => label)
    const points = curves.flatMap(({ label, quantiles }) =>
      quantiles.map((share, step) => ({ run: label, share: 100 * share, apps: percent(step) })),
    )
    const readings = Array.from({ length: steps + 1 }, (_, step) => ({
      at: percent(step),
      figures: curves.map(({ quantiles }) => 100 * quantiles[step]!),
    }))
    const axes = {
      x: { field: 'share', title: told(language, 'chart.distribution.x'), domain: [0, 100] },
      y: { field: 'apps', title: told(language, 'chart.distribution.y'), domain: [0, 100] },
    } as const
    const pointer = {
      channel: 'y',
      title: told(language, 'chart.distribution.pointer'),
      thickness: heightOf(look) / steps,
    } as const
    return {
      title: {
        text: title,
        subtitle: told(language, 'chart.distribution.read'),
      },
      width: look.width,
      height: heightOf(look),
      layer: [
        quartileRule(),
        runLines(
          curves.map(({ run }) => run),
          points,
          axes,
          look,
        ),
        pointerRules(labels, readings, pointer),
      ],
    } satisfies TopLevelSpec
  },
}

/** The line that the paper's headline figure is read on. */
function quartileRule(): Layer {
  return {
    data: { values: [{ apps: 75 }] },
    mark: { type: 'rule', strokeDash: [2, 3], opacity: 0.45 },
    encoding: { y: { field: 'apps', type: 'quantitative' } },
  }
}

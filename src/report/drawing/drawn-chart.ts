import { told } from '../../language/language.ts'
import { formatCount } from '../../metrics/figure-text.ts'
import type { Comparison } from '../../metrics/comparison.ts'
import type { Chart } from '../chart.ts'
import { type FigureStyle, SCREEN } from '../figure-style.ts'

/**
 * A chart of a comparison, of as many runs as it can show: the first ones, and one of the baseline. What is
 * left out is told below its title.
 */
export function drawnChart(chart: Chart, comparison: Comparison, look: FigureStyle = SCREEN): object {
  const { mostRuns = Number.POSITIVE_INFINITY } = chart
  const { runs, baseline, language } = comparison
  if (runs.length <= mostRuns) return chart.draw(comparison, look)
  const first = runs.slice(0, mostRuns)
  const base = runs.find(({ variant }) => variant === baseline.variant)
  if (base !== undefined && !first.includes(base)) first[mostRuns - 1] = base
  const left = formatCount(runs.length - first.length)
  const note = told(language, 'chart.left', { left, all: formatCount(runs.length) })
  return noted(chart.draw({ ...comparison, runs: first }, look), note)
}

function noted(drawing: object, note: string): object {
  const title = 'title' in drawing ? drawing.title : ''
  const { text, subtitle = [] } = typeof title === 'string' ? { text: title } : (title as Title)
  return { ...drawing, title: { text, subtitle: [subtitle, note].flat() } }
}

interface Title {
  readonly text: string
  readonly subtitle?: string | readonly string[]
}

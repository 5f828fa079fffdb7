import { largest } from '../../core/largest.ts'
import { CHART_WIDTH } from '../chart.ts'
import { textWidth } from '../drawing/text-width.ts'

/**
 * Hues that readers with any common colour blindness tell apart (Okabe and Ito, "Color Universal Design", 2008, without
 * its black and its yellow, which vanish on dark and on light paper), and a grey.
 */
const COLOURS = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#7F7F7F'] as const
const DASHES = [
  [1, 0],
  [7, 3],
  [2, 2],
] as const
const SHAPES = ['circle', 'square', 'triangle-up'] as const
/** The mark of a legend's entry and the gaps around it, in pixels. */
const ENTRY = 48

/** The colour, dash and shape of each run, the same in every chart; all differ for up to 21 runs. */
export function runStyles(labels: readonly string[]) {
  const turns = labels.map((_, index) => Math.floor(index / COLOURS.length))
  const domain = [...labels]
  return {
    colours: { domain, range: labels.map((_, index) => COLOURS[index % COLOURS.length]!) },
    dashes: { domain, range: turns.map((turn) => [...DASHES[turn % DASHES.length]!]) },
    shapes: { domain, range: turns.map((turn) => SHAPES[turn % SHAPES.length]!) },
  }
}

/** A legend of runs below the plot, in as many columns as the longest label leaves room for. */
export function runLegend(labels: readonly string[]) {
  const longest = largest(labels.map((label) => textWidth(label, 11)))
  const columns = Math.max(1, Math.min(4, labels.length, Math.floor(CHART_WIDTH / (longest + ENTRY))))
  return { orient: 'bottom', title: null, columns, labelLimit: CHART_WIDTH - ENTRY } as const
}

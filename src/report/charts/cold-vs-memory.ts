import { largest } from '../../core/largest.ts'
import type { TopLevelSpec } from 'vega-lite'
import { told } from '../../language/language.ts'
import type { Comparison } from '../../metrics/comparison.ts'
import { type Chart, nothingToDraw, tooltipTitle } from '../chart.ts'
import type { Layer } from '../drawing/layer.ts'
import { placeLabels } from '../drawing/label-placement.ts'
import { titleLines } from '../drawing/title-lines.ts'
import { marked, runLegend, runStyles } from '../comparison/run-style.ts'
import { heightOf, type FigureStyle, SCREEN } from '../figure-style.ts'

/** A legend of more runs is longer than a page; a pointer tells them. */
const MOST_IN_LEGEND = 40

interface RunPoint {
  readonly run: string
  /** Runs of one policy in one world, which differ in parameters only, have the same front. */
  readonly front: string
  /** Cold-start share of the 75th-percentile app in percent. */
  readonly cold: number
  /** Idle memory time in percent of the baseline's. */
  readonly memory: number
}

/** The picture of Shahrad et al., USENIX ATC 2020, figure 15: one point per policy, better ones to the lower left. */
export const coldVsMemory: Chart = {
  id: 'cold-vs-memory',
  summary: 'Cold-start share of the 75th-percentile app and idle memory relative to the baseline, one point per run.',
  mostRuns: 1000,
  draw: (comparison, look = SCREEN) => {
    const { language } = comparison
    const title = told(language, 'chart.decision')
    const points = pointsOf(comparison)
    if (points.length === 0) return nothingToDraw(title, told(language, 'chart.decision.none'), language)
    const ends = {
      // A share ends at 100 %, with a little room for the marks that stand there.
      cold: Math.min(105, roundEnd(points.map(({ cold }) => cold))),
      memory: roundEnd(points.map(({ memory }) => memory)),
    }
    const labels = labelled(points, ends, look)
    const all = comparison.runs.length
    const left = all - points.length
    return {
      title: {
        text: title,
        subtitle: [
          told(language, 'chart.decision.read'),
          ...(left === 0 ? [] : [told(language, 'chart.decision.left', { left, all })]),
          ...(all > MOST_IN_LEGEND ? [told(language, 'chart.decision.many')] : []),
        ],
      },
      width: look.width,
      height: heightOf(look),
      layer: [
        fronts(points),
        marks(comparison, points, ends, labels.length < points.length, look),
        texts(labels, look),
      ],
    } satisfies TopLevelSpec
  },
}

function pointsOf({ runs }: Comparison): RunPoint[] {
  return runs.flatMap(({ label, policy, model, seed, perApp, relative, totals }) => {
    if (relative.idleMbS === null || totals.invocations === 0) return []
    const front = JSON.stringify([policy, model, seed])
    return [{ run: label, front, cold: 100 * perApp.coldShare.p75, memory: 100 * relative.idleMbS }]
  })
}

interface Ends {
  readonly cold: number
  readonly memory: number
}

/** The labels that find room beside their points, with the pixels of their left ends. */
function labelled(points: readonly RunPoint[], ends: Ends, look: FigureStyle) {
  const { width, fontSize } = look
  const height = heightOf(look)
  const pixels = points.map(({ run, cold, memory }) => ({
    label: run,
    x: (cold / ends.cold) * width,
    y: height - (memory / ends.memory) * height,
  }))
  const places = placeLabels(pixels, { width, height, fontSize })
  return pixels.flatMap(({ label }, index) => (places[index] === undefined ? [] : [{ label, ...places[index] }]))
}

/** What each policy can trade by its parameters, as a thin line through its runs. */
function fronts(points: readonly RunPoint[]): Layer {
  return {
    data: { values: points.toSorted((a, b) => a.cold - b.cold || b.memory - a.memory) },
    mark: { type: 'line', color: '#7F7F7F', strokeWidth: 0.8, opacity: 0.6 },
    encoding: {
      x: { field: 'cold', type: 'quantitative' },
      y: { field: 'memory', type: 'quantitative' },
      detail: { field: 'front', type: 'nominal' },
      order: { field: 'cold', type: 'quantitative' },
    },
  }
}

function marks(
  { runs, baseline, language }: Comparison,
  points: readonly RunPoint[],
  ends: Ends,
  needsLegend: boolean,
  look: FigureStyle,
): Layer {
  const names = runs.map(({ label }) => label)
  const { colours, shapes } = runStyles(
    runs.map((run) => marked(run)),
    look,
  )
  const size = look.isPaper ? 36 : 90
  const legend = needsLegend && names.length <= MOST_IN_LEGEND ? { ...runLegend(names, look), symbolSize: size } : null
  const isOne = runs.some(({ label }) => label === baseline.label)
  const base = isOne ? baseline.label : told(language, 'chart.decision.sameModel', { base: baseline.label })
  return {
    data: { values: [...points] },
    mark: { type: 'point', filled: true, size, opacity: 0.95 },
    encoding: {
      x: {
        field: 'cold',
        type: 'quantitative',
        scale: { domain: [0, ends.cold], nice: false },
        title: titleLines(told(language, 'chart.decision.x'), look.width, look.fontSize + 1),
      },
      y: {
        field: 'memory',
        type: 'quantitative',
        scale: { domain: [0, ends.memory], nice: false },
        title: titleLines(told(language, 'chart.decision.y'), heightOf(look), look.fontSize + 1),
      },
      color: { field: 'run', type: 'nominal', scale: colours, sort: null, legend },
      shape: { field: 'run', type: 'nominal', scale: shapes, sort: null, legend },
      tooltip: [
        { field: 'run', type: 'nominal', title: told(language, 'chart.run') },
        { field: 'cold', type: 'quantitative', title: told(language, 'chart.decision.cold'), format: '.2f' },
        {
          field: 'memory',
          type: 'quantitative',
          title: tooltipTitle(told(language, 'chart.decision.idle', { base })),
          format: '.2f',
        },
      ],
    },
  }
}

function texts(
  labels: readonly { readonly label: string; readonly x: number; readonly y: number }[],
  { fontSize }: FigureStyle,
): Layer {
  return {
    data: { values: [...labels] },
    mark: {
      type: 'text',
      align: 'left',
      baseline: 'middle',
      fontSize,
      x: { expr: 'datum.x' },
      y: { expr: 'datum.y' },
    },
    encoding: { text: { field: 'label', type: 'nominal' } },
  }
}

/** A round number with a little room above all values: 1, 1.2, 1.5, 2, 3, 4, 5, 6 or 8 times a power of ten. */
function roundEnd(values: readonly number[]): number {
  const end = 1.05 * largest(values)
  if (end === 0) return 1
  const power = 10 ** Math.floor(Math.log10(end))
  return power * ([1, 1.2, 1.5, 2, 3, 4, 5, 6, 8].find((step) => step * power >= end) ?? 10)
}

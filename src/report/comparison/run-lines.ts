import { tooltipTitle } from '../chart.ts'
import { INK } from '../drawing/chart-theme.ts'
import type { Layer } from '../drawing/layer.ts'
import { titleLines } from '../drawing/title-lines.ts'
import { heightOf, type FigureStyle } from '../figure-style.ts'
import { type Marked, runLegend, runStyles } from './run-style.ts'

/** The name of layers that only serve a pointer; still pictures leave them out. */
export const POINTER_LAYER = 'pointer'

/** An axis of numbers: the field that it shows, its title, and the interval that it covers. */
export interface NumberAxis {
  readonly field: string
  readonly title: string
  readonly domain?: readonly [number, number]
  /** Where its ticks are, if not everywhere that suits. */
  readonly ticks?: readonly number[]
  /** The base of a logarithmic axis; absent for a linear one. */
  readonly logBase?: number
}

/**
 * A line for each run, drawn in the order of its points. `values` hold the run's label as `run` and the fields of both
 * axes. A click in the legend sets one run apart from the others. `measured` is the label of a line that is no run's, which
 * runs are held against: it stands out by its ink and its width.
 */
export function runLines(
  runs: readonly Marked[],
  values: readonly Readonly<Record<string, string | number>>[],
  axes: { readonly x: NumberAxis; readonly y: NumberAxis },
  look: FigureStyle,
  measured?: string,
): Layer {
  const { colours, dashes } = runStyles(runs, look)
  const labels = runs.map(({ label }) => label)
  const width = look.isPaper ? 1.1 : 1.8
  if (measured !== undefined) {
    labels.push(measured)
    colours.range.push(INK)
    dashes.range.push([1, 0])
  }
  // A line of one place cannot be seen, and a dot has a size of its own.
  const areDots = values.length === labels.length
  const symbols = {
    symbolType: 'stroke',
    symbolSize: look.isPaper ? 200 : 450,
    symbolStrokeWidth: look.isPaper ? 1.5 : 2.5,
  } as const
  const legend = { ...runLegend(labels, look), ...symbols, rowPadding: look.isPaper ? -1 : -4 }
  return {
    params: [{ name: 'picked', select: { type: 'point', fields: ['run'] }, bind: 'legend' }],
    data: { values: values.map((value, order) => ({ ...value, order })) },
    mark: {
      type: 'line',
      strokeWidth: width,
      strokeJoin: 'round',
      point: areDots,
    },
    encoding: {
      x: onAxis(axes.x, look.width, look),
      y: onAxis(axes.y, heightOf(look), look),
      order: { field: 'order', type: 'quantitative' },
      color: { field: 'run', type: 'nominal', scale: { ...colours, domain: labels }, sort: null, legend },
      strokeDash: { field: 'run', type: 'nominal', scale: { ...dashes, domain: labels }, sort: null, legend },
      ...(measured === undefined || areDots ? {} : { size: thicker(measured, width) }),
      opacity: { condition: { param: 'picked', value: 1 }, value: 0.12 },
    },
  }
}

/** The width of a line, which that of a label exceeds. */
function thicker(label: string, width: number) {
  return { condition: { test: `datum.run === ${JSON.stringify(label)}`, value: 1.8 * width }, value: width }
}

/** A figure of every run at one place of an axis. */
export interface AxisFigures {
  readonly at: number
  /** One figure a run, in the order of the labels; null where the run has none there. */
  readonly figures: readonly (number | null)[]
}

/**
 * Rules across the plot, unseen until a pointer is on one, that then tell the figures of all runs at that place. Their
 * fields are numbered, because a label may hold anything. `thickness` is the distance of neighbouring rules in pixels.
 */
export function pointerRules(
  labels: readonly string[],
  readings: readonly AxisFigures[],
  { channel, title, thickness }: { readonly channel: 'x' | 'y'; readonly title: string; readonly thickness: number },
): Layer {
  return {
    name: POINTER_LAYER,
    params: [{ name: 'pointed', select: { type: 'point', on: 'pointerover', clear: 'pointerout' } }],
    data: {
      values: readings.map(({ at, figures }) => ({
        at,
        ...Object.fromEntries(figures.map((figure, run) => [`run${run}`, figure])),
      })),
    },
    mark: { type: 'rule', strokeWidth: Math.max(2, thickness) },
    encoding: {
      [channel]: { field: 'at', type: 'quantitative' },
      opacity: { condition: { param: 'pointed', empty: false, value: 0.4 }, value: 0 },
      tooltip: [
        { field: 'at', type: 'quantitative', title, format: '.2~f' },
        ...labels.map((label, run) => ({
          field: `run${run}`,
          type: 'quantitative' as const,
          title: tooltipTitle(label),
          format: ',.4~r',
        })),
      ],
    },
  }
}

/** The encoding of a channel by an axis of numbers; its title is broken where it is longer than the axis. */
export function onAxis(
  { field, title, domain, ticks, logBase }: NumberAxis,
  length: number,
  { fontSize }: FigureStyle,
) {
  const log = logBase === undefined ? {} : ({ type: 'log', base: logBase } as const)
  const scale = domain === undefined ? {} : { scale: { domain: [...domain], nice: false, ...log } }
  return {
    field,
    type: 'quantitative' as const,
    title: titleLines(title, length, fontSize + 1),
    ...scale,
    ...(ticks && { axis: { values: [...ticks], tickCount: ticks.length, format: ',~r' } }),
  }
}

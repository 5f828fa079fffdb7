import { largest, smallest } from '../../core/largest.ts'
import type { TopLevelSpec } from 'vega-lite'
import { DAY, formatDuration, HOUR, MINUTE } from '../../core/units.ts'
import { told } from '../../language/language.ts'
import type { Comparison, RunSummary } from '../../metrics/comparison.ts'
import { type Chart, nothingToDraw } from '../chart.ts'
import type { Layer } from '../drawing/layer.ts'
import { memoryUnit } from '../drawing/log-axis.ts'
import { pointerRules, runLines } from '../comparison/run-lines.ts'
import { marked } from '../comparison/run-style.ts'
import { heightOf, type FigureStyle, SCREEN } from '../figure-style.ts'

export const loadedMemory: Chart = {
  id: 'loaded-memory',
  summary: 'Loaded memory over time, one line per run.',
  mostRuns: 40,
  draw: (comparison, look = SCREEN) => {
    const { runs, language } = comparison
    const title = told(language, 'chart.memory')
    const peakMb = runs.reduce((peak, { charts }) => largest(charts.loadedMb, peak), 0)
    if (peakMb === 0) return nothingToDraw(title, told(language, 'chart.memory.none'), language)
    const spans = [...new Set(runs.map(({ charts }) => charts.bucketMs))].toSorted((a, b) => a - b)
    return {
      title: {
        text: title,
        subtitle: told(language, 'chart.memory.read', {
          spans: spans.map((ms) => formatDuration(ms)).join(told(language, 'chart.memory.or')),
        }),
      },
      width: look.width,
      height: heightOf(look),
      layer: layers(comparison, memoryUnit(peakMb), look),
    } satisfies TopLevelSpec
  },
}

function layers(
  { runs, trace, language }: Comparison,
  memory: { readonly size: number; readonly name: string },
  look: FigureStyle,
) {
  const time = timeUnit(trace.horizonMs)
  const unit = told(language, `page.unit.${time.name}`)
  const series = runs.map((run) => meansOf(run, trace.horizonMs))
  const points = series.flatMap((means, run) =>
    means.map(({ fromMs, toMs, mb }) => ({
      run: runs[run]!.label,
      time: rounded((fromMs + toMs) / 2 / time.size),
      loaded: rounded(mb / memory.size),
    })),
  )
  const begin = smallest(
    series.flatMap(([first]) => first?.fromMs ?? []),
    trace.horizonMs,
  )
  const axes = {
    x: {
      field: 'time',
      title: told(language, 'chart.sinceBegin', { unit }),
      domain: [begin / time.size, trace.horizonMs / time.size] as const,
      ticks: time.ticks.filter((tick) => tick >= begin / time.size),
    },
    y: { field: 'loaded', title: told(language, 'chart.loaded', { unit: memory.name }) },
  }
  // Runs that are judged on other parts have other intervals: a pointer moves over the finest ones.
  const finest = series.toSorted((a, b) => b.length - a.length)[0]!
  const readings = finest.map(({ fromMs, toMs }) => ({
    at: rounded((fromMs + toMs) / 2 / time.size),
    figures: series.map((means) => figureAt(means, (fromMs + toMs) / 2, memory.size)),
  }))
  return [
    runLines(
      runs.map((run) => marked(run)),
      points,
      axes,
      look,
    ),
    pointerRules(
      runs.map(({ label }) => label),
      readings,
      {
        channel: 'x',
        title: told(language, 'chart.memory.pointer', { memory: memory.name, unit }),
        thickness: look.width / finest.length,
      },
    ),
  ] satisfies Layer[]
}

/** The mean of the memory that was loaded between two times. */
interface Mean {
  readonly fromMs: number
  readonly toMs: number
  readonly mb: number
}

/** The means of a run over its own intervals; the last one ends with what was judged, nothing is known before that began. */
function meansOf({ charts, judged }: RunSummary, horizonMs: number): readonly Mean[] {
  const { loadedMb, bucketMs } = charts
  const { fromMs: begin, toMs: end } = judged ?? { fromMs: 0, toMs: horizonMs }
  return loadedMb
    .map((mb, bucket) => {
      const [from, toMs] = [bucket * bucketMs, Math.min(end, (bucket + 1) * bucketMs)]
      const fromMs = Math.max(begin, from)
      return { fromMs, toMs, mb: (mb * (toMs - from)) / (toMs - fromMs) }
    })
    .filter(({ fromMs, toMs }) => fromMs < toMs)
}

function figureAt(means: readonly Mean[], ms: number, size: number): number | null {
  const mean = means.find(({ fromMs, toMs }) => fromMs <= ms && ms < toMs)
  return mean === undefined ? null : rounded(mean.mb / size)
}

/** The unit that a time axis of that length reads best in, and its ticks: at most 12, at times that people count in. */
function timeUnit(horizonMs: number) {
  const unit = (
    [
      { size: DAY, name: 'days', from: 4 * DAY, steps: [1, 2, 7, 14, 28] },
      { size: HOUR, name: 'hours', from: 3 * HOUR, steps: [1, 2, 3, 6, 12] },
      { size: MINUTE, name: 'minutes', from: 0, steps: [1, 2, 5, 10, 15, 30] },
    ] as const
  ).find(({ from }) => horizonMs >= from)!
  const length = horizonMs / unit.size
  const step = unit.steps.find((candidate) => length / candidate <= 12) ?? Math.ceil(length / 12)
  return { ...unit, ticks: Array.from({ length: Math.floor(length / step) + 1 }, (_, tick) => tick * step) }
}

/** Six significant digits, which is more than a picture shows. */
function rounded(value: number): number {
  return Number(value.toPrecision(6))
}

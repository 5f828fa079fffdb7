import { largest } from '../../core/largest.ts'
import type { TopLevelSpec } from 'vega-lite'
import { DAY, formatDuration, HOUR, MINUTE } from '../../core/units.ts'
import type { Comparison } from '../../metrics/comparison.ts'
import { type Chart, CHART_WIDTH, nothingToDraw } from '../chart.ts'
import type { Layer } from '../drawing/layer.ts'
import { pointerRules, runLines } from '../comparison/run-lines.ts'

const TITLE = 'How much memory is loaded as time goes by'
const MB_PER_GB = 1024

export const loadedMemory: Chart = {
  id: 'loaded-memory',
  summary: 'Loaded memory over the time of the trace, one line a run.',
  mostRuns: 40,
  draw: (comparison) => {
    const peakMb = comparison.runs.reduce((peak, { charts }) => largest(charts.loadedMb, peak), 0)
    if (peakMb === 0) return nothingToDraw(TITLE, 'no memory was loaded at any time.')
    const span = formatDuration(comparison.runs[0]!.charts.bucketMs)
    return {
      title: {
        text: TITLE,
        subtitle: `Means over ${span} of idle, busy and loading instances together. Lower is better.`,
      },
      width: CHART_WIDTH,
      height: 300,
      layer: layers(comparison, peakMb >= 2 * MB_PER_GB ? { size: MB_PER_GB, name: 'GB' } : { size: 1, name: 'MB' }),
    } satisfies TopLevelSpec
  },
}

function layers({ runs, trace }: Comparison, memory: { readonly size: number; readonly name: string }): Layer[] {
  const { loadedMb, bucketMs } = runs[0]!.charts
  const time = timeUnit(trace.horizonMs)
  const middles = bucketMiddles(loadedMb.length, bucketMs, trace.horizonMs).map((ms) => rounded(ms / time.size))
  const series = runs.map(({ charts }) => charts.loadedMb.map((mb) => rounded(mb / memory.size)))
  const labels = runs.map(({ label }) => label)
  const points = series.flatMap((values, run) =>
    values.map((loaded, bucket) => ({ run: labels[run]!, time: middles[bucket]!, loaded })),
  )
  const readings = middles.map((at, bucket) => ({ at, figures: series.map((values) => values[bucket]!) }))
  const domain = [0, trace.horizonMs / time.size] as const
  return [
    runLines(labels, points, {
      x: { field: 'time', title: `Time since the trace began (${time.name})`, domain, ticks: time.ticks },
      y: { field: 'loaded', title: `Loaded memory (${memory.name})` },
    }),
    pointerRules(labels, readings, {
      channel: 'x',
      title: `${memory.name} at the time (${time.name})`,
      thickness: CHART_WIDTH / middles.length,
    }),
  ]
}

/** The middle of each bucket in ms; the last bucket ends with the trace. */
function bucketMiddles(buckets: number, bucketMs: number, horizonMs: number): number[] {
  return Array.from(
    { length: buckets },
    (_, bucket) => (bucket * bucketMs + Math.min(horizonMs, (bucket + 1) * bucketMs)) / 2,
  )
}

/** The unit that a time axis of that length reads best in, and its ticks: at most 12, at times that people count in. */
function timeUnit(horizonMs: number) {
  const unit = [
    { size: DAY, name: 'days', from: 4 * DAY, steps: [1, 2, 7, 14, 28] },
    { size: HOUR, name: 'hours', from: 3 * HOUR, steps: [1, 2, 3, 6, 12] },
    { size: MINUTE, name: 'minutes', from: 0, steps: [1, 2, 5, 10, 15, 30] },
  ].find(({ from }) => horizonMs >= from)!
  const length = horizonMs / unit.size
  const step = unit.steps.find((candidate) => length / candidate <= 12) ?? Math.ceil(length / 12)
  return { ...unit, ticks: Array.from({ length: Math.floor(length / step) + 1 }, (_, tick) => tick * step) }
}

/** Six significant digits, which is more than a picture shows. */
function rounded(value: number): number {
  return Number(value.toPrecision(6))
}

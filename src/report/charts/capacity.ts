import { largest } from '../../core/largest.ts'
import type { TopLevelSpec } from 'vega-lite'
import { type Language, told } from '../../language/language.ts'
import { capacityLines, type CapacityLine, differsInMemory } from '../comparison/capacity-lines.ts'
import { type Chart, nothingToDraw } from '../chart.ts'
import type { Layer } from '../drawing/layer.ts'
import { memoryAxis, memoryUnit, percentAxis } from '../drawing/log-axis.ts'
import { type NumberAxis, onAxis, runLines } from '../comparison/run-lines.ts'
import { type Marked, runStyles } from '../comparison/run-style.ts'
import { heightOf, type FigureStyle, SCREEN } from '../figure-style.ts'

interface Axes {
  readonly x: NumberAxis
  readonly y: NumberAxis
}

/**
 * The miss-ratio curve of keep-alive, as in the evaluation of FaasCache (Fuerst and Sharma, ASPLOS 2021). A dropped
 * invocation counts like a cold one: else a cluster would look the better, the more it drops.
 */
export const capacity: Chart = {
  id: 'capacity',
  summary:
    'Share of invocations that were cold or dropped, by the memory of the cluster; one line per policy and eviction order. Needs runs that differ in the memory of their nodes.',
  mostRuns: 200,
  suits: differsInMemory,
  draw: (comparison, look = SCREEN) => {
    const { language } = comparison
    const title = told(language, 'chart.capacity')
    if (!differsInMemory(comparison)) return nothingToDraw(title, told(language, 'chart.capacity.none'), language)
    const lines = capacityLines(comparison)
    if (lines.length === 0) return nothingToDraw(title, told(language, 'chart.nothing.invoked'), language)
    const hasDrops = lines.some(({ points }) => points.some(({ drops }) => drops > 0))
    const all = comparison.runs.length
    const left = all - lines.reduce((sum, { points }) => sum + points.length, 0)
    return {
      title: {
        text: title,
        subtitle: [
          told(language, 'chart.capacity.read'),
          ...(hasDrops ? [told(language, 'chart.capacity.drops')] : []),
          ...(left === 0 ? [] : [told(language, 'chart.capacity.left', { left, all })]),
        ],
      },
      width: look.width,
      height: heightOf(look),
      layer: layers(lines, hasDrops, { look, language }),
    } satisfies TopLevelSpec
  },
}

/** For whom the chart is drawn. */
interface Readers {
  readonly look: FigureStyle
  readonly language: Language
}

function layers(lines: readonly CapacityLine[], hasDrops: boolean, { look, language }: Readers): Layer[] {
  const all = lines.flatMap(({ points }) => points)
  const unit = memoryUnit(largest(all.map(({ memoryMb }) => memoryMb)))
  const values = lines.flatMap(({ name, points }) =>
    points.map(({ run, memoryMb, missed, coldStarts, drops }) => ({
      run: name,
      label: run,
      memory: memoryMb / unit.size,
      missed,
      coldStarts,
      drops,
      mark: drops > 0 ? 'dropped some' : 'dropped none',
    })),
  )
  const sizes = values.map(({ memory }) => memory)
  const axes = {
    x: memoryAxis('memory', told(language, 'chart.capacity.x'), sizes, unit.name),
    y: percentAxis(
      'missed',
      told(language, hasDrops ? 'chart.capacity.missed' : 'chart.coldShare'),
      all.map(({ missed }) => missed),
    ),
  }
  const drawn = lines.map(({ name, mark }) => ({ ...mark, label: name }))
  return [runLines(drawn, values, axes, look), marks(drawn, values, axes, unit.name, { look, language })]
}

/** A mark per run, that tells its figures to a pointer. */
function marks(
  lines: readonly Marked[],
  values: readonly Readonly<Record<string, string | number>>[],
  { x, y }: Axes,
  unit: string,
  { look, language }: Readers,
): Layer {
  return {
    data: { values: [...values] },
    mark: { type: 'point', filled: true },
    encoding: {
      x: onAxis(x, look.width, look),
      y: onAxis(y, heightOf(look), look),
      color: { field: 'run', type: 'nominal', scale: runStyles(lines, look).colours, sort: null },
      shape: {
        field: 'mark',
        type: 'nominal',
        scale: { domain: ['dropped none', 'dropped some'], range: ['circle', 'cross'] },
        legend: null,
      },
      size: { condition: { test: 'datum.drops > 0', value: 150 }, value: 45 },
      opacity: { condition: { param: 'picked', value: 1 }, value: 0.12 },
      tooltip: [
        { field: 'label', type: 'nominal', title: told(language, 'chart.run') },
        {
          field: 'memory',
          type: 'quantitative',
          title: told(language, 'chart.capacity.memory', { unit }),
          format: ',.6~r',
        },
        { field: 'missed', type: 'quantitative', title: told(language, 'chart.capacity.share'), format: '.4~r' },
        { field: 'coldStarts', type: 'quantitative', title: told(language, 'chart.coldStarts'), format: ',' },
        { field: 'drops', type: 'quantitative', title: told(language, 'chart.capacity.dropped'), format: ',' },
      ],
    },
  }
}

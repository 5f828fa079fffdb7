import { largest } from '../../core/largest.ts'
import type { TopLevelSpec } from 'vega-lite'
import { capacityLines, type CapacityLine, differsInMemory } from '../comparison/capacity-lines.ts'
import { type Chart, nothingToDraw } from '../chart.ts'
import type { Layer } from '../drawing/layer.ts'
import { memoryAxis, memoryUnit, percentAxis } from '../drawing/log-axis.ts'
import { type NumberAxis, onAxis, runLines } from '../comparison/run-lines.ts'
import { type Marked, runStyles } from '../comparison/run-style.ts'
import { heightOf, type Look, SCREEN } from '../look.ts'

const TITLE = 'How much memory a cluster needs'

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
    'Share of invocations that were cold or dropped against the memory of the cluster, one line per policy and eviction order; where runs differ in the memory of their nodes.',
  mostRuns: 200,
  suits: differsInMemory,
  draw: (comparison, look = SCREEN) => {
    if (!differsInMemory(comparison))
      return nothingToDraw(TITLE, 'there are no runs with different memory of their nodes.')
    const lines = capacityLines(comparison)
    if (lines.length === 0) return nothingToDraw(TITLE, 'no app was invoked.')
    const hasDrops = lines.some(({ points }) => points.some(({ drops }) => drops > 0))
    const leftOut = comparison.runs.length - lines.reduce((sum, { points }) => sum + points.length, 0)
    return {
      title: {
        text: TITLE,
        subtitle: [
          'A point is a run, a line joins the runs that differ in their nodes only. Lower is better.',
          ...(hasDrops ? ['Dropped invocations count like cold ones; a cross marks runs that dropped any.'] : []),
          ...(leftOut === 0 ? [] : [`Left out: ${leftOut} of ${comparison.runs.length} runs, which have no nodes.`]),
        ],
      },
      width: look.width,
      height: heightOf(look),
      layer: layers(lines, hasDrops, look),
    } satisfies TopLevelSpec
  },
}

function layers(lines: readonly CapacityLine[], hasDrops: boolean, look: Look): Layer[] {
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
  const what = hasDrops ? 'Cold or dropped' : 'Cold starts'
  const axes = {
    x: memoryAxis('memory', 'Memory of all nodes', sizes, unit.name),
    y: percentAxis(
      'missed',
      `${what} (% of invocations)`,
      all.map(({ missed }) => missed),
    ),
  }
  const drawn = lines.map(({ name, mark }) => ({ ...mark, label: name }))
  return [runLines(drawn, values, axes, look), marks(drawn, values, axes, unit.name, look)]
}

/** A mark per run, that tells its figures to a pointer. */
function marks(
  lines: readonly Marked[],
  values: readonly Readonly<Record<string, string | number>>[],
  { x, y }: Axes,
  unit: string,
  look: Look,
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
        { field: 'label', type: 'nominal', title: 'run' },
        { field: 'memory', type: 'quantitative', title: `memory of all nodes (${unit})`, format: ',.6~r' },
        { field: 'missed', type: 'quantitative', title: 'cold or dropped (%)', format: '.4~r' },
        { field: 'coldStarts', type: 'quantitative', title: 'cold starts', format: ',' },
        { field: 'drops', type: 'quantitative', title: 'dropped', format: ',' },
      ],
    },
  }
}

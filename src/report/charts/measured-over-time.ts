import type { TopLevelSpec } from 'vega-lite'
import { HOUR, formatSpan } from '../../core/units.ts'
import { runsBeside } from '../comparison/measured-tables.ts'
import { runLines } from '../comparison/run-lines.ts'
import { marked } from '../comparison/run-style.ts'
import { type Chart, nothingToDraw } from '../chart.ts'
import { heightOf, SCREEN } from '../look.ts'

const TITLE = 'Cold starts over time, measured and simulated'
const MEASURED = 'measured'

export const measuredOverTime: Chart = {
  id: 'measured-over-time',
  summary: 'Measured cold starts over time beside those of each run; where a trace tells which invocations were cold.',
  mostRuns: 12,
  suits: ({ measured }) => measured !== undefined,
  draw: (comparison, look = SCREEN) => {
    const { measured } = comparison
    if (measured === undefined) return nothingToDraw(TITLE, 'the trace does not tell which invocations were cold.')
    const { fromMs, partMs, cold } = measured.overTime
    const lines = runsBeside(comparison, measured).flatMap((run) => {
      const counts = measured.runs[run.digest]!.overTime
      return counts === null ? [] : [{ mark: marked(run), counts }]
    })
    if (cold.every((count) => count === 0) && lines.every(({ counts }) => counts.every((count) => count === 0)))
      return nothingToDraw(TITLE, 'no cold start was measured or simulated.')
    const seen = { mark: { label: nameApart(lines), policy: MEASURED, variant: MEASURED, world: '' }, counts: cold }
    // Last, so that runs have here the colours that they have in every other chart.
    const all = [...lines, seen]
    const values = all.flatMap(({ mark, counts }) =>
      counts.map((count, part) => ({ run: mark.label, hour: (fromMs + (part + 0.5) * partMs) / HOUR, cold: count })),
    )
    const end = (fromMs + cold.length * partMs) / HOUR
    return {
      title: {
        text: TITLE,
        subtitle: `Counts of each ${formatSpan(partMs)}. The nearer a run is to what was measured, the better it tells of the platform.`,
      },
      width: look.width,
      height: heightOf(look),
      layer: [
        runLines(
          all.map(({ mark }) => mark),
          values,
          {
            x: { field: 'hour', title: 'Time since the trace began (hours)', domain: [fromMs / HOUR, end] },
            y: { field: 'cold', title: `Cold starts in ${formatSpan(partMs)} (count)` },
          },
          look,
        ),
      ],
    } satisfies TopLevelSpec
  },
}

/** The name of the measured line, apart from the labels of the runs, which may be anything. */
function nameApart(lines: readonly { readonly mark: { readonly label: string } }[]): string {
  const labels = new Set(lines.map(({ mark }) => mark.label))
  let name = `${MEASURED} on the platform`
  while (labels.has(name)) name += ' '
  return name
}

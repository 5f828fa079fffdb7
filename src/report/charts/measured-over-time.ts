import type { TopLevelSpec } from 'vega-lite'
import { HOUR, formatSpan } from '../../core/units.ts'
import { type Language, told } from '../../language/language.ts'
import { runsBeside } from '../comparison/measured-tables.ts'
import { runLines } from '../comparison/run-lines.ts'
import { type Marked, marked } from '../comparison/run-style.ts'
import { type Chart, nothingToDraw } from '../chart.ts'
import { heightOf, type Look, SCREEN } from '../look.ts'

const MEASURED = 'measured'

export const measuredOverTime: Chart = {
  id: 'measured-over-time',
  summary: 'Measured cold starts over time beside those of each run; where a trace tells which invocations were cold.',
  mostRuns: 12,
  suits: ({ measured }) => measured !== undefined,
  draw: (comparison, look = SCREEN) => {
    const { measured, language } = comparison
    const title = told(language, 'chart.overTime')
    if (measured === undefined) return nothingToDraw(title, told(language, 'chart.overTime.unknown'), language)
    const { fromMs, partMs, cold } = measured.overTime
    const lines = runsBeside(comparison, measured).flatMap((run) => {
      const counts = measured.runs[run.digest]!.overTime
      return counts === null ? [] : [{ mark: marked(run), counts }]
    })
    if (cold.every((count) => count === 0) && lines.every(({ counts }) => counts.every((count) => count === 0)))
      return nothingToDraw(title, told(language, 'chart.overTime.none'), language)
    const seen = {
      mark: {
        label: nameApart(told(language, 'chart.overTime.measured'), lines),
        policy: MEASURED,
        variant: MEASURED,
        world: '',
      },
      counts: cold,
    }
    // Last, so that runs have here the colours that they have in every other chart.
    return overTimeSpec({ fromMs, partMs, lines: [...lines, seen] }, language, look)
  },
}

/** Cold starts in equal parts of the time, of what was measured and of what was simulated. */
export interface ColdStartsOverTime {
  readonly fromMs: number
  readonly partMs: number
  readonly lines: readonly { readonly mark: Marked; readonly counts: readonly number[] }[]
}

/** The picture of cold starts over time, a line each. */
export function overTimeSpec(
  { fromMs, partMs, lines }: ColdStartsOverTime,
  language: Language,
  look: Look,
): TopLevelSpec {
  const values = lines.flatMap(({ mark, counts }) =>
    counts.map((count, part) => ({ run: mark.label, hour: (fromMs + (part + 0.5) * partMs) / HOUR, cold: count })),
  )
  const end = (fromMs + (lines[0]?.counts.length ?? 0) * partMs) / HOUR
  return {
    title: {
      text: told(language, 'chart.overTime'),
      subtitle: told(language, 'chart.overTime.read', { span: formatSpan(partMs) }),
    },
    width: look.width,
    height: heightOf(look),
    layer: [
      runLines(
        lines.map(({ mark }) => mark),
        values,
        {
          x: {
            field: 'hour',
            title: told(language, 'chart.sinceBegin', { unit: told(language, 'page.unit.hours') }),
            domain: [fromMs / HOUR, end],
          },
          y: { field: 'cold', title: told(language, 'chart.overTime.y', { span: formatSpan(partMs) }) },
        },
        look,
      ),
    ],
  }
}

/** The name of the measured line, apart from the labels of the runs, which may be anything. */
function nameApart(measured: string, lines: readonly { readonly mark: { readonly label: string } }[]): string {
  const labels = new Set(lines.map(({ mark }) => mark.label))
  let name = measured
  while (labels.has(name)) name += ' '
  return name
}

import { told } from '../../language/language.ts'
import { runsBeside } from '../comparison/measured-tables.ts'
import { overTimeSpec } from '../comparison/measured-specs.ts'
import { marked } from '../comparison/run-style.ts'
import { type Chart, nothingToDraw } from '../chart.ts'
import { SCREEN } from '../figure-style.ts'

const MEASURED = 'measured'

export const measuredOverTime: Chart = {
  id: 'measured-over-time',
  summary:
    'Measured cold starts over time, and those of each run. Needs a trace that tells which invocations were cold.',
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
        // Of no world of its own, since dashes tell worlds apart.
        world: lines[0]?.mark.world ?? '',
      },
      counts: cold,
    }
    // Last, so that runs have here the colours that they have in every other chart.
    return overTimeSpec({ fromMs, partMs, lines: [...lines, seen] }, language, look)
  },
}

/** The name of the measured line, apart from the labels of the runs, which may be anything. */
function nameApart(measured: string, lines: readonly { readonly mark: { readonly label: string } }[]): string {
  const labels = new Set(lines.map(({ mark }) => mark.label))
  let name = measured
  while (labels.has(name)) name += ' '
  return name
}

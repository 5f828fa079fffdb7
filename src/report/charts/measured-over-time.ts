import { told } from '../../language/language.ts'
import { runsBeside } from '../comparison/measured-tables.ts'
import { overTimeSpec } from '../comparison/measured-specs.ts'
import { marked } from '../comparison/run-style.ts'
import { type Chart, nothingToDraw } from '../chart.ts'
import { SCREEN } from '../figure-style.ts'

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
    return overTimeSpec({ fromMs, partMs, measured: cold, lines }, language, look)
  },
}

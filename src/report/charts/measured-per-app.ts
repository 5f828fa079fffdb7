import { told } from '../../language/language.ts'
import { runsBeside } from '../comparison/measured-tables.ts'
import { perAppSpec } from '../comparison/measured-specs.ts'
import { marked } from '../comparison/run-style.ts'
import { type Chart, nothingToDraw } from '../chart.ts'
import { SCREEN } from '../figure-style.ts'

export const measuredPerApp: Chart = {
  id: 'measured-per-app',
  summary: 'Measured and simulated cold starts of each app. Needs a trace that tells which invocations were cold.',
  mostRuns: 12,
  suits: ({ measured }) => measured !== undefined,
  draw: (comparison, look = SCREEN) => {
    const { measured, language } = comparison
    const title = told(language, 'chart.perApp')
    if (measured === undefined) return nothingToDraw(title, told(language, 'chart.overTime.unknown'), language)
    const runs = runsBeside(comparison, measured)
    // One more, so that an app without any has a place on a logarithmic axis.
    const values = runs.flatMap(({ label, digest }) =>
      measured.apps.map(({ app, measured: cold }, at) => ({
        run: label,
        app,
        measured: cold + 1,
        simulated: measured.runs[digest]!.perApp[at]! + 1,
      })),
    )
    if (values.length === 0) return nothingToDraw(title, told(language, 'chart.perApp.none'), language)
    return perAppSpec({ points: values, marks: runs.map((run) => marked(run)) }, language, look)
  },
}

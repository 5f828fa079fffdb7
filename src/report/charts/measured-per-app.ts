import type { TopLevelSpec } from 'vega-lite'
import { largest } from '../../core/largest.ts'
import { type Language, told } from '../../language/language.ts'
import { runsBeside } from '../comparison/measured-tables.ts'
import { onAxis } from '../comparison/run-lines.ts'
import { type Marked, marked, runLegend, runStyles } from '../comparison/run-style.ts'
import { type Chart, nothingToDraw } from '../chart.ts'
import { heightOf, type Look, SCREEN } from '../look.ts'

export const measuredPerApp: Chart = {
  id: 'measured-per-app',
  summary: 'Simulated against measured cold starts of each app; where a trace tells which invocations were cold.',
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

/** Apps by their measured and simulated cold starts, one more than there were of each; a mark for each run. */
export interface ColdStartsPerApp {
  readonly points: readonly {
    readonly run: string
    readonly app: string
    readonly measured: number
    readonly simulated: number
  }[]
  readonly marks: readonly Marked[]
}

/** The picture of simulated against measured cold starts, a point an app. */
export function perAppSpec({ points, marks }: ColdStartsPerApp, language: Language, look: Look): TopLevelSpec {
  const most = largest(points.flatMap((value) => [value.measured, value.simulated])) * 1.1
  const axis = (field: 'measured' | 'simulated', length: number) =>
    onAxis(
      {
        field,
        title: told(language, field === 'measured' ? 'chart.perApp.x' : 'chart.perApp.y'),
        domain: [0.9, Math.max(10, most)],
        logBase: 10,
      },
      length,
      look,
    )
  const [x, y] = [axis('measured', look.width), axis('simulated', heightOf(look))]
  const { colours, shapes } = runStyles(marks, look)
  const legend = runLegend(
    marks.map(({ label }) => label),
    look,
  )
  return {
    title: {
      text: told(language, 'chart.perApp'),
      subtitle: told(language, 'chart.perApp.read'),
    },
    width: look.width,
    height: heightOf(look),
    layer: [
      {
        data: { values: [0.9, Math.max(10, most)].map((cold) => ({ measured: cold, simulated: cold })) },
        mark: { type: 'line', strokeDash: [2, 3], color: '#888888' },
        encoding: { x, y },
      },
      {
        data: { values: points },
        mark: { type: 'point', filled: true, size: look.isPaper ? 18 : 40, opacity: 0.7 },
        encoding: {
          x,
          y,
          color: { field: 'run', type: 'nominal', scale: colours, sort: null, legend },
          shape: { field: 'run', type: 'nominal', scale: shapes, sort: null, legend },
          tooltip: [
            { field: 'app', type: 'nominal', title: told(language, 'chart.app') },
            { field: 'run', type: 'nominal', title: told(language, 'chart.run') },
            { field: 'measured', type: 'quantitative', title: told(language, 'chart.perApp.measured') },
            { field: 'simulated', type: 'quantitative', title: told(language, 'chart.perApp.simulated') },
          ],
        },
      },
    ],
  }
}

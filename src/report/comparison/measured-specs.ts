import type { TopLevelSpec } from 'vega-lite'
import { largest } from '../../core/largest.ts'
import { HOUR } from '../../core/units.ts'
import { type Language, told } from '../../language/language.ts'
import { toldSpan } from '../../language/told-span.ts'
import { heightOf, type FigureStyle } from '../figure-style.ts'
import { onAxis, runLines } from './run-lines.ts'
import { type Marked, runLegend, runStyles } from './run-style.ts'

/** Cold starts in equal parts of the time, of what was measured and of the runs. */
interface ColdStartsOverTime {
  readonly fromMs: number
  readonly partMs: number
  readonly measured: readonly number[]
  readonly lines: readonly { readonly mark: Marked; readonly counts: readonly number[] }[]
}

/** The picture of cold starts over time, a line each. */
export function overTimeSpec(
  { fromMs, partMs, measured, lines }: ColdStartsOverTime,
  language: Language,
  look: FigureStyle,
): TopLevelSpec {
  const marks = lines.map(({ mark }) => mark)
  const name = nameApart(told(language, 'chart.overTime.measured'), marks)
  const valuesOf = (run: string, counts: readonly number[]) =>
    counts.map((cold, part) => ({ run, hour: (fromMs + (part + 0.5) * partMs) / HOUR, cold }))
  const values = [...lines.flatMap(({ mark, counts }) => valuesOf(mark.label, counts)), ...valuesOf(name, measured)]
  const end = (fromMs + measured.length * partMs) / HOUR
  return {
    title: {
      text: told(language, 'chart.overTime'),
      subtitle: told(language, 'chart.overTime.read', { span: toldSpan(language, partMs) }),
    },
    width: look.width,
    height: heightOf(look),
    layer: [
      runLines(
        marks,
        values,
        {
          x: {
            field: 'hour',
            title: told(language, 'chart.sinceBegin', { unit: told(language, 'page.unit.hours') }),
            domain: [fromMs / HOUR, end],
          },
          y: { field: 'cold', title: told(language, 'chart.overTime.y', { span: toldSpan(language, partMs) }) },
        },
        look,
        name,
      ),
    ],
  }
}

/** The name of the measured line, apart from the labels of the runs, which may be anything. */
function nameApart(measured: string, marks: readonly Marked[]): string {
  const labels = new Set(marks.map(({ label }) => label))
  let name = measured
  while (labels.has(name)) name += ' '
  return name
}

/** Apps by their measured and simulated cold starts, one more than there were of each; a mark for each run. */
interface ColdStartsPerApp {
  readonly points: readonly {
    readonly run: string
    readonly app: string
    readonly measured: number
    readonly simulated: number
  }[]
  readonly marks: readonly Marked[]
}

/** The picture of simulated against measured cold starts, a point an app. */
export function perAppSpec({ points, marks }: ColdStartsPerApp, language: Language, look: FigureStyle): TopLevelSpec {
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

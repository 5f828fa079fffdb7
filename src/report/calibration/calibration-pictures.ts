import { largest } from '../../core/largest.ts'
import { printable } from '../../core/printable.ts'
import { formatSpan, HOUR } from '../../core/units.ts'
import { CHART_WIDTH, nothingToDraw } from '../chart.ts'
import type { Fact } from '../comparison/provenance.ts'
import { captioned } from '../drawing/caption.ts'
import { chartSvg } from '../drawing/vega.ts'

const COLOURS = { measured: '#D55E00', simulated: '#0072B2' } as const

/** Measured and simulated cold starts of a trace. */
export interface MeasuredBesideSimulated {
  readonly perApp: readonly {
    readonly app: string
    readonly invocations: number
    readonly measured: number
    readonly simulated: number
  }[]
  /** In equal parts of the time. */
  readonly overTime: {
    readonly partMs: number
    readonly measured: readonly number[]
    readonly simulated: readonly number[]
  }
}

/** Cold starts over time, measured and simulated, as an SVG document that states where its figures come from. */
export async function overTimePicture({ overTime }: MeasuredBesideSimulated, facts: readonly Fact[]): Promise<string> {
  const { partMs } = overTime
  const values = (['measured', 'simulated'] as const).flatMap((what) =>
    overTime[what].map((cold, part) => ({ what, cold, hour: (part * partMs) / HOUR })),
  )
  const title = 'Cold starts over time, measured and simulated'
  const chart =
    values.length === 0
      ? nothingToDraw(title, 'no cold start was measured.')
      : {
          title: { text: title, subtitle: `Each step is ${formatSpan(partMs)}.` },
          width: CHART_WIDTH,
          height: 260,
          data: { values },
          mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1.8 },
          encoding: {
            x: { field: 'hour', type: 'quantitative', title: 'Time (h)' },
            y: { field: 'cold', type: 'quantitative', title: 'Cold starts in a step (count)' },
            color: {
              field: 'what',
              type: 'nominal',
              title: null,
              scale: { domain: Object.keys(COLOURS), range: Object.values(COLOURS) },
            },
          },
        }
  return captioned(await chartSvg(chart), printable(facts))
}

/** Every app by its measured and simulated cold starts, as an SVG document; on the diagonal the two agree. */
export async function perAppPicture({ perApp }: MeasuredBesideSimulated, facts: readonly Fact[]): Promise<string> {
  const title = 'Cold starts of each app, measured and simulated'
  const most = largest(perApp.flatMap(({ measured, simulated }) => [measured, simulated]))
  // One more, so that an app without any has a place on a logarithmic axis.
  const values = perApp.map(({ measured, simulated }) => ({ measured: measured + 1, simulated: simulated + 1 }))
  const axis = (field: 'measured' | 'simulated') => ({
    field,
    type: 'quantitative',
    title: `Cold starts ${field} + 1 (count)`,
    scale: { type: 'log', domain: [1, most + 2] },
  })
  const chart =
    values.length === 0
      ? nothingToDraw(title, 'the trace has no apps.')
      : {
          title: {
            text: title,
            subtitle: 'A point is an app; on the line both are equal, above it the simulation has more.',
          },
          width: 420,
          height: 420,
          layer: [
            {
              data: { values: [1, most + 2].map((cold) => ({ measured: cold, simulated: cold })) },
              mark: { type: 'line', strokeDash: [2, 3], color: '#888888' },
              encoding: { x: axis('measured'), y: axis('simulated') },
            },
            {
              data: { values },
              mark: { type: 'point', filled: true, size: 40, opacity: 0.7, color: COLOURS.simulated },
              encoding: { x: axis('measured'), y: axis('simulated') },
            },
          ],
        }
  return captioned(await chartSvg(chart), printable(facts))
}

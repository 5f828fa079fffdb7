import { printable } from '../../core/printable.ts'
import { ENGLISH, told } from '../../language/language.ts'
import { nothingToDraw } from '../chart.ts'
import { overTimeSpec, perAppSpec } from '../comparison/measured-specs.ts'
import type { Fact } from '../comparison/provenance.ts'
import type { Marked } from '../comparison/run-style.ts'
import { captioned } from '../drawing/caption.ts'
import { chartSvg } from '../drawing/vega.ts'
import { SCREEN } from '../figure-style.ts'

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

const SIMULATED: Marked = { label: 'simulated', policy: 'simulated', variant: 'simulated', world: '' }

/** Cold starts over time, measured and simulated, as an SVG document that states where its figures come from. */
export async function overTimePicture({ overTime }: MeasuredBesideSimulated, facts: readonly Fact[]): Promise<string> {
  const { partMs, measured, simulated } = overTime
  const chart =
    measured.length === 0
      ? nothingToDraw(told(ENGLISH, 'chart.overTime'), told(ENGLISH, 'chart.overTime.none'))
      : overTimeSpec({ fromMs: 0, partMs, measured, lines: [{ mark: SIMULATED, counts: simulated }] }, ENGLISH, SCREEN)
  return captioned(await chartSvg(chart), printable(facts))
}

/** Every app by its measured and simulated cold starts, as an SVG document; on the diagonal the two agree. */
export async function perAppPicture({ perApp }: MeasuredBesideSimulated, facts: readonly Fact[]): Promise<string> {
  const points = perApp.map(({ app, measured, simulated }) => ({
    run: SIMULATED.label,
    app,
    measured: measured + 1,
    simulated: simulated + 1,
  }))
  const chart =
    points.length === 0
      ? nothingToDraw(told(ENGLISH, 'chart.perApp'), told(ENGLISH, 'chart.perApp.none'))
      : perAppSpec({ points, marks: [SIMULATED] }, ENGLISH, SCREEN)
  return captioned(await chartSvg(chart), printable(facts))
}

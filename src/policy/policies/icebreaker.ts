import { HOUR, MINUTE } from '../../core/units.ts'
import { FourierForecast } from '../demand/fourier-forecast.ts'
import { PeakSeries } from '../demand/peak-series.ts'
import type { ParameterValues } from '../parameters.ts'
import { definePolicy, type FloorAnswer, type Policy, type PolicyContext, type Windows } from '../policy.ts'

const parameters = {
  every: { kind: 'duration', describe: 'Time between two forecasts.', default: MINUTE, min: 1000, max: HOUR },
  window: {
    kind: 'number',
    describe: 'So many of the latest stretches of that time are forecast from.',
    default: 60,
    min: 4,
    max: 1440,
    whole: true,
  },
  harmonics: {
    kind: 'number',
    describe: 'Frequencies besides the mean, the lowest ones.',
    default: 10,
    min: 0,
    max: 720,
    whole: true,
  },
} as const

type Params = ParameterValues<typeof parameters>

class IceBreaker implements Policy {
  private readonly params: Params
  private readonly askAgain: PolicyContext['askAgain']
  private readonly forecast: FourierForecast
  private readonly demand: (PeakSeries | undefined)[]

  constructor(params: Params, { apps, askAgain }: PolicyContext) {
    this.params = params
    this.askAgain = askAgain
    this.forecast = new FourierForecast(params.window, params.harmonics, 1)
    this.demand = Array.from({ length: apps })
  }

  private of(app: number): PeakSeries {
    return (this.demand[app] ??= new PeakSeries(this.params.window, this.params.every))
  }

  arrived(app: number, now: number): void {
    this.of(app).began(now)
    this.askAgain?.(app, this.turnAfter(now))
  }

  finished(app: number, now: number): void {
    this.of(app).ended(now)
  }

  floor(app: number, now: number, out: FloorAnswer): void {
    const peaks = this.demand[app]?.upTo(now)
    const hasDemand = peaks?.some((peak) => peak > 0) ?? false
    out.instances = hasDemand ? Math.max(0, Math.round(this.forecast.ahead(peaks!))) : 0
    out.untilMs = hasDemand || this.askAgain === undefined ? this.turnAfter(now) : Number.POSITIVE_INFINITY
  }

  /** The end of the stretch of time that the forecast is for. */
  private turnAfter(now: number): number {
    return (Math.floor(now / this.params.every) + 1) * this.params.every
  }

  /** What came unforeseen stays until the next forecast. */
  decide(_app: number, now: number, out: Windows): void {
    out.prewarmMs = 0
    out.keepAliveMs = this.turnAfter(now) - now
  }

  save(app: number): unknown {
    return this.demand[app]?.save()
  }

  load(app: number, state: unknown): void {
    this.of(app).load(state as ReturnType<PeakSeries['save']>)
  }
}

/** A forecast of each minute's demand from the waves of the last hour. */
export const icebreaker = definePolicy({
  id: 'icebreaker',
  summary:
    'Holds as many instances each minute as a Fourier extrapolation of the last hour says that will run at once.',
  paper:
    'Roy et al., "IceBreaker: warming serverless functions better with heterogeneity", ASPLOS 2022. Departures: nodes are all alike, so the forecast alone decides, with no utility; what is forecast is the most that ran at once in a minute; before the first arrival there was none',
  parameters,
  scope: 'app',
  needs: [],
  create: (params, context) => new IceBreaker(params, context),
})

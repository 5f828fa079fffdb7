import { HOUR, MINUTE } from '../../core/units.ts'
import { DemandLoop } from '../demand/demand-loop.ts'
import { FourierForecast } from '../demand/fourier-forecast.ts'
import type { ParameterValues } from '../parameters.ts'
import { definePolicy, type PolicyContext } from '../policy.ts'

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

class IceBreaker extends DemandLoop {
  private readonly forecast: FourierForecast

  constructor(params: Params, context: PolicyContext) {
    super(params, context)
    this.forecast = new FourierForecast(params.window, params.harmonics, 1)
  }

  protected instancesFor(_app: number, peaks: Float64Array): number {
    return Math.max(0, Math.round(this.forecast.ahead(peaks)))
  }
}

/** A forecast of each minute's demand from the waves of the last hour. */
export const icebreaker = definePolicy({
  id: 'icebreaker',
  summary:
    'Holds as many instances each minute as a Fourier extrapolation of the last hour says that will run at once.',
  paper: 'Roy et al., "IceBreaker: warming serverless functions better with heterogeneity", ASPLOS 2022',
  departures: [
    'All nodes are alike, so the forecast alone decides, without a utility.',
    'It forecasts the most executions that ran at once in a minute.',
    'Before the first arrival that number is 0.',
  ],
  parameters,
  scope: 'app',
  needs: [],
  create: (params, context) => new IceBreaker(params, context),
})

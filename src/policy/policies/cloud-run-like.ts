import { DAY, MINUTE, SECOND } from '../../core/units.ts'
import { RecentConcurrency } from '../demand/recent-concurrency.ts'
import { turnAfter } from '../demand/turns.ts'
import type { ParameterValues } from '../parameters.ts'
import { definePolicy, type FloorAnswer, type Policy, type PolicyContext, type Windows } from '../policy.ts'

const parameters = {
  idle: {
    kind: 'duration',
    isWindow: true,
    describe: 'An idle instance stays for so long.',
    default: 15 * MINUTE,
    min: MINUTE,
    max: 365 * DAY,
  },
  concurrency: {
    kind: 'number',
    describe: 'Executions that one instance takes at a time.',
    default: 80,
    min: 1,
    max: 1000,
    whole: true,
  },
  utilisation: { kind: 'number', unit: '%', describe: 'So much of it is aimed at.', default: 60, min: 1, max: 100 },
  every: {
    kind: 'duration',
    describe: 'How often the number of instances is set anew.',
    default: 5 * SECOND,
    min: SECOND,
    max: MINUTE,
  },
} as const

type Params = ParameterValues<typeof parameters>

/** The mean is that of a minute. */
const STRETCHES = MINUTE / SECOND

interface Demand {
  readonly concurrency: RecentConcurrency
  held: number
}

class CloudRunLike implements Policy {
  private readonly params: Params
  private readonly askAgain: PolicyContext['askAgain']
  private readonly demands: (Demand | undefined)[]

  constructor(params: Params, { apps, askAgain }: PolicyContext) {
    this.params = params
    this.askAgain = askAgain
    this.demands = Array.from({ length: apps })
  }

  private of(app: number): Demand {
    return (this.demands[app] ??= { concurrency: new RecentConcurrency(STRETCHES + 1, SECOND), held: 0 })
  }

  arrived(app: number, now: number): void {
    const { concurrency, held } = this.of(app)
    concurrency.began(now)
    // What one instance can take needs no loop: its idle time outlasts the mean's minute.
    if (held > 0 || concurrency.running > 1) this.askAgain?.(app, turnAfter(now, this.params.every))
  }

  finished(app: number, now: number): void {
    this.of(app).concurrency.ended(now)
  }

  floor(app: number, now: number, out: FloorAnswer): void {
    const { concurrency: each, utilisation } = this.params
    const demand = this.demands[app]
    const mean = demand === undefined ? 0 : demand.concurrency.mean(now, STRETCHES)
    const wanted = Math.ceil(mean / ((each * utilisation) / 100))
    out.instances = wanted > 1 ? wanted : 0
    if (demand !== undefined) demand.held = out.instances
    const rests = this.askAgain !== undefined && wanted <= 1 && (demand?.concurrency.running ?? 0) <= 1
    out.untilMs = rests ? Number.POSITIVE_INFINITY : turnAfter(now, this.params.every)
  }

  decide(_app: number, _now: number, out: Windows): void {
    out.prewarmMs = 0
    out.keepAliveMs = this.params.idle
  }
}

/** Google Cloud Run, as its documentation tells: instances by the mean concurrency of a minute, idle ones for 15 minutes. */
export const cloudRunLike = definePolicy({
  id: 'cloud-run-like',
  summary:
    'Holds instances for the mean concurrency of a minute at 60 % of what they take, and idle ones for 15 minutes.',
  paper:
    'The documentation of Google Cloud Run, "About instance autoscaling" (https://cloud.google.com/run/docs/about-instance-autoscaling, read in November 2026): 60 % of the maximum concurrency over a minute, idle for at most 15 minutes',
  departures: [
    'An idle instance always stays for the whole 15 minutes.',
    'CPU use is not seen.',
    'Google does not publish how often its autoscaler decides: every is ours.',
  ],
  parameters,
  scope: 'app',
  needs: [],
  create: (params, context) => new CloudRunLike(params, context),
})

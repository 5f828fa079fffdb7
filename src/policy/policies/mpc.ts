import { HOUR, MINUTE } from '../../core/units.ts'
import { DemandLoop } from '../demand/demand-loop.ts'
import { FourierForecast } from '../demand/fourier-forecast.ts'
import type { ParameterValues } from '../parameters.ts'
import { definePolicy, type FloorAnswer, type PolicyContext } from '../policy.ts'

const parameters = {
  every: { kind: 'duration', describe: 'Length of a step.', default: MINUTE, min: 1000, max: HOUR },
  window: {
    kind: 'number',
    describe: 'So many of the latest steps are forecast from.',
    default: 60,
    min: 4,
    max: 1440,
    whole: true,
  },
  harmonics: {
    kind: 'number',
    describe: 'Frequencies of the forecast besides the mean, the lowest ones.',
    default: 10,
    min: 0,
    max: 720,
    whole: true,
  },
  horizon: {
    kind: 'number',
    describe: 'So many steps are planned, of which the first is taken.',
    default: 10,
    min: 1,
    max: 240,
    whole: true,
  },
  unserved: {
    kind: 'number',
    describe: 'Cost of an execution for which there is no instance, in steps of an idle one.',
    default: 10,
    min: 0,
  },
  start: {
    kind: 'number',
    describe: 'Cost of an instance that is loaded ahead, in steps of an idle one.',
    default: 1,
    min: 0,
  },
  smoothness: {
    kind: 'number',
    describe: 'Cost of an instance more or less than in the step before, in steps of an idle one.',
    default: 0.1,
    min: 0,
  },
} as const

type Params = ParameterValues<typeof parameters>

/** What the plan costs: all in steps of an idle instance. */
type Costs = Pick<Params, 'unserved' | 'start' | 'smoothness'>

/**
 * The plan of least cost, exactly. A step's cost and that of a change are convex in the number of instances, and so is the
 * least cost of all that follows: it is known by its slopes, from each number to the next. Whoever may change the number
 * first never pays a slope that is steeper than the change itself, so one step back clamps the slopes and adds the step's
 * own. {@link firstStep} is linear in steps and instances, and allocates nothing. Hot: measured by bench/policies.ts.
 */
export class LeastPlan {
  private readonly unserved: number
  private readonly up: number
  private readonly down: number
  private slopes = new Float64Array(8)

  constructor({ unserved, start, smoothness }: Costs) {
    this.unserved = unserved
    this.up = start + smoothness
    this.down = smoothness
  }

  /** How many instances to have in the first step, for the demand of each and `held` instances now; the fewest of several. */
  firstStep(demand: ArrayLike<number>, held: number): number {
    const { up, down } = this
    let most = held
    for (let step = 0; step < demand.length; step += 1) most = Math.max(most, Math.ceil(demand[step]!))
    if (this.slopes.length < most) this.slopes = new Float64Array(2 * most)
    const { slopes } = this
    slopes.fill(0, 0, most)
    for (let step = demand.length - 1; step >= 0; step -= 1) {
      for (let from = 0; from < most; from += 1) {
        const after = Math.min(Math.max(slopes[from]!, -up), down)
        slopes[from] = after + this.slopeAt(from, demand[step]!)
      }
    }
    let best = 0
    while (best < most && slopes[best]! < (best < held ? down : -up)) best += 1
    return best
  }

  /** What one instance more than `from` costs in a step of that demand. */
  private slopeAt(from: number, demand: number): number {
    if (from >= demand) return 1
    if (from + 1 <= demand) return -this.unserved
    return from + 1 - demand - this.unserved * (demand - from)
  }
}

class Mpc extends DemandLoop {
  private readonly params: Params
  private readonly forecast: FourierForecast
  private readonly plan: LeastPlan
  /** The demand of the steps that are planned: laid out for one plan. */
  private readonly steps: Float64Array
  private readonly held: Uint32Array

  constructor(params: Params, context: PolicyContext) {
    super(params, context)
    this.params = params
    this.forecast = new FourierForecast(params.window, params.harmonics, params.horizon)
    this.plan = new LeastPlan(params)
    this.steps = new Float64Array(params.horizon)
    this.held = new Uint32Array(context.apps)
  }

  protected instancesFor(app: number, peaks: Float64Array): number {
    const { steps } = this
    // What ran in the last step is there still.
    const there = Math.max(this.held[app]!, peaks[this.params.window - 1]!)
    this.forecast.allAhead(peaks, steps)
    for (let step = 0; step < steps.length; step += 1) steps[step] = Math.max(0, steps[step]!)
    return this.plan.firstStep(steps, there)
  }

  override floor(app: number, now: number, out: FloorAnswer): void {
    super.floor(app, now, out)
    this.held[app] = out.instances
  }

  override save(app: number): unknown {
    const demand = super.save(app)
    return demand === undefined ? undefined : { held: this.held[app], demand }
  }

  override load(app: number, state: unknown): void {
    const { held, demand } = state as { held: number; demand: unknown }
    this.held[app] = held
    super.load(app, demand)
  }
}

/** Model predictive control: the cheapest plan for the demand that is forecast, of which only the first step is taken. */
export const mpc = definePolicy({
  id: 'mpc',
  summary:
    'Plans the instances of the next steps at least cost for a Fourier forecast, and takes the first step of it.',
  paper: 'After "model predictive control" for serverless functions, arXiv 2508.07640',
  departures: [
    'Nothing waits in a queue: an arrival without an instance starts one at once.',
    'The plan is exact.',
    'It forecasts the most executions that ran at once in a step.',
    'The costs, the horizon and the step are ours.',
  ],
  parameters,
  scope: 'app',
  needs: [],
  create: (params, context) => new Mpc(params, context),
})

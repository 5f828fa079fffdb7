import { HOUR, MINUTE } from '../../core/units.ts'
import { longerThan, type ParameterValues } from '../parameters.ts'
import { definePolicy, type Policy, type PolicyContext, type Windows } from '../policy.ts'
import { GapCounts } from '../rent/gap-counts.ts'
import { RandomPart } from '../rent/random-part.ts'
import { relativeSize } from '../rent/relative-size.ts'

const parameters = {
  worth: {
    kind: 'duration',
    describe: 'A miss costs as much as holding an app of average memory for so long.',
    default: 10 * MINUTE,
    min: 0,
  },
  form: {
    kind: 'choice',
    describe:
      'The time to live is miss cost over rent (deterministic), a random part of it (randomised), or what would have cost least on the idle times so far, with one of those two until there are any (learning, learningRandomised).',
    default: 'learning',
    options: ['deterministic', 'randomised', 'learning', 'learningRandomised'],
  },
  missCost: {
    kind: 'choice',
    describe: 'A miss costs the same for all apps (equal), or in proportion to their loading time (loading).',
    default: 'equal',
    options: ['equal', 'loading'],
  },
  binWidth: { kind: 'duration', describe: 'Idle times are remembered to this width.', default: MINUTE, min: 1 },
  longest: { kind: 'duration', describe: 'Longer idle times are learnt as so long.', default: 24 * HOUR, min: 1 },
} as const

type Params = ParameterValues<typeof parameters>

class ElasticTtl implements Policy {
  private readonly params: Params
  /** Miss cost over rent of each app, in ms. */
  private readonly breakEvenMs: Float64Array
  private readonly learns: boolean
  private readonly part: RandomPart | null
  private readonly gaps: (GapCounts | undefined)[]

  constructor(params: Params, context: PolicyContext) {
    const { form, missCost, worth } = params
    this.params = params
    this.learns = form === 'learning' || form === 'learningRandomised'
    this.part = form === 'randomised' || form === 'learningRandomised' ? new RandomPart(context) : null
    this.gaps = Array.from({ length: context.apps })
    const miss = missCost === 'loading' ? relativeSize(context.coldStartMs) : new Float64Array(context.apps).fill(1)
    this.breakEvenMs = relativeSize(context.memoryMb).map((size, app) => (worth * miss[app]!) / size)
  }

  arrived(app: number, _now: number, idleMs: number): void {
    if (!this.learns || idleMs < 0) return
    const { binWidth, longest } = this.params
    const gaps = (this.gaps[app] ??= new GapCounts())
    // One that is longer than the longest is never worth holding to its end: it counts as one bin longer.
    gaps.learn(Math.ceil(Math.min(idleMs, longest + binWidth) / binWidth))
  }

  decide(app: number, now: number, out: Windows): void {
    const { binWidth } = this.params
    const breakEvenMs = this.breakEvenMs[app]!
    const gaps = this.gaps[app]
    out.prewarmMs = 0
    if (gaps !== undefined) out.keepAliveMs = gaps.cheapest(breakEvenMs / binWidth) * binWidth
    else out.keepAliveMs = this.part === null ? breakEvenMs : this.part.at(app, now) * breakEvenMs
  }

  save(app: number): unknown {
    return this.gaps[app]?.save()
  }

  load(app: number, state: unknown): void {
    this.gaps[app] = new GapCounts()
    this.gaps[app].load(state as ReturnType<GapCounts['save']>)
  }
}

/** A time to live that balances what a miss costs against what holding costs, by size. */
export const elasticTtl = definePolicy({
  id: 'elastic-ttl',
  summary:
    'Keeps an app for its miss cost over its rent by size, or for what would have cost least on its idle times so far.',
  paper: 'Elastic TTL (Google), CIDR 2025',
  departures: [
    'It learns per app, in bins, and not by classes of size and miss cost.',
    'The density of the randomised form is that of ski rental.',
  ],
  parameters,
  scope: 'app',
  needs: [],
  draws: ({ form }) => form === 'randomised' || form === 'learningRandomised',
  contradiction: (params) => longerThan(params, 'binWidth', 'longest'),
  create: (params, context) => new ElasticTtl(params, context),
})

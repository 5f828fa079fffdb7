import { MINUTE } from '../../core/units.ts'
import type { ParameterValues } from '../parameters.ts'
import { definePolicy, type Policy, type PolicyContext, type Windows } from '../policy.ts'
import { RandomPart } from '../rent/random-part.ts'

const parameters = {
  worth: {
    kind: 'duration',
    describe: 'A cold start costs as much as keeping the app idle for so long: the price of the skis over the rent.',
    default: 10 * MINUTE,
    min: 0,
  },
  form: {
    kind: 'choice',
    describe:
      'Keep for exactly that time, which never costs more than 2 times the best in hindsight (deterministic), or for a random part of it, 1.58 times in expectation (randomised).',
    default: 'deterministic',
    options: ['deterministic', 'randomised'],
  },
} as const

class SkiRental implements Policy {
  private readonly worthMs: number
  private readonly part: RandomPart | null

  constructor({ worth, form }: ParameterValues<typeof parameters>, context: PolicyContext) {
    this.worthMs = worth
    this.part = form === 'randomised' ? new RandomPart(context) : null
  }

  arrived(): void {}

  decide(app: number, now: number, out: Windows): void {
    out.prewarmMs = 0
    out.keepAliveMs = this.part === null ? this.worthMs : this.worthMs * this.part.at(app, now)
  }
}

/** Each idle time is a ski rental: rent idle memory, or buy with a cold start what would have been rented for ever. */
export const skiRental = definePolicy({
  id: 'ski-rental',
  summary:
    'Keeps an app until its idle time has cost as much as a cold start; it learns nothing and never pays twice the best.',
  paper:
    'Karlin et al., "Competitive snoopy caching", Algorithmica 1988; the randomised form: Karlin et al., "Competitive randomized algorithms for nonuniform problems", Algorithmica 1994',
  parameters,
  scope: 'app',
  needs: [],
  draws: ({ form }) => form === 'randomised',
  create: (params, context) => new SkiRental(params, context),
})

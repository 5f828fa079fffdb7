import { keyOf, RandomStream } from '../../core/random.ts'
import type { PolicyContext } from '../policy.ts'

/**
 * Draws for how much of the break-even time to rent before buying: density e^x / (e - 1) on [0, 1], which makes renting
 * 1.58-competitive in expectation (Karlin et al., "Competitive randomized algorithms for nonuniform problems", Algorithmica
 * 1994). A draw belongs to its app and time, so neither the order of apps nor the number of workers changes it.
 */
export class RandomPart {
  private readonly stream = new RandomStream()
  private readonly seed: number
  private readonly names: PolicyContext['appNames']

  constructor({ seed, appNames }: Pick<PolicyContext, 'seed' | 'appNames'>) {
    this.seed = seed
    this.names = appNames
  }

  /** The part for an app that went idle at `now`. F(x) = (e^x - 1) / (e - 1), turned round. */
  at(app: number, now: number): number {
    const [high, low] = keyOf(this.names?.at(app) ?? String(app))
    this.stream.begin(high, low, this.seed, Math.floor(now))
    return Math.log1p(this.stream.uniform() * (Math.E - 1))
  }
}

import { MINUTE } from '../../core/units.ts'
import type { ParameterValues } from '../parameters.ts'
import { definePolicy, type Policy, type PolicyContext, type Windows } from '../policy.ts'
import { relativeSize } from '../rent/relative-size.ts'

const parameters = {
  worth: {
    kind: 'duration',
    describe: 'A miss costs as much as holding an app of average memory for so long.',
    default: 10 * MINUTE,
    min: 1,
  },
  branching: {
    kind: 'number',
    describe: 'Further arrivals that one brings about on average: alpha / beta.',
    default: 0.5,
    min: 0,
    max: 0.99,
  },
  memory: {
    kind: 'duration',
    describe: 'Time within which what an arrival brings about fades by a factor of e: 1 / beta.',
    default: 10 * MINUTE,
    min: 1,
  },
} as const

type Params = ParameterValues<typeof parameters>

class Hawkes implements Policy {
  private readonly params: Params
  private readonly size: Float64Array
  /** Per app: arrivals so far, the first and the latest time, and the excess intensity just after the latest. */
  private readonly arrivals: Float64Array
  private readonly firstAt: Float64Array
  private readonly lastAt: Float64Array
  private readonly excess: Float64Array

  constructor(params: Params, { apps, memoryMb }: PolicyContext) {
    this.params = params
    this.size = relativeSize(memoryMb)
    this.arrivals = new Float64Array(apps)
    this.firstAt = new Float64Array(apps)
    this.lastAt = new Float64Array(apps)
    this.excess = new Float64Array(apps)
  }

  arrived(app: number, now: number): void {
    const { branching, memory } = this.params
    const faded = this.arrivals[app] === 0 ? 0 : this.excess[app]! * Math.exp((this.lastAt[app]! - now) / memory)
    if (this.arrivals[app] === 0) this.firstAt[app] = now
    this.arrivals[app]! += 1
    this.lastAt[app] = now
    this.excess[app] = faded + branching / memory
  }

  decide(app: number, now: number, out: Windows): void {
    const { branching, memory, worth } = this.params
    const threshold = this.size[app]! / worth
    const elapsed = now - this.firstAt[app]!
    // The stationary rate is mu / (1 - branching). Before a second arrival there is no rate, and a ski rental is due.
    out.prewarmMs = 0
    if (this.arrivals[app]! < 2 || elapsed === 0) {
      out.keepAliveMs = 1 / threshold
      return
    }
    const base = ((this.arrivals[app]! - 1) / elapsed) * (1 - branching)
    const excess = this.excess[app]! * Math.exp((this.lastAt[app]! - now) / memory)
    if (base + excess <= threshold) out.keepAliveMs = 0
    else if (base >= threshold) out.keepAliveMs = Number.POSITIVE_INFINITY
    else out.keepAliveMs = Math.log(excess / (threshold - base)) * memory
  }

  save(app: number): unknown {
    if (this.arrivals[app] === 0) return undefined
    return {
      arrivals: this.arrivals[app],
      firstAt: this.firstAt[app],
      lastAt: this.lastAt[app],
      excess: this.excess[app],
    }
  }

  load(app: number, state: unknown): void {
    const saved = state as { arrivals: number; firstAt: number; lastAt: number; excess: number }
    this.arrivals[app] = saved.arrivals
    this.firstAt[app] = saved.firstAt
    this.lastAt[app] = saved.lastAt
    this.excess[app] = saved.excess
  }
}

/** The closed form of the optimal time to live where arrivals excite further ones, whose effect fades exponentially. */
export const hawkes = definePolicy({
  id: 'hawkes',
  summary:
    'Keeps an app until the intensity of a self-exciting process, which its arrivals raise and time lowers, is below the rent.',
  paper: 'Narayana and Kash, "Keep-alive caching for the Hawkes process", UAI 2023',
  departures: [
    'The base rate is estimated from what was seen so far.',
    'Branching and memory are parameters, and are not fitted per app.',
  ],
  parameters,
  scope: 'app',
  needs: [],
  create: (params, context) => new Hawkes(params, context),
})

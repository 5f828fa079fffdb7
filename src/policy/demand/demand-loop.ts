import type { FloorAnswer, Policy, PolicyContext, Windows } from '../policy.ts'
import { PeakSeries } from './peak-series.ts'
import { turnAfter } from './turns.ts'

/** How often a loop turns, in ms, and from how many of the latest turns it tells what to hold. */
interface Turns {
  readonly every: number
  readonly window: number
}

/** A loop that holds instances by the most that ran at once in each of its latest turns, and rests while there were none. */
export abstract class DemandLoop implements Policy {
  private readonly turns: Turns
  private readonly askAgain: PolicyContext['askAgain']
  private readonly demand: (PeakSeries | undefined)[]

  constructor(turns: Turns, { apps, askAgain }: PolicyContext) {
    this.turns = turns
    this.askAgain = askAgain
    this.demand = Array.from({ length: apps })
  }

  /** Instances to hold until the next turn; the peaks are as {@link PeakSeries.upTo} gives them, not all 0. */
  protected abstract instancesFor(app: number, peaks: Float64Array): number

  private of(app: number): PeakSeries {
    return (this.demand[app] ??= new PeakSeries(this.turns.window, this.turns.every))
  }

  arrived(app: number, now: number): void {
    this.of(app).began(now)
    this.askAgain?.(app, turnAfter(now, this.turns.every))
  }

  finished(app: number, now: number): void {
    this.of(app).ended(now)
  }

  floor(app: number, now: number, out: FloorAnswer): void {
    const peaks = this.demand[app]?.upTo(now)
    const hasDemand = peaks?.some((peak) => peak > 0) ?? false
    out.instances = hasDemand ? this.instancesFor(app, peaks!) : 0
    const isAsked = hasDemand || this.askAgain === undefined
    out.untilMs = isAsked ? turnAfter(now, this.turns.every) : Number.POSITIVE_INFINITY
  }

  /** What came unforeseen stays until the next turn. */
  decide(_app: number, now: number, out: Windows): void {
    out.prewarmMs = 0
    out.keepAliveMs = turnAfter(now, this.turns.every) - now
  }

  save(app: number): unknown {
    return this.demand[app]?.save()
  }

  load(app: number, state: unknown): void {
    this.of(app).load(state as ReturnType<PeakSeries['save']>)
  }
}

import { MINUTE } from '../../core/units.ts'

/** What floors tell apart: five minutes. */
export const PART_MS = 5 * MINUTE

/**
 * What one app asked for in each part of a trace, as a policy hears it: the most instances that executed at once, and
 * how many the policy itself kept warm. Parts in which nothing was executed nor kept are not held.
 */
export class WarmDemand {
  readonly busy = new PartLevels()
  readonly kept = new PartLevels()
  private outstanding = 0
  private served = 0
  private servedMs = 0
  private changedAt = 0
  /** Where the present level of execution was last written. */
  private reached = 0
  /** The windows that the policy answered and that no arrival has ended. */
  private keptFrom = Number.POSITIVE_INFINITY
  private keptTo = 0
  private keptLevel = 0
  private readonly concurrency: number

  constructor(concurrency: number) {
    this.concurrency = concurrency
  }

  get peak(): number {
    return this.busy.peak
  }

  /** An invocation begins; `wasIdle`: nothing of the app was executed nor waiting before (drops are not heard of). */
  begins(now: number, wasIdle: boolean): void {
    if (wasIdle) this.outstanding = 0
    this.endKept(now)
    this.goOn(now)
    this.served += 1
    this.outstanding += 1
    this.busy.raise(partOf(now), this.instances())
  }

  ends(now: number): void {
    this.goOn(now)
    if (this.outstanding > 0) this.outstanding -= 1
  }

  /** The app went idle, and the policy keeps it loaded between these times, unless an arrival comes before. */
  keeps(from: number, to: number, now: number): void {
    this.endKept(now)
    this.keptFrom = from
    this.keptTo = to
    this.keptLevel = from > now ? 1 : Math.max(1, this.busy.at(partOf(now)))
  }

  /** Nothing more is heard. */
  close(horizonMs: number): void {
    this.goOn(horizonMs)
    this.endKept(horizonMs)
  }

  /** How long something was asked for or executed, on average for one invocation, in ms. */
  get meanMs(): number {
    return this.served === 0 ? 0 : this.servedMs / this.served
  }

  private instances(): number {
    return Math.ceil(this.outstanding / this.concurrency) || (this.outstanding > 0 ? 1 : 0)
  }

  private goOn(now: number): void {
    this.servedMs += this.outstanding * (now - this.changedAt)
    this.changedAt = now
    const part = partOf(now)
    const level = this.instances()
    if (level > 0) for (let each = this.reached + 1; each <= part; each += 1) this.busy.raise(each, level)
    this.reached = part
  }

  private endKept(now: number): void {
    const to = Math.min(this.keptTo, now)
    if (this.keptFrom < to) {
      const last = partOf(to - 1)
      for (let part = partOf(this.keptFrom); part <= last; part += 1) this.kept.raise(part, this.keptLevel)
    }
    this.keptFrom = Number.POSITIVE_INFINITY
  }
}

/** A level a part, filled in the order of time; parts at level 0 take no room. */
export class PartLevels {
  readonly parts: number[] = []
  readonly levels: number[] = []
  peak = 0

  /** Sees that the part, none before the latest, is at least at a level. */
  raise(part: number, level: number): void {
    if (level > this.peak) this.peak = level
    const last = this.parts.length - 1
    if (last >= 0 && this.parts[last]! >= part) {
      if (this.parts[last] === part && level > this.levels[last]!) this.levels[last] = level
    } else {
      this.parts.push(part)
      this.levels.push(level)
    }
  }

  /** The level of the latest part that was raised, if it is this one; else 0. */
  at(part: number): number {
    return this.parts.at(-1) === part ? this.levels.at(-1)! : 0
  }
}

function partOf(now: number): number {
  return Math.floor(now / PART_MS)
}

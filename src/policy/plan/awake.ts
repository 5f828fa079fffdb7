import type { PolicyContext } from '../policy.ts'

/** Tells which apps calls keep awake: from an arrival until some time has passed after the last execution. */
export class Awake {
  private readonly executing: Uint32Array
  private readonly endedAt: Float64Array
  private readonly staysMs: (app: number) => number
  private readonly askAgain: PolicyContext['askAgain']

  constructor(staysMs: (app: number) => number, { apps, askAgain }: Pick<PolicyContext, 'apps' | 'askAgain'>) {
    this.executing = new Uint32Array(apps)
    this.endedAt = new Float64Array(apps).fill(Number.NEGATIVE_INFINITY)
    this.staysMs = staysMs
    this.askAgain = askAgain
  }

  /** Of what was dropped no end is heard: where nothing was executing before an arrival, nothing is now but that one. */
  arrived(app: number, now: number, idleMs: number): void {
    const slept = this.untilMs(app, now) <= now
    this.executing[app] = idleMs >= 0 ? 1 : this.executing[app]! + 1
    // What is held rises now, and not when the answer of the time asleep has run out.
    if (slept) this.askAgain?.(app, now)
  }

  finished(app: number, now: number): void {
    this.executing[app] = Math.max(0, this.executing[app]! - 1)
    this.endedAt[app] = now
  }

  /** Up to when an app is awake as far as is known now; not later than now where it is not. */
  untilMs(app: number, now: number): number {
    const since = this.executing[app]! > 0 ? now : this.endedAt[app]!
    return since + this.staysMs(app)
  }
}

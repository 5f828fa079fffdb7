import { answerFloor } from '../policy/plan/floor-clock.ts'
import { type Floor, NO_FLOOR } from '../policy/plan/floor.ts'
import type { Plan } from '../policy/plan/plan.ts'
import type { Policy, PolicyDefinition } from '../policy/policy.ts'
import { wrapPolicy } from '../policy/wrap-policy.ts'

/** How long instances that a floor holds were there, and how long they were in use, per app in ms of instances. */
export interface HeldTime {
  readonly heldMs: Float64Array
  readonly usedMs: Float64Array
}

/** A floor's level over the time of a trace. */
class Level {
  private readonly answer = { instances: 0, untilMs: 0 }
  private askedAt = 0
  private readonly floor: Floor
  private readonly startMinute: number

  constructor(floor: Floor, startMinute: number) {
    this.floor = floor
    this.startMinute = startMinute
  }

  /** The sum over the time between two moments of what `of` makes of the level, times ms. */
  over(from: number, to: number, of: (level: number) => number): number {
    let sum = 0
    for (let now = from; now < to; ) {
      if (now >= this.answer.untilMs || now < this.askedAt) {
        answerFloor(this.floor, this.startMinute, now, this.answer)
        this.askedAt = now
      }
      const end = Math.min(to, this.answer.untilMs)
      sum += of(this.answer.instances) * (end - now)
      now = end
    }
    return sum
  }
}

/**
 * The policy of a plan, and what becomes of the instances that its floors hold from `fromMs` on: those in use are taken
 * to be held ones first, as requests go to provisioned instances where there are any.
 */
export function withHeldTime(
  definition: PolicyDefinition,
  { apps, startMinute }: Plan,
  fromMs: number,
): { definition: PolicyDefinition; heldTime(horizonMs: number): HeldTime } {
  const planned = new Map(apps.map((app) => [app.app, app]))
  let states: readonly AppState[] = []
  const create: PolicyDefinition['create'] = (params, context) => {
    states = Array.from({ length: context.apps }, (_, app) => {
      const { floor = NO_FLOOR, concurrency = 1 } = planned.get(context.appNames!.at(app)) ?? {}
      const level = floor.steps.length === 0 ? undefined : new Level(floor, startMinute)
      return new AppState(level, concurrency, fromMs)
    })
    const policy = definition.create(params, context)
    const same = wrapPolicy(policy, (_method, call) => call)
    const heard: Policy = {
      ...same,
      arrived(app, now, idleMs, fn) {
        states[app]!.begins(now, idleMs >= 0)
        policy.arrived(app, now, idleMs, fn)
      },
      finished(app, now, fn) {
        states[app]!.ends(now)
        policy.finished?.(app, now, fn)
      },
    }
    return heard
  }
  const heldTime = (horizonMs: number): HeldTime => {
    for (const state of states) state.goOn(horizonMs)
    return {
      heldMs: Float64Array.from(states, ({ level }) => level?.over(fromMs, horizonMs, (each) => each) ?? 0),
      usedMs: Float64Array.from(states, ({ usedMs }) => usedMs),
    }
  }
  return { definition: { ...definition, create }, heldTime }
}

class AppState {
  usedMs = 0
  readonly level: Level | undefined
  private readonly concurrency: number
  private outstanding = 0
  private reached: number

  constructor(level: Level | undefined, concurrency: number, fromMs: number) {
    this.level = level
    this.concurrency = concurrency
    this.reached = fromMs
  }

  /** Of what was dropped no end is heard: where nothing was in use before an arrival, nothing is outstanding. */
  begins(now: number, wasIdle: boolean): void {
    this.goOn(now)
    this.outstanding = wasIdle ? 1 : this.outstanding + 1
  }

  ends(now: number): void {
    this.goOn(now)
    this.outstanding = Math.max(0, this.outstanding - 1)
  }

  goOn(now: number): void {
    if (now <= this.reached) return
    if (this.level !== undefined && this.outstanding > 0) {
      const inUse = Math.max(1, Math.ceil(this.outstanding / this.concurrency))
      this.usedMs += this.level.over(this.reached, now, (level) => Math.min(level, inUse))
    }
    this.reached = now
  }
}

import { counted } from '../../core/counted.ts'
import { UserError } from '../../core/user-error.ts'
import { defaultsOf } from '../parameters.ts'
import { POD_AUTOSCALER, PodAutoscaler, type PodAutoscalerParams } from '../demand/pod-autoscaler.ts'
import { Awake } from './awake.ts'
import { answerFloor, answerFloorBy } from './floor-clock.ts'
import { type AppPlan, type AppRules, NO_RULES, type Plan } from './plan.ts'
import type { Floor } from './floor.ts'
import type { FloorAnswer, Policy, PolicyContext, PolicyDefinition, Windows } from '../policy.ts'

/** What is kept of an app that a plan does not have. */
const NOTHING: AppRules & Pick<AppPlan, 'concurrency'> = { ...NO_RULES, concurrency: 1 }

/** Replays a plan: an app's windows and floor never change. Apps that the plan does not have are dropped once idle. */
export function planPolicy(plan: Plan): PolicyDefinition {
  return {
    id: 'plan',
    summary: 'Replays a plan: the windows and floors that another policy settled on, or that a platform makes of them.',
    parameters: {},
    scope: 'app',
    needs: [],
    create: (_params, context) => new PlanPolicy(plan, context),
  }
}

class PlanPolicy implements Policy {
  readonly neverLearns?: true
  readonly floor?: (app: number, now: number, out: FloorAnswer) => void
  readonly lastKeepAliveMs?: (app: number) => number
  readonly rose?: (app: number, now: number, inUse: number) => void
  readonly finished?: (app: number, now: number) => void
  private readonly awake?: Awake
  private readonly scaler?: PodAutoscaler
  private readonly rules: readonly (AppPlan | typeof NOTHING)[]

  constructor({ apps, startMinute, timeZone }: Plan, context: PolicyContext) {
    const { apps: count, appNames, clock } = context
    if (appNames === undefined) throw new Error('the policy plan needs the names of the apps')
    const byName = new Map(apps.map((app) => [app.app, app]))
    const rules = Array.from({ length: count }, (_, app) => byName.get(appNames.at(app)) ?? NOTHING)
    if (count > 0 && rules.every((each) => each === NOTHING)) {
      const problem = `the plan has ${counted(apps.length, 'app')}, and none is in the trace`
      throw new UserError({ where: 'policy plan', problem, hint: 'Plans know apps by their names in the trace.' })
    }
    this.rules = rules
    const awakes = rules.some(({ awakeFloor }) => awakeFloor !== undefined)
    const scales = rules.some(({ autoscaler }) => autoscaler !== undefined)
    if (!awakes && !scales) this.neverLearns = true
    const answer = (floor: Floor, now: number, out: FloorAnswer): void => {
      if (clock === undefined) answerFloor(floor, startMinute, now, out)
      else answerFloorBy(clock, floor, timeZone, now, out)
    }
    const awake = awakes ? new Awake((app) => staysMs(rules[app]!), context) : undefined
    if (awake !== undefined) this.awake = awake
    const scheduled = (app: number, now: number, out: FloorAnswer): void => {
      const { floor, awakeFloor } = rules[app]!
      const untilMs = awakeFloor === undefined ? now : awake!.untilMs(app, now)
      answer(untilMs > now ? awakeFloor! : floor, now, out)
      if (untilMs > now) out.untilMs = Math.min(out.untilMs, untilMs)
    }
    // Only plans that have floors, an autoscaler or spare the last instance make the engine ask for them.
    if (scales) {
      const scaler = new PodAutoscaler((app) => autoscalerOf(rules[app]!), context)
      this.scaler = scaler
      const wanted: FloorAnswer = { instances: 0, untilMs: 0 }
      this.floor = (app, now, out) => {
        scheduled(app, now, out)
        if (rules[app]!.autoscaler === undefined) return
        scaler.floor(app, now, wanted)
        out.instances = Math.max(out.instances, wanted.instances)
        out.untilMs = Math.min(out.untilMs, wanted.untilMs)
      }
      this.rose = (app, now, inUse) => {
        if (rules[app]!.autoscaler !== undefined) scaler.rose(app, now, inUse)
      }
      this.finished = (app, now) => {
        if (rules[app]!.autoscaler !== undefined) scaler.finished(app, now)
        else awake?.finished(app, now)
      }
    } else {
      if (awakes || rules.some(({ floor }) => floor.steps.length > 0)) this.floor = scheduled
      if (awake !== undefined) this.finished = (app, now) => awake.finished(app, now)
    }
    if (rules.some(({ lastKeepAliveMs, autoscaler }) => lastKeepAliveMs !== undefined && autoscaler === undefined)) {
      // A loop holds the last instance by itself.
      this.lastKeepAliveMs = (app) => {
        const { lastKeepAliveMs, keepAliveMs, autoscaler } = rules[app]!
        return autoscaler === undefined ? (lastKeepAliveMs ?? keepAliveMs) : POD_AUTOSCALER.every.default
      }
    }
  }

  arrived(app: number, now: number, idleMs: number): void {
    const { autoscaler, awakeFloor } = this.rules[app]!
    if (autoscaler !== undefined) this.scaler?.arrived(app, now)
    else if (awakeFloor !== undefined) this.awake!.arrived(app, now, idleMs)
  }

  decide(app: number, now: number, out: Windows): void {
    const { prewarmMs, keepAliveMs, autoscaler } = this.rules[app]!
    if (autoscaler !== undefined && this.scaler !== undefined) {
      this.scaler.decide(app, now, out)
      return
    }
    out.prewarmMs = prewarmMs
    out.keepAliveMs = keepAliveMs
  }
}

/** How long an app stays awake after its last execution. */
function staysMs({ keepAliveMs, lastKeepAliveMs = keepAliveMs }: AppRules): number {
  return lastKeepAliveMs
}

/** Knative's own parameters but for those that a plan states; where it states no target, instances are to be full. */
function autoscalerOf({ autoscaler, concurrency }: Pick<AppPlan, 'autoscaler' | 'concurrency'>): PodAutoscalerParams {
  if (autoscaler === undefined) throw new Error('an app without an autoscaler was asked for its loop')
  const { stableMs: stable, downDelayMs: downDelay, graceMs: grace, target = concurrency } = autoscaler
  const knative = { ...defaultsOf(POD_AUTOSCALER), stable, downDelay, grace }
  return Number.isFinite(target) ? { ...knative, target, utilisation: 100 } : knative
}

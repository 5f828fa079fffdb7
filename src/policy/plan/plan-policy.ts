import { UserError } from '../../core/user-error.ts'
import { answerFloor, answerFloorBy } from './floor-clock.ts'
import { type AppPlan, NO_RULES, type Plan } from './plan.ts'
import type { FloorAnswer, Policy, PolicyContext, PolicyDefinition, Windows } from '../policy.ts'

/** Replays a plan: an app's windows and floor never change. Apps that the plan does not have are dropped once idle. */
export function planPolicy(plan: Plan): PolicyDefinition {
  return {
    id: 'plan',
    summary: 'Replays a plan: the windows and floors that another policy settled on, or that a platform makes of them.',
    parameters: {},
    scope: 'app',
    needs: [],
    create: (_params, context) => new Replay(plan, context),
  }
}

class Replay implements Policy {
  readonly neverLearns = true
  readonly floor?: (app: number, now: number, out: FloorAnswer) => void
  readonly lastKeepAliveMs?: (app: number) => number
  private readonly rules: readonly (AppPlan | typeof NO_RULES)[]

  constructor({ apps, startMinute, timeZone }: Plan, { apps: count, appNames, clock }: PolicyContext) {
    if (appNames === undefined) throw new Error('the policy plan needs the names of the apps')
    const byName = new Map(apps.map((app) => [app.app, app]))
    const rules = Array.from({ length: count }, (_, app) => byName.get(appNames.at(app)) ?? NO_RULES)
    if (count > 0 && rules.every((each) => each === NO_RULES)) {
      const problem = `none of the ${apps.length} apps of the plan is in the trace`
      throw new UserError({ where: 'policy plan', problem, hint: 'Plans know apps by their names in the trace.' })
    }
    this.rules = rules
    // Only plans that have floors or spare the last instance make the engine ask for them.
    if (rules.some(({ floor }) => floor.steps.length > 0)) {
      this.floor = (app, now, out) => {
        if (clock === undefined) answerFloor(rules[app]!.floor, startMinute, now, out)
        else answerFloorBy(clock, rules[app]!.floor, timeZone, now, out)
      }
    }
    if (rules.some(({ lastKeepAliveMs }) => lastKeepAliveMs !== undefined)) {
      this.lastKeepAliveMs = (app) => rules[app]!.lastKeepAliveMs ?? rules[app]!.keepAliveMs
    }
  }

  arrived(): void {}

  decide(app: number, _now: number, out: Windows): void {
    const { prewarmMs, keepAliveMs } = this.rules[app]!
    out.prewarmMs = prewarmMs
    out.keepAliveMs = keepAliveMs
  }
}

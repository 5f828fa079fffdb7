import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE } from '../../../src/core/units.ts'
import { constantFloor } from '../../../src/policy/plan/floor.ts'
import { kpa } from '../../../src/policy/policies/kpa.ts'
import { fixed } from '../../../src/policy/policies/fixed.ts'
import { provisioned } from '../../../src/policy/policies/provisioned.ts'
import { defaultsOf } from '../../../src/policy/parameters.ts'
import { planPolicy } from '../../../src/policy/plan/plan-policy.ts'
import { derivePlan } from '../../../src/sim/plan/derive-plan.ts'
import { INSTANCES_MODEL } from '../../../src/sim/model.ts'
import { runSimulation } from '../../../src/sim/simulation.ts'
import { appPlan, DAILY, planOf } from '../../export/exported.ts'
import { expectEqual, type Execution, replay, rowOf, traceOf } from '../../sim/scenario.ts'

const DAY = 24 * HOUR
const ROWS: readonly Execution[] = Array.from({ length: 60 }, (_, each): Execution => {
  return [each * 37 * MINUTE + (each % 7) * 1000, 30_000 * (1 + (each % 3)), each % 4 === 0 ? 'mailer' : 'shop']
})
const TRACE = traceOf(ROWS, 2 * DAY, 500)

describe('the policy plan', () => {
  it('gives the accounts of a fixed window whose plan it replays', () => {
    const run = { trace: TRACE, model: INSTANCES_MODEL, seed: 1 }
    const params = { keepAlive: 20 * MINUTE }
    const plan = derivePlan({ ...run, policy: fixed, params }, { timeZone: 'UTC', startMinute: 0 })
    expectEqual(replay(TRACE, planPolicy(plan)), runSimulation({ ...run, policy: fixed, params }))
  })

  it('gives the accounts of a provisioned floor whose plan it replays, wherever in the week the trace begins', () => {
    const run = { trace: TRACE, model: INSTANCES_MODEL, seed: 1 }
    const params = {
      ...defaultsOf(provisioned.parameters),
      instances: 2,
      from: 8 * HOUR,
      until: 18 * HOUR,
      starts: 5 * HOUR,
    }
    const given = runSimulation({ ...run, policy: provisioned, params })
    const plan = derivePlan({ ...run, policy: provisioned, params }, { timeZone: 'UTC', startMinute: 3 * 1440 + 90 })
    expect(plan.apps[0]!.floor).toEqual({
      cycle: 'day',
      steps: [
        { minute: 4.5 * 60, instances: 2 },
        { minute: 14.5 * 60, instances: 0 },
      ],
    })
    expectEqual(replay(TRACE, planPolicy(plan)), given)
  })

  it('holds floors by the clocks of the plan, and drops apps that it does not have', () => {
    const plan = { ...planOf([appPlan({ keepAliveMs: 0, floor: DAILY })]), startMinute: 7 * 60 }
    const ledger = replay(TRACE, planPolicy(plan))
    const [mailer, shop] = [rowOf(ledger, 0), rowOf(ledger, 1)]
    expect(mailer).toMatchObject({ coldStarts: mailer.invocations })
    expect(mailer.prewarms ?? 0).toBe(0)
    expect(shop.prewarms).toBeGreaterThan(0)
  })

  it('runs the loop of an autoscaler as the policy kpa does, and leaves other apps to their windows', () => {
    const autoscaler = { stableMs: MINUTE, downDelayMs: 10 * MINUTE, graceMs: 3 * MINUTE, target: 2 }
    const plan = planOf([appPlan({ autoscaler }), appPlan({ app: 'mailer' })])
    const ledger = replay(TRACE, planPolicy(plan))
    const params = {
      ...defaultsOf(kpa.parameters),
      target: 2,
      utilisation: 100,
      downDelay: 10 * MINUTE,
      grace: 3 * MINUTE,
    }
    const run = { trace: TRACE, model: INSTANCES_MODEL, seed: 1 }
    expect(rowOf(ledger, 1)).toEqual(rowOf(runSimulation({ ...run, policy: kpa, params }), 1))
    expect(rowOf(ledger, 0)).toEqual(
      rowOf(runSimulation({ ...run, policy: fixed, params: { keepAlive: 10 * MINUTE } }), 0),
    )
  })

  it('holds the floor where the autoscaler wants less', () => {
    const autoscaler = { stableMs: MINUTE, downDelayMs: 0, graceMs: 0 }
    const one = traceOf([[HOUR, 1000]], 2 * HOUR, 0)
    const plan = planOf([appPlan({ app: one.apps.name.at(0), autoscaler, floor: constantFloor(1) })])
    expect(rowOf(replay(one, planPolicy(plan)))).toMatchObject({ loads: 1, prewarms: 1, idleMs: 2 * HOUR - 1000 })
  })

  it('is refused where no app of it is in the trace', () => {
    const complaint = { where: 'policy plan', problem: 'the plan has 1 app, and none is in the trace' }
    expect(() => replay(TRACE, planPolicy(planOf([appPlan({ app: 'other' })])))).toThrow(
      expect.objectContaining({ name: 'UserError', complaint: expect.objectContaining(complaint) }),
    )
  })
})

describe('the policy provisioned', () => {
  it('holds its instances all day by default', () => {
    const ledger = replay(traceOf([[MINUTE, 1000]], HOUR, 0), {
      ...provisioned,
      create: (_params, context) => provisioned.create(defaultsOf(provisioned.parameters), context),
    })
    expect(rowOf(ledger)).toEqual({ invocations: 1, loads: 1, prewarms: 1, idleMs: HOUR - 1000, busyMs: 1000 })
  })

  it('may hold them over midnight', () => {
    const params = {
      ...defaultsOf(provisioned.parameters),
      from: 22 * HOUR,
      until: 6 * HOUR,
      otherwise: 3,
      keepAlive: 0,
    }
    const policy = provisioned.create(params, { apps: 1 } as never)
    const at = (ms: number): number => {
      const out = { instances: -1, untilMs: 0 }
      policy.floor!(0, ms, out)
      return out.instances
    }
    expect([0, 6 * HOUR - 1, 6 * HOUR, 22 * HOUR - 1, 22 * HOUR].map(at)).toEqual([1, 1, 3, 3, 1])
    expect(constantFloor(0).steps).toEqual([])
  })
})

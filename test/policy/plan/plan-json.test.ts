import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planOfJson, planToJson } from '../../../src/policy/plan/plan-json.ts'
import { scaledPlans } from './arbitrary-plan.ts'

const APP = {
  app: 'shop',
  memoryMb: 128,
  prewarmMs: 0,
  keepAliveMs: 'Infinity',
  floor: { cycle: 'day', steps: [] },
  schedule: { cycle: 'week', steps: [{ minute: 10_079, instances: 2 }] },
  evidence: { idleTimes: 3, days: 1, shortestMs: 0, longestMs: 'Infinity', peakInstances: 2 },
}
const PLAN = { schema: 1, policy: { id: 'fixed', params: {} }, timeZone: 'UTC', startMinute: 0, apps: [APP] }

function refusal(change: (plan: typeof PLAN) => void): string {
  const plan = structuredClone(PLAN)
  try {
    change(plan)
    planOfJson(JSON.stringify(plan), 'plan.json')
  } catch (error) {
    return (error as Error).message
  }
  return 'nothing was refused'
}

describe('a plan as JSON', () => {
  it('is read as it was written, whatever is in it', () => {
    fc.assert(
      fc.property(scaledPlans, (plan) => {
        expect(planOfJson(planToJson(plan), 'plan.json')).toEqual(plan)
      }),
      { numRuns: 200 },
    )
  })

  it('is refused where it is none', () => {
    expect(() => planOfJson('{', 'plan.json')).toThrow(/^plan\.json: expected a plan as JSON: .* pilotlight export/)
  })

  it('of an earlier version calls the schedule standIn', () => {
    const { schedule, ...rest } = APP
    const former = JSON.stringify({ ...PLAN, apps: [{ ...rest, standIn: schedule }] })
    expect(planOfJson(former, 'plan.json')).toEqual(planOfJson(JSON.stringify(PLAN), 'plan.json'))
  })

  it('may have times that never end', () => {
    expect(planOfJson(JSON.stringify(PLAN), 'plan.json').apps[0]!.keepAliveMs).toBe(Number.POSITIVE_INFINITY)
  })

  it.each([
    ['another version', (plan) => void (plan.schema = 2), /^plan\.json: schema: expected 1, .*, found 2\./],
    [
      'a misspelt key that may be left out',
      (plan) => void Object.assign(plan.apps[0]!, { lastKeepAliveMS: 5 }),
      /apps\[0\]: there is no key "lastKeepAliveMS"\. Did you mean "lastKeepAliveMs"\?/,
    ],
    [
      'instances that serve nothing, which a loop would divide by',
      (plan) => void Object.assign(plan.apps[0]!, { concurrency: 0 }),
      /apps\[0\]: concurrency: expected a number of at least 1, or Infinity, found 0/,
    ],
    [
      'a key of its own in its evidence',
      (plan) => void Object.assign(plan.apps[0]!.evidence, { mean: 5 }),
      /evidence: there is no key "mean"\. Did you mean "meanMs"\?/,
    ],
    [
      'an autoscaler whose window is out of range',
      (plan) => void Object.assign(plan.apps[0]!, { autoscaler: { stableMs: 1, downDelayMs: 0, graceMs: 0 } }),
      /autoscaler: stableMs: expected a number from 6000 to 3600000, found 1/,
    ],
    [
      'a floor with a key that no floor has',
      (plan) => void Object.assign(plan.apps[0]!.floor, { zone: 'UTC' }),
      /floor: there is no key "zone"\. There are: cycle, steps\./,
    ],
    ['a text for a number', (plan) => void (plan.startMinute = '5' as never), /startMinute: expected a whole number/],
    ['a start after the week', (plan) => void (plan.startMinute = 10_080), /startMinute: .* to 10079, found 10080/],
    ['a negative window', (plan) => void (plan.apps[0]!.prewarmMs = -1), /apps\[0\]: prewarmMs: .*found -1/],
    ['no windows', (plan) => void delete (plan.apps[0] as Partial<typeof APP>).prewarmMs, /prewarmMs: .*found nothing/],
    ['an app that is no mapping', (plan) => void (plan.apps[0] = 7 as never), /apps\[0\]: expected a mapping, found 7/],
    ['apps that are no list', (plan) => void (plan.apps = {} as never), /apps: expected a list/],
    [
      'its schedule under the former name as well',
      (plan) => void Object.assign(plan.apps[0]!, { standIn: plan.apps[0]!.schedule }),
      /standIn: expected nothing, since it is the former name of schedule/,
    ],
    [
      'an app twice',
      (plan) => void plan.apps.push(structuredClone(APP)),
      /apps\[1\]: app: the app shop is there twice/,
    ],
    ['a cycle of its own', (plan) => void (plan.apps[0]!.floor.cycle = 'year'), /cycle: expected day or week/],
    [
      'steps out of order',
      (plan) => void plan.apps[0]!.schedule.steps.push({ minute: 5, instances: 1 }),
      /steps\[1\]: minute: expected a later minute than the step before, found 5/,
    ],
    ['half an instance', (plan) => void (plan.apps[0]!.schedule.steps[0]!.instances = 0.5), /instances: .*found 0.5/],
    [
      'a last instance that goes first',
      (plan) => void Object.assign(plan.apps[0]!, { keepAliveMs: 9, lastKeepAliveMs: 8 }),
      /lastKeepAliveMs: expected at least keepAliveMs, 9, found 8/,
    ],
  ] satisfies [string, (plan: typeof PLAN) => void, RegExp][])('is refused where it has %s', (_, change, message) => {
    expect(refusal(change)).toMatch(message)
  })
})

import { expect, it } from 'vitest'
import { type Checked, checkPolicy } from '../../../src/cli/own-policy/policy-checks.ts'
import { policies } from '../../../src/policy/policies/index.ts'
import type { Policy, PolicyDefinition } from '../../../src/policy/policy.ts'

/** A policy that keeps for as long as `keepAliveMs` says, with what else is given. */
function keeping(keepAliveMs: (app: number) => number, more: Partial<Policy> = {}): PolicyDefinition {
  return {
    id: 'of-a-test',
    summary: 'A policy of a test.',
    parameters: {},
    scope: 'app',
    needs: [],
    create: () => ({
      arrived() {},
      decide(app, _now, out) {
        out.prewarmMs = 0
        out.keepAliveMs = keepAliveMs(app)
      },
      ...more,
    }),
  }
}

function failures(definition: PolicyDefinition): Checked[] {
  return checkPolicy(definition).filter(({ passed }) => !passed)
}

let heard = 0
const forgets = (): PolicyDefinition => ({
  ...keeping(() => 0),
  create: () => {
    let asked = 0
    return {
      arrived() {},
      decide(_app, _now, out) {
        asked += 1
        out.prewarmMs = 0
        out.keepAliveMs = asked
      },
      save: () => 0,
      load() {},
    }
  },
})

it.each([
  ['a window below 0', () => keeping(() => -1), 'runs in the models', 'from 0 to Infinity'],
  ['chance', () => keeping(() => Math.random()), 'uses no clock and no chance', 'Math.random()'],
  ['the clock', () => keeping(() => Date.now() % 7), 'uses no clock and no chance', 'Date.now()'],
  ['the clock by a date', () => keeping(() => new Date().getTime() % 7), 'uses no clock and no chance', 'new Date()'],
  ['the time zone', () => keeping(() => new Date(0).getHours()), 'uses no clock and no chance', 'getHours()'],
  ['the time of the process', () => keeping(() => process.hrtime()[1]), 'uses no clock and no chance', 'hrtime()'],
  [
    'what is left of an earlier run',
    () => keeping(() => (heard += 1000)),
    'gives the same result again',
    'when run again',
  ],
  ['save without load', () => keeping(() => 0, { save: () => 1 }), 'goes on from saved state', 'save() and no load()'],
  [
    'state that is no JSON',
    () => keeping(() => 0, { save: () => new Map(), load() {} }),
    'goes on from saved state',
    'not plain JSON',
  ],
  [
    'state of a new app that is no JSON',
    () => keeping(() => 0, { save: () => Number.POSITIVE_INFINITY, load() {} }),
    'goes on from saved state',
    'after 0 arrivals is not plain JSON',
  ],
  ['state that does not survive', forgets, 'goes on from saved state', 'after the restart is 1 ms'],
  ['what was learnt across apps', forgets, 'gives the same result in several parts', 'keep what is learnt per app'],
])('check-policy finds %s', (_name, make, check, found) => {
  const failed = failures(make()).find((each) => each.check.startsWith(check))
  expect(failed?.found).toContain(found)
})

/** Keeps for as long as the latest idle time; hears of several equal ones at once by `heard`. */
function latest(heard: (times: number) => number): PolicyDefinition {
  return {
    ...keeping(() => 0),
    create: (_params, { apps }) => {
      const seen = new Float64Array(apps)
      const learn = (app: number, idleMs: number): void => {
        seen[app] = Math.min(seen[app]! + 1, 5)
        if (idleMs > 600_000) seen[app] = 0
      }
      return {
        arrived: (app, _now, idleMs) => learn(app, idleMs),
        arrivedAlike(app, _now, idleMs, times) {
          const count = heard(times)
          for (let each = 0; each < count; each += 1) learn(app, idleMs)
          return count
        },
        decide(app, _now, out) {
          out.prewarmMs = 0
          out.keepAliveMs = 60_000 * seen[app]!
        },
      }
    },
  }
}

/** What check-policy says of what a policy says of itself. */
function said(definition: PolicyDefinition): Checked {
  return checkPolicy(definition).find(({ check }) => check === 'is what it says of itself')!
}

it('check-policy compares a policy that says it never learns, or hears of equal idle times at once, with itself', () => {
  expect(said(keeping(() => 300_000, { neverLearns: true }))).toMatchObject({
    passed: true,
    found: 'every account is the same without neverLearns',
  })
  const learns = latest(() => 1)
  const claims = {
    ...learns,
    create: (...given: Parameters<typeof learns.create>) => ({
      ...learns.create(...given),
      neverLearns: true as const,
    }),
  }
  expect(said(claims).found).toMatch(/when run with neverLearns, in place of without it$/)
  // One at a time is always right, and all at once is not while each changes the answer.
  expect(said(learns)).toMatchObject({ passed: true, found: 'every account is the same without arrivedAlike' })
  expect(said(latest((times) => times))).toMatchObject({
    passed: false,
    found: expect.stringMatching(/when run with arrivedAlike, in place of without it$/),
  })
  expect(said(keeping(() => 300_000)).found).toContain('it says nothing')
})

it('check-policy leaves the clock and chance as they were', () => {
  const [random, now, date, hours] = [Math.random, Date.now, Date, new Date(0).getHours()]
  checkPolicy(keeping(() => Math.random()))
  expect(new Date(0).getHours()).toBe(hours)
  expect(Math.random).toBe(random)
  expect(Date.now).toBe(now)
  expect(Date).toBe(date)
})

it.each(policies.ids.filter((id) => policies.get(id, 'a test').scope === 'app'))(
  'check-policy passes %s, which comes with the package',
  (id) => {
    expect(failures(policies.get(id, 'a test'))).toEqual([])
  },
)

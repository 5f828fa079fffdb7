import fc from 'fast-check'
import { cycleMinutes, type Floor } from '../../../src/policy/plan/floor.ts'
import { higherFloor, NO_FLOOR } from '../../../src/policy/plan/floor.ts'
import type { AppPlan, Plan } from '../../../src/policy/plan/plan.ts'

/** Few instances mostly, else as many as platforms end at, and more than any has. */
const instances = fc.oneof(
  { weight: 6, arbitrary: fc.nat(12) },
  { weight: 1, arbitrary: fc.constantFrom(20, 21, 100, 101, 1000, 1001, 10_001, 100_000) },
)

/** Floors of few steps, on whole minutes anywhere in a day or week. */
export const floors: fc.Arbitrary<Floor> = fc.constantFrom('day', 'week').chain((cycle) =>
  fc
    .uniqueArray(fc.record({ minute: fc.nat(cycleMinutes({ cycle }) - 1), instances }), {
      maxLength: 8,
      selector: ({ minute }) => minute,
    })
    .map((steps) => ({ cycle, steps: steps.toSorted((a, b) => a.minute - b.minute) })),
)

const second = fc.nat(7200).map((s) => s * 1000)
const time = fc.oneof(
  second,
  fc.nat(10_000_000),
  fc.constantFrom(0, 2.5, 86_400_000, 10 * 365 * 86_400_000, 1e15, Number.POSITIVE_INFINITY),
)

/** Names as traces have them, hashes and worse. */
const names = fc.oneof(
  fc.stringMatching(/^[0-9a-f]{64}$/),
  fc.stringMatching(/^[0-9a-f]{64}\/[0-9a-f]{64}$/),
  fc.string({ minLength: 1, maxLength: 30 }),
  fc.string({ minLength: 1, maxLength: 400, unit: 'grapheme' }),
  fc.constantFrom(
    '../../etc/passwd',
    'CON',
    '9lives',
    '-',
    '__proto__',
    'constructor',
    '*',
    '$(reboot)',
    '"; x',
    'ſhop',
  ),
)

const functions = fc.array(
  fc.record({
    name: fc.constantFrom('checkout', 'search', 'mail digest'),
    trigger: fc.constantFrom('http', 'queue', 'timer', 'orchestration', 'storage', 'unknown'),
    invocations: fc.nat(),
  }),
  { maxLength: 3 },
)

const rules = fc.record({
  memoryMb: fc.oneof(fc.nat(4096), fc.constant(170.5)),
  concurrency: fc.oneof(fc.constant(1), fc.constantFrom(2, 50, 100_000, Number.POSITIVE_INFINITY)),
  functions,
  prewarmMs: fc.oneof(fc.constant(0), time),
  keepAliveMs: time,
  floor: fc.oneof(fc.constant(NO_FLOOR), floors),
  schedule: floors,
  evidence: fc.record({
    idleTimes: fc.nat(),
    days: fc.nat(14),
    shortestMs: time,
    longestMs: time,
    peakInstances: fc.oneof(fc.nat(200), fc.constantFrom(0, 1001, 1_000_000)),
    meanMs: fc.oneof(fc.constant(0), fc.nat(1_000_000)),
  }),
})

const autoscalers = fc.record(
  {
    stableMs: fc.integer({ min: 6, max: 3600 }).map((seconds) => seconds * 1000),
    downDelayMs: fc.nat(3_600_000),
    graceMs: fc.nat(3_600_000),
    target: fc.integer({ min: 1, max: 1000 }),
  },
  { requiredKeys: ['stableMs', 'downDelayMs', 'graceMs'] },
)

/** A plan of an app, in or out of any platform's ranges. */
const appPlans: fc.Arbitrary<AppPlan> = fc
  .tuple(names, rules)
  .map(([app, rest]) => ({ app, ...rest, schedule: higherFloor(rest.floor, rest.schedule) }))

/** Plans of no app up to six. */
export const plans: fc.Arbitrary<Plan> = fc.record({
  schema: fc.constant(1 as const),
  policy: fc.constant({ id: 'fixed', params: { keepAlive: 600_000 } }),
  timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Africa/Cairo'),
  startMinute: fc.nat(7 * 24 * 60 - 1),
  apps: fc.uniqueArray(appPlans, { maxLength: 6, selector: ({ app }) => app }),
})

/** Plans some of whose apps have a loop and a floor while awake, as some platforms make of them. */
export const scaledPlans: fc.Arbitrary<Plan> = fc
  .tuple(plans, fc.array(autoscalers, { maxLength: 6 }))
  .map(([plan, loops]) => ({
    ...plan,
    apps: plan.apps.map((app, each) => {
      const loop = loops[each]
      return loop === undefined ? app : { ...app, awakeFloor: app.schedule, autoscaler: loop }
    }),
  }))

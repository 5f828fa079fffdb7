import { describe, expect, it } from 'vitest'
import { COLD, JOINED, WARM } from '../../src/engine/outcomes.ts'
import type { Recording } from '../../src/live/replay/recording.ts'
import { defaultsOf } from '../../src/policy/parameters.ts'
import { policies } from '../../src/policy/policies/index.ts'
import { predict } from '../../src/validation/live-prediction.ts'
import { differences, validateRecording } from '../../src/validation/live-validation.ts'

const fixed = policies.get('fixed', 'test')
const decision = (at: number, keepAliveMs = 1000) => ({ app: 0, at, prewarmMs: 0, keepAliveMs })

describe('decisions', () => {
  const NO_TIES: ReadonlySet<number> = new Set()
  type Sides = Parameters<typeof differences>
  const differing = (predicted: Sides[0], observed: Sides[1]): number =>
    differences(predicted, observed, NO_TIES).differing

  it('are compared by their moments: one more of one side makes no other differ', () => {
    const predicted = [10, 20, 30, 40].map((at) => decision(at))
    const more = [10, 20, 25, 30, 40].map((at) => decision(at))
    const fewer = [20, 30, 40].map((at) => decision(at))
    expect(differing(predicted, more)).toBe(1)
    expect(differing(predicted, fewer)).toBe(1)
    expect(differing(predicted, predicted)).toBe(0)
    expect(differing([decision(10), decision(10)], [decision(10)])).toBe(1)
    expect(differing([decision(10, Infinity)], [{ ...decision(10), keepAliveMs: null }])).toBe(0)
    expect(differing([decision(10, 5)], [decision(10, 6)])).toBe(1)
  })

  it('are counted apart where one side took them at a ms in which nobody knows what was first', () => {
    const predicted = [10, 20, 30].map((at) => decision(at))
    const observed = [10, 40].map((at) => decision(at))
    expect(differences(predicted, observed, new Set([20, 10]))).toEqual({ differing: 1, tied: 1 })
    expect(differences(observed, predicted, new Set([20, 30]))).toEqual({ differing: 1, tied: 2 })
  })
})

/** One app of concurrency 2: two calls at 100 and 160, one start of 200 ms for both; then a warm one at 500. */
const RECORDING: Recording = {
  schema: 1,
  name: 'by-hand',
  policy: { id: 'fixed', params: { ...defaultsOf(fixed.parameters), keepAlive: 1000 }, seed: 1 },
  reuse: 'newest',
  whileLoading: 'join',
  budgetMb: 1000,
  apps: [{ name: 'web', memoryMb: 100, concurrency: 2, functions: ['web'] }],
  endMs: 2000,
  visits: [
    {
      app: 0,
      fn: 0,
      arrivedAt: 100,
      endedAt: 310,
      outcome: COLD,
      reason: 'first',
      status: 200,
      waitedMs: 200,
      ranMs: 10,
    },
    {
      app: 0,
      fn: 0,
      arrivedAt: 160,
      endedAt: 310,
      outcome: JOINED,
      reason: null,
      status: 200,
      waitedMs: 140,
      ranMs: 10,
    },
    { app: 0, fn: 0, arrivedAt: 500, endedAt: 510, outcome: WARM, reason: null, status: 200, waitedMs: 0, ranMs: 10 },
  ],
  stays: [{ app: 0, orderedAt: 100, readyAt: 300, goneAt: 1510, waitMs: 0, createMs: 100, readyMs: 100 }],
  decisions: [decision(310), decision(510)],
  timersLate: [],
  sends: { speed: 1, planned: 3, sent: 3, notSent: 0, boundMs: 100, lateMs: [0, 0, 0], failed: 0 },
  planned: {
    beginMs: 0,
    arrivals: [
      { app: 0, atMs: 100, durationMs: 10 },
      { app: 0, atMs: 160, durationMs: 10 },
      { app: 0, atMs: 1400, durationMs: 10 },
    ],
  },
}

describe('a recording', () => {
  it('is predicted with the waits of those who joined a start, and not only of those who began one', () => {
    expect(predict(RECORDING, fixed).visits[0]!.map(({ outcome, waitedMs }) => [outcome, waitedMs])).toEqual([
      [COLD, 200],
      [JOINED, 140],
      [WARM, 0],
    ])
    const { total, mismatches } = validateRecording(RECORDING, fixed)
    expect(total.addedMs.predicted).toBeCloseTo(340 / 3)
    expect(total.addedMs.observed).toBeCloseTo(340 / 3)
    expect(total.decisions).toEqual({ predicted: 2, observed: 2, differing: 0, tied: 0 })
    expect(mismatches).toEqual([])
  })

  it('is compared with what the trace alone would have said', () => {
    // The third call comes after the window that ended at 1310: a second start of 200 ms.
    const { planned } = validateRecording(RECORDING, fixed)
    expect(planned!.coldStarts).toEqual({ predicted: 2, observed: 1 })
    expect(planned!.addedMs.predicted).toBeCloseTo((200 + 140 + 200) / 3)
    expect(validateRecording({ ...RECORDING, planned: undefined } as never, fixed).planned).toBeNull()
  })
})

describe('an arrival that joined a start', () => {
  it('runs from the moment at which its instance was ready, however long its own clock says that it waited', () => {
    const [cold, joined, warm] = RECORDING.visits
    // Seen to run 3 ms after the instance was ready; its end is the app's idle moment all the same.
    const late = { ...RECORDING, visits: [cold!, { ...joined!, waitedMs: 143, endedAt: 330 }, warm!] }
    const { decisions } = validateRecording({ ...late, decisions: [decision(330), decision(510)] }, fixed).total
    expect(decisions).toEqual({ predicted: 2, observed: 2, differing: 0, tied: 0 })
  })

  it('is told as tied where another one ended in the very ms in which one came', () => {
    const [cold, joined, warm] = RECORDING.visits
    const visits = [cold!, joined!, { ...warm!, arrivedAt: 310, endedAt: 320 }]
    // Live the arrival was first, and so the app was not idle between.
    const { decisions } = validateRecording({ ...RECORDING, visits, decisions: [decision(320)] }, fixed).total
    expect(decisions).toEqual({ predicted: 2, observed: 1, differing: 0, tied: 1 })
  })
})

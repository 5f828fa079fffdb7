import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE } from '../../../src/core/units.ts'
import { defaultsOf } from '../../../src/policy/parameters.ts'
import { hybridHistogram } from '../../../src/policy/policies/hybrid-histogram.ts'
import type { HearsRuns, Policy, PolicyContext, Windows } from '../../../src/policy/policy.ts'
import { asNaive, byHand } from './evidence.ts'
import { naiveHybrid } from './naive-hybrid.ts'

const defaults = defaultsOf(hybridHistogram.parameters)
type Params = typeof defaults

const context: PolicyContext = {
  apps: 1,
  functions: 2,
  horizonMs: 14 * 24 * HOUR,
  memoryMb: new Float64Array([1]),
  coldStartMs: new Float64Array(1),
  trigger: new Uint8Array(2),
  functionApp: new Uint32Array(2),
  seed: 1,
}

function make(params: Partial<Params> = {}): Policy {
  return hybridHistogram.create({ ...defaults, ...params }, context)
}

/** What the policy answers after idle times in minutes. */
function after(idleMinutes: readonly number[], params: Partial<Params> = {}): { load: number; unload: number } {
  const policy = make(params)
  const out: Windows = { prewarmMs: -1, keepAliveMs: -1 }
  let now = 0
  policy.arrived(0, now, -1, 0)
  policy.decide(0, now, out)
  for (const idle of idleMinutes) {
    now += idle * MINUTE
    policy.arrived(0, now, idle * MINUTE, 0)
    policy.decide(0, now, out)
  }
  return { load: out.prewarmMs / MINUTE, unload: (out.prewarmMs + out.keepAliveMs) / MINUTE }
}

/** Idle times that fill the first bins alike. */
function alike(bins: number): number[] {
  return Array.from({ length: bins }, (_, bin) => bin)
}

const STANDARD = { load: 0, unload: 240 }

describe('line 1: an idle time is learnt', () => {
  it('into bin floor(IT / bin width): on a bin edge it belongs to the upper bin', () => {
    expect(after([10])).toEqual({ load: 9, unload: 12.1 })
    expect(after([10 - 1 / 60_000])).toEqual({ load: 8.1, unload: 11 })
  })

  it('as out of bounds from the range on', () => {
    expect(after([240])).toEqual(STANDARD)
    expect(after([240 - 1 / 60_000])).toEqual({ load: 215.1, unload: 264 })
  })
})

describe('line 2: the choice between standard keep-alive, forecast and histogram', () => {
  it('keeps a new app loaded for the range', () => {
    expect(after([])).toEqual(STANDARD)
  })

  it('keeps an app with fewer than minIts idle times loaded for the range', () => {
    expect(after([10, 10], { minIts: 3 })).toEqual(STANDARD)
    expect(after([10, 10, 10], { minIts: 3 })).toEqual({ load: 9, unload: 12.1 })
  })

  it('forecasts only when more than half are out of bounds', () => {
    expect(after([300, 300, 10, 10])).toEqual({ load: 9, unload: 12.1 })
    expect(after([300, 300, 300, 10, 300])).not.toEqual(after([10]))
  })

  it('trusts the histogram at a CV of exactly 2, which is 48 of 240 bins filled alike, and not below', () => {
    expect(after(alike(48))).not.toEqual(STANDARD)
    expect(after(alike(49))).toEqual(STANDARD)
  })

  it('takes the CV over all bins of the range, empty ones included', () => {
    // Of 60 bins, CV 2 is at 12 bins filled alike.
    expect(after(alike(12), { range: HOUR })).not.toEqual({ load: 0, unload: 60 })
    expect(after(alike(13), { range: HOUR })).toEqual({ load: 0, unload: 60 })
  })
})

describe('line 3: head and tail', () => {
  it('a head in the first bin means do not unload', () => {
    expect(after([0.5, 0.5, 5])).toEqual({ load: 0, unload: 6.6 })
  })

  byHand(
    'the head is the first bin that reaches 5 %, the tail the first that reaches 99 %, rounded down and up',
    () => {
      // 1 of 20 is 5 %: the head is the lowest idle time; 19 of 20 are 95 %: the tail is the highest.
      const its = [20, ...Array.from({ length: 18 }, () => 30), 40]
      expect(after(its)).toEqual({ load: 18, unload: 45.1 })
      // 1 of 21 is below 5 %.
      expect(after([...its, 30])).toEqual({ load: 27, unload: 45.1 })
      // 100 of 101 are above 99 %.
      expect(after([...Array.from({ length: 100 }, () => 30), 40])).toEqual({ load: 27, unload: 34.1 })
    },
  )

  it('a head cut-off of 0 is the first bin that holds anything', () => {
    expect(after([20, ...Array.from({ length: 99 }, () => 30)], { head: 0 })).toEqual({ load: 18, unload: 34.1 })
  })

  it('windows are neither rounded nor cut at the range', () => {
    expect(after([239, 239])).toEqual({ load: 215.1, unload: 264 })
  })

  it('leaves out-of-bounds idle times out of the percentiles', () => {
    expect(after([300, 10, 10])).toEqual({ load: 9, unload: 12.1 })
  })
})

describe('line 4: the forecast', () => {
  it('of a constant history is that constant, 15 % about it', () => {
    const { load, unload } = after([300, 300, 300, 300])
    expect([load, unload]).toEqual([255, 345])
  })

  it('needs four values', () => {
    expect(after([300, 300, 300])).toEqual(STANDARD)
  })

  it('takes idle times within bounds into the history too', () => {
    // The 10 is one of the history: whatever the order, the forecast lies below 300.
    const { load, unload } = after([300, 300, 10, 300, 300, 300])
    expect(load).toBeLessThan(255)
    expect(unload / load).toBeCloseTo(115 / 85, 12)
  })

  it('that is not positive leaves the standard keep-alive', () => {
    expect(after([1900, 1500, 1100, 700, 300])).toEqual(STANDARD)
  })

  it('is switched off by arima: off', () => {
    expect(after([300, 300, 300, 300], { arima: false })).toEqual(STANDARD)
  })
})

describe('other published readings', () => {
  const its = [20, ...Array.from({ length: 18 }, () => 30), 40]

  it('of the margin', () => {
    expect(after(its, { marginReading: 'afterLoad' })).toEqual({ load: 18, unload: 18 + 45.1 })
    expect(after(its, { marginReading: 'ofHead' })).toEqual({ load: 18, unload: 18 + 41 + 2 })
    const { load, unload } = after(its, { marginReading: 'ofWidth' })
    expect(load).toBe(18)
    expect(unload).toBeCloseTo(18 + 21 * 1.1, 12)
  })

  it('of the gap: from arrival to arrival, busy or not', () => {
    const policy = make({ gap: 'arrival' })
    const out: Windows = { prewarmMs: -1, keepAliveMs: -1 }
    policy.arrived(0, 0, -1, 0)
    policy.arrived(0, 10 * MINUTE, -1, 0)
    policy.decide(0, 11 * MINUTE, out)
    expect(out).toEqual({ prewarmMs: 9 * MINUTE, keepAliveMs: 3.1 * MINUTE })
  })

  it("of whose gap: each function's own, from the end of its last execution", () => {
    const policy = make({ gapOf: 'function' })
    const out: Windows = { prewarmMs: -1, keepAliveMs: -1 }
    policy.arrived(0, 0, -1, 0)
    policy.finished!(0, 2 * MINUTE, 0)
    policy.arrived(0, 7 * MINUTE, 5 * MINUTE, 1)
    policy.finished!(0, 7 * MINUTE, 1)
    policy.arrived(0, 12 * MINUTE, 5 * MINUTE, 0)
    policy.decide(0, 12 * MINUTE, out)
    expect(out).toEqual({ prewarmMs: 9 * MINUTE, keepAliveMs: 3.1 * MINUTE })
  })
})

describe('the incremental policy', () => {
  const idle = fc.oneof(
    fc.integer({ min: 0, max: 3 * MINUTE }),
    fc.integer({ min: 0, max: 239 }).map((bin) => bin * MINUTE),
    fc.integer({ min: 200 * MINUTE, max: 400 * MINUTE }),
    fc.constant(240 * MINUTE),
  )
  const params = fc.record({
    range: fc.constantFrom(HOUR, 4 * HOUR, 90_500),
    binWidth: fc.constantFrom(MINUTE, 7_000),
    head: fc.constantFrom(0, 5, 50, 100),
    tail: fc.constantFrom(0, 50, 95, 99, 100),
    margin: fc.constantFrom(0, 10, 33),
    cv: fc.constantFrom(0, 1, 2, 5),
    oob: fc.constantFrom(0, 0.2, 0.5, 1),
    minIts: fc.constantFrom(0, 1, 3),
    arima: fc.boolean(),
  })

  asNaive('answers what the whole history says when computed anew each time', () => {
    fc.assert(
      fc.property(fc.array(idle, { maxLength: 60 }), params, (its, given) => {
        const all = { ...defaults, ...given }
        // With a bound on forecasts at hand, the incremental policy forgets histories: it must be the true one.
        const horizonMs = its.reduce((sum, it) => sum + it, 0)
        const policy = hybridHistogram.create(all, { ...context, horizonMs })
        expectSameAnswers(policy, naiveHybrid(all), its)
      }),
      { numRuns: 300 },
    )
  })

  it('hears of idle times in runs as of one by one: of those that leave its answer as it is, and of the next', () => {
    const runs = fc.array(
      fc.tuple(fc.oneof(idle, fc.constantFrom(MINUTE, 5 * MINUTE)), fc.integer({ min: 1, max: 12 })),
      {
        minLength: 1,
        maxLength: 40,
      },
    )
    fc.assert(
      fc.property(runs, params, fc.integer({ min: 1, max: 100 }), (its, given, atOnce) => {
        const all = { ...defaults, ...given, tail: Math.max(given.head, given.tail) }
        const each = its.flatMap(([it, times]) => Array.from({ length: times }, () => it))
        const horizonMs = each.reduce((sum, it) => sum + it, 0)
        const inRuns = hybridHistogram.create(all, { ...context, horizonMs }) as Policy & HearsRuns
        const oneByOne = hybridHistogram.create(all, { ...context, horizonMs })
        const place = {
          idleMs: Float64Array.from(its, ([it]) => it),
          times: Uint32Array.from(its, ([, times]) => times),
          run: 0,
          nth: 0,
        }
        for (let at = 0; at < each.length; ) {
          const heard = inRuns.arrivedInRuns(0, at, place, Math.min(atOnce, each.length - at))
          const stands = answerOf(oneByOne, at)
          const answers: Windows[] = []
          for (let nth = 0; nth < heard; nth += 1, at += 1) {
            oneByOne.arrived(0, at, each[at]!, 0)
            answers.push(answerOf(oneByOne, at))
            place.nth += 1
            if (place.nth === place.times[place.run]) {
              place.run += 1
              place.nth = 0
            }
          }
          expect(answers.slice(0, -1)).toEqual(answers.slice(0, -1).map(() => stands))
          expect(answerOf(inRuns, at)).toEqual(answerOf(oneByOne, at))
          expect(inRuns.save!(0)).toEqual(oneByOne.save!(0))
        }
      }),
      { numRuns: 300 },
    )
  })

  it('answers the same after its state was saved as JSON and loaded into a new one', () => {
    fc.assert(
      fc.property(fc.array(idle, { maxLength: 30 }), fc.array(idle, { maxLength: 30 }), (before, later) => {
        const policy = make()
        before.forEach((it, index) => policy.arrived(0, index, it, 0))
        const saved: unknown = JSON.parse(JSON.stringify(policy.save!(0) ?? null))
        const revived = make()
        if (saved !== null) revived.load!(0, saved)
        expectSameAnswers(revived, policy, later)
      }),
      { numRuns: 100 },
    )
  })
})

/** Idle times out of bounds that do not repeat soon. */
function its(index: number): number {
  return 4 * HOUR + ((index * 7919) % 997) * MINUTE
}

describe('where no end is known', () => {
  it('the latest thousand idle times are kept and forecast from, of a million', () => {
    const endless = hybridHistogram.create(defaults, { ...context, horizonMs: Number.POSITIVE_INFINITY })
    for (let index = 0; index < 1_000_000; index += 1) endless.arrived(0, index, its(index), 0)
    const { gaps } = endless.save!(0) as { gaps: number[] }
    expect(gaps).toEqual(Array.from({ length: 1000 }, (_, index) => its(999_000 + index)))
    const [windows, expected] = [0, 1].map(() => ({ prewarmMs: 0, keepAliveMs: 0 })) as [Windows, Windows]
    endless.decide(0, 0, windows)
    const latest = make()
    for (const it of gaps) latest.arrived(0, 0, it, 0)
    latest.decide(0, 0, expected)
    expect(windows).toEqual(expected)
    expect(windows.prewarmMs).toBeGreaterThan(0)
  })

  it('no more of a state of before are taken over', () => {
    const endless = hybridHistogram.create(defaults, { ...context, horizonMs: Number.POSITIVE_INFINITY })
    const gaps = Array.from({ length: 1500 }, (_, index) => index)
    endless.load!(0, { counts: [], outOfBounds: 1500, gaps })
    expect((endless.save!(0) as { gaps: number[] }).gaps).toEqual(gaps.slice(500))
  })
})

function answerOf(policy: Policy, now: number): Windows {
  const out: Windows = { prewarmMs: -1, keepAliveMs: -1 }
  policy.decide(0, now, out)
  return out
}

function expectSameAnswers(one: Policy, other: Policy, its: readonly number[]): void {
  let now = 0
  for (const it of its) {
    now += it
    const [a, b] = [one, other].map((policy) => {
      const out: Windows = { prewarmMs: -1, keepAliveMs: -1 }
      policy.arrived(0, now, it, 0)
      policy.decide(0, now, out)
      return out
    })
    expect(a).toEqual(b)
  }
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MINUTE } from '../../../src/core/units.ts'
import { defaultsOf } from '../../../src/policy/parameters.ts'
import { breakEven } from '../../../src/policy/policies/break-even.ts'
import type { Policy, Windows } from '../../../src/policy/policy.ts'
import { asNaive, byHand } from './evidence.ts'
import { after, made } from './made-context.ts'
import { type PlainOptions, plainBreakEven } from './plain-break-even.ts'

const make = (params: object = {}, memoryMb = new Float64Array([1])): Policy =>
  made('break-even', params, { apps: memoryMb.length, memoryMb })

const BINS = 480

/** The fast policy at the options of the plain one. */
function fast({ worthMinutes, clock, history, bins, loadBins, depth }: PlainOptions): Policy {
  return make({
    worth: worthMinutes * MINUTE,
    clock,
    history,
    range: bins * MINUTE,
    loadCost: loadBins * MINUTE,
    depth,
  })
}

/** Idle times in minutes as apps have them: regular, regular with leaps, by the day, or any. */
const idleTimes = fc.oneof(
  fc.array(fc.constantFrom(1, 5, 5, 5, 60), { maxLength: 60 }),
  fc.array(fc.constantFrom(10, 20, 1410), { maxLength: 60 }),
  fc.array(fc.nat(600), { maxLength: 60 }),
  fc.array(fc.oneof(fc.constant(7), fc.nat(12)), { maxLength: 120 }),
)

const options = fc.record({
  worthMinutes: fc.constantFrom(5, 18, 60, 240),
  clock: fc.boolean(),
  history: fc.constantFrom(3, 20, 32),
  bins: fc.constant(BINS),
  loadBins: fc.constantFrom(0, 1),
  depth: fc.constantFrom(0, 1, 2, 3),
})

const asked: Windows = { prewarmMs: 0, keepAliveMs: 0 }
const expected: Windows = { prewarmMs: 0, keepAliveMs: 0 }

/** The first and last bin of a window, in minutes. */
function binsOf({ prewarmMs, keepAliveMs }: Windows): { first: number; last: number } {
  if (prewarmMs === Number.POSITIVE_INFINITY) return { first: -1, last: -1 }
  const load = prewarmMs / MINUTE
  return {
    first: Math.round(load < 9 ? load / 0.9 : load + 1),
    last: Math.round((prewarmMs + keepAliveMs) / MINUTE) - 1,
  }
}

describe('the windows of break-even, by hand', () => {
  byHand('wait for a timer a minute ahead, or a tenth of its period where that is less', () => {
    const hourly = Array.from({ length: 20 }, () => 60)
    expect(after(make(), hourly)).toEqual({ load: 59, unload: 61 })
    expect(
      after(
        make(),
        hourly.map(() => 5),
      ).load,
    ).toBe(4.5)
    expect(
      after(
        make(),
        hourly.map(() => 0),
      ).load,
    ).toBe(0)
  })

  it('go on after a timer that failed for as long as the prior makes worth while, up to a round time', () => {
    expect(
      after(
        make(),
        Array.from({ length: 20 }, () => 5),
      ).unload,
    ).toBe(31)
  })

  it('are nothing where no window is worth its memory', () => {
    const policy = make({ worth: 1000 })
    expect(after(policy, [])).toEqual({ load: Number.POSITIVE_INFINITY, unload: Number.POSITIVE_INFINITY })
  })

  it('are longer where a cold start is worth more', () => {
    const { unload: little } = after(make({ worth: 18 * MINUTE }), [])
    const { unload: much } = after(make({ worth: 240 * MINUTE }), [])
    expect(much).toBeGreaterThan(little)
  })

  it('are shorter for an app of more memory, unless every app pays the same', () => {
    const sizes = new Float64Array([1, 9])
    const of = (app: number, price: string): number => after(make({ price }, sizes), [30, 90, 20, 200], app).unload
    expect(of(1, 'memory')).toBeLessThan(of(0, 'memory'))
    expect(of(1, 'app')).toBe(of(0, 'app'))
  })

  it('follow the latest idle times: after a short one in turns of short and long, the long one is awaited', () => {
    const turns = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 20 : 200))
    expect(after(make(), turns)).toEqual({ load: 19, unload: 21 })
    expect(after(make(), turns.slice(0, -1))).toEqual({ load: 199, unload: 201 })
  })

  it('refuse more bins than can be searched', () => {
    const params = { ...defaultsOf(breakEven.parameters), binWidth: 1 }
    expect(breakEven.contradiction?.(params)).toMatchObject({
      name: 'range',
      problem: expect.stringContaining('at most 1000000 bins'),
    })
  })
})

describe('the search over atoms', () => {
  asNaive('finds a window as good as the best of all pairs of bins, after whatever was heard', () => {
    let decisions = 0
    let different = 0
    fc.assert(
      fc.property(options, idleTimes, fc.nat(2000), (chosen, idles, from) => {
        const policy = fast(chosen)
        const plain = plainBreakEven(chosen)
        let now = from * MINUTE
        for (const idle of [-1, ...idles]) {
          const idleMs = idle * MINUTE
          now += Math.max(0, idleMs)
          for (const each of [policy, plain]) each.arrived(0, now, idle < 0 ? -1 : idleMs, 0)
          policy.decide(0, now, asked)
          plain.decide(0, now, expected)
          decisions += 1
          if (asked.prewarmMs !== expected.prewarmMs || asked.keepAliveMs !== expected.keepAliveMs) different += 1
          const { first, last } = binsOf(asked)
          expect(plain.savingOf(first, last)).toBeCloseTo(plain.best(), 9)
        }
      }),
      { numRuns: 60, seed: 7 },
    )
    // Windows that save the same are the only ones that may differ.
    expect(different / decisions).toBeLessThan(0.01)
  })
})

const survival = (minute: number): number => (1 + minute / 5) ** -0.7

describe('a further instance that becomes idle', () => {
  const PER_MINUTE = 1 / 60
  /** The same law by its definition, level by level of the hazard, with every window tried. */
  const plainKeep = (gaps: readonly number[]): number => {
    let alive = 1
    let held = 0
    const savings = Array.from({ length: 480 }, (_, minute) => {
      const reach = gaps.filter((gap) => gap >= minute).length
      const inBin = gaps.filter((gap) => gap === minute).length
      alive *= 1 - (1 - survival(minute + 1) / survival(minute) + inBin) / (1 + reach)
      held += alive
      return 1 - alive - PER_MINUTE * held
    })
    const best = Math.max(0, ...savings)
    return best === 0 ? 0 : savings.indexOf(best) + 1
  }

  it('stays as long as the gaps between needs of so many instances make worth while', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500), { maxLength: 30 }), (gaps) => {
        const policy = make({ further: true })
        let now = 0
        for (const gap of gaps) {
          policy.keepIdleMs!(0, now, 1)
          now += gap * MINUTE
          policy.rose!(0, now, 2)
        }
        const minutes = policy.keepIdleMs!(0, now, 1) / MINUTE
        expect(minutes).toBe(plainKeep(gaps.map((gap) => Math.min(gap, 480))))
      }),
      { numRuns: 100, seed: 3 },
    )
  })

  it('counts the rise to k since the fall below k, whatever happened to other numbers between', () => {
    const policy = make({ further: true })
    policy.rose!(0, 0, 2)
    policy.rose!(0, 0, 3)
    policy.keepIdleMs!(0, 10 * MINUTE, 2)
    policy.keepIdleMs!(0, 12 * MINUTE, 1)
    policy.rose!(0, 17 * MINUTE, 2)
    policy.rose!(0, 20 * MINUTE, 3)
    expect(policy.keepIdleMs!(0, 30 * MINUTE, 2) / MINUTE).toBe(plainKeep([5, 10]))
  })

  it('stays as the app has it where further is off', () => {
    const policy = make({ further: false })
    expect([policy.rose, policy.keepIdleMs]).toEqual([undefined, undefined])
  })
})

/** One after the other, the windows of an app that stays idle, as first and last bins. */
const windowsOf = (
  policy: Policy,
  now: number,
  asks: readonly number[],
): { from: number; first: number; last: number }[] => {
  const out = { prewarmMs: 0, keepAliveMs: 0 }
  const found = []
  for (let at = now; ; ) {
    const before = asks.length
    const from = Math.floor((at - now) / MINUTE)
    policy.decide(0, at, out)
    if (out.prewarmMs === Number.POSITIVE_INFINITY) return found
    const load = (at - now + out.prewarmMs) / MINUTE
    const first = at > now && out.prewarmMs === 0 ? from : Math.round(load < 9 ? load / 0.9 : load + 1)
    const end = at + out.prewarmMs + out.keepAliveMs
    found.push({ from, first, last: Math.round((end - now) / MINUTE) - 1 })
    if (asks.length === before) return found
    at = asks.at(-1)!
  }
}

describe('several windows', () => {
  const bins = 60
  it('wait, by hand, for each of two periods that come by turns at random', () => {
    const asks: number[] = []
    const policy = made('break-even', { windows: 'several', depth: 0 }, { askAgain: (_app, at) => void asks.push(at) })
    let now = 0
    policy.arrived(0, 0, -1, 0)
    for (let nth = 0; nth < 60; nth += 1) {
      const idle = (nth * nth) % 7 < 3 ? 40 : 200
      now += idle * MINUTE
      policy.arrived(0, now, idle * MINUTE, 0)
    }
    const found = windowsOf(policy, now, asks)
    const covers = (bin: number): boolean => found.some(({ first, last }) => first <= bin && bin <= last)
    expect([covers(40), covers(120), covers(200)]).toEqual([true, false, true])
  })

  it('are each worth their price and the best up to their end, and nothing between them is worth it', () => {
    const few = fc.oneof(
      fc.array(fc.constantFrom(5, 5, 30, 50), { maxLength: 20 }),
      fc.array(fc.nat(58), { maxLength: 20 }),
    )
    fc.assert(
      fc.property(few, fc.constantFrom(5, 18, 60), fc.boolean(), (idles, worthMinutes, clock) => {
        const asks: number[] = []
        const params = { worth: worthMinutes * MINUTE, clock, history: 32, range: bins * MINUTE, windows: 'several' }
        const policy = made('break-even', params, { askAgain: (_app, at) => void asks.push(at) })
        const plain = plainBreakEven({ worthMinutes, clock, history: 32, bins, loadBins: 0, depth: 2 })
        let now = 0
        for (const [nth, idle] of [0, ...idles].entries()) {
          now += idle * MINUTE
          for (const each of [policy, plain]) {
            each.arrived(0, now, nth === 0 ? -1 : idle * MINUTE, 0)
            if (nth < idles.length) each.decide(0, now, { prewarmMs: 0, keepAliveMs: 0 })
          }
        }
        plain.decide(0, now, { prewarmMs: 0, keepAliveMs: 0 })
        const found = windowsOf(policy, now, asks)
        let after = 0
        for (const { from, first, last } of found) {
          const own = plain.savingOf(first, last)
          expect(own).toBeGreaterThan(0)
          for (let a = from; a <= last; a += 1)
            for (let b = a; b <= last; b += 1) expect(plain.savingOf(a, b)).toBeLessThan((b < first ? 0 : own) + 1e-9)
          after = last + 1
        }
        for (let a = after; a < bins; a += 1)
          for (let b = a; b < bins; b += 1) expect(plain.savingOf(a, b)).toBeLessThan(1e-9)
      }),
      { numRuns: 25 },
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parametersOf } from '../../../src/policy/parameters.ts'
import { rainbowcake } from '../../../src/policy/policies/rainbowcake.ts'
import type { Policy } from '../../../src/policy/policy.ts'
import { asNaive, byHand } from './evidence.ts'

type Params = Parameters<typeof parametersOf<typeof rainbowcake.parameters>>[1]

/** Three apps of 100 MB; loading takes one second of which the app has 400 ms, its language 300 and the container 300. */
function made(given: Params = {}, coldStartMs = 1000, names = ['a', 'b', 'c']): Policy {
  const params = parametersOf(rainbowcake.parameters, given, 'test', { contradiction: rainbowcake.contradiction })
  return rainbowcake.create(params, {
    apps: 3,
    functions: 3,
    horizonMs: 1e9,
    appNames: { at: (app) => names[app]! },
    memoryMb: new Float64Array(3).fill(100),
    coldStartMs: new Float64Array(3).fill(coldStartMs),
    trigger: new Uint8Array(3),
    functionApp: new Uint32Array([0, 1, 2]),
    seed: 1,
  })
}

function keptMs(policy: Policy, app: number, now: number): number {
  const out = { prewarmMs: -1, keepAliveMs: -1 }
  policy.decide(app, now, out)
  return out.keepAliveMs
}

function stagesMs(policy: Policy, app: number, now: number): number[] {
  const out = new Float64Array(2)
  policy.cool!(app, now, out)
  return [...out]
}

describe('an app is kept', () => {
  byHand('until the next arrival has come with 80 %, of a Poisson process of the rate of its last six', () => {
    const policy = made({}, 100_000)
    for (const minute of [0, 9, 1, 2, 3, 4, 5, 6]) policy.arrived(0, 60_000 * minute, -1, 0)
    // Six within 5 min and 10 s since minute 1: ln(5) x 310 s / 6 = 83.15 s, in whole seconds.
    expect(keptMs(policy, 0, 60_000 * 6 + 10_000)).toBe(84_000)
  })

  it('at least for a minute, and at most as long as its memory is worth its loading time', () => {
    const policy = made({}, 100_000)
    policy.arrived(0, 0, -1, 0)
    expect(keptMs(policy, 0, 10_000)).toBe(60_000)
    // 0.996 / 0.004 x 40 s / 100 MB.
    expect(keptMs(policy, 0, 10_000_000)).toBe(100_000)
  })

  it('for ten minutes where loading takes no time and nothing is known', () => {
    const policy = made({}, 0)
    policy.arrived(0, 0, -1, 0)
    expect(keptMs(policy, 0, 0)).toBe(600_000)
  })

  it('as if nothing were known after a day', () => {
    const policy = made({}, 0)
    policy.arrived(0, 0, -1, 0)
    policy.arrived(0, 60_000, -1, 0)
    expect(keptMs(policy, 0, 60_000 + 86_400_000)).toBe(600_000)
  })
})

describe('what is left of an app is kept', () => {
  it('in its language by the arrivals of all apps of that, and bare by those of all', () => {
    const policy = made({ languages: 1000 }, 1_000_000)
    for (let second = 0; second < 500; second += 100) policy.arrived(0, 1000 * second, -1, 0)
    for (let second = 0; second < 1000; second += 200) policy.arrived(1, 1000 * second, -1, 1)
    // App 0 has five within 1,000 s; of all arrivals the last six are 600 s old at most, or 1,000.
    const [language, bare] = stagesMs(policy, 0, 1_000_000)
    expect(language).toBe(Math.ceil(Math.log(5) * 200) * 1000)
    expect(bare).toBe(Math.ceil((Math.log(5) * 600) / 6) * 1000)
  })

  it('at most by the price of the layer', () => {
    const policy = made({ languages: 1 })
    policy.arrived(0, 0, -1, 0)
    // 249 x 0.3 s / 40 MB is less than a minute, which is the least; 249 x 0.3 s / 10 MB also.
    expect(stagesMs(policy, 0, 1_000_000)).toEqual([60_000, 60_000])
    const cheap = made({ languages: 1, least: 0 })
    cheap.arrived(0, 0, -1, 0)
    expect(stagesMs(cheap, 0, 1_000_000)).toEqual([2000, 8000])
  })
})

describe('the kinds of apps', () => {
  it('are languages that only the name makes, and one for all bare containers', () => {
    const [one, other] = [made({}, 0, ['a', 'b', 'c']), made({}, 0, ['c', 'a', 'b'])]
    const languages = [0, 1, 2].map((app) => one.kindOf!(app, 0))
    expect([1, 2, 0].map((app) => other.kindOf!(app, 0))).toEqual(languages)
    for (const language of languages) expect([0, 1, 2]).toContain(language)
    expect([0, 1, 2].map((app) => one.kindOf!(app, 1))).toEqual([0, 0, 0])
  })

  it('are apart where nothing is shared', () => {
    const policy = made({ share: false })
    expect([0, 1, 2].map((app) => [policy.kindOf!(app, 0), policy.kindOf!(app, 1)])).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ])
  })
})

it('goes on with its layers as if nothing had happened after it was saved', () => {
  const policy = made({ languages: 2 })
  for (let at = 0; at < 30; at += 1) policy.arrived(at % 3, at * at * 1000, -1, at % 3)
  const revived = made({ languages: 2 })
  for (let app = 0; app < 3; app += 1) revived.load!(app, JSON.parse(JSON.stringify(policy.save!(app))))
  revived.loadAll!(JSON.parse(JSON.stringify(policy.saveAll!())))
  for (let app = 0; app < 3; app += 1) {
    expect(stagesMs(revived, app, 900_000)).toEqual(stagesMs(policy, app, 900_000))
    expect(keptMs(revived, app, 900_000)).toBe(keptMs(policy, app, 900_000))
  }
})

it('refuses layers that take more than all of the loading time', () => {
  expect(() => made({ languageTime: 60, bareTime: 50 })).toThrow(/at most 100 % together, found 110 %/)
})

asNaive('keeps apps and layers as long as is worked out anew from all arrivals, in whole seconds', () => {
  const arrivals = fc.array(fc.tuple(fc.nat(2), fc.oneof(fc.nat(300_000), fc.nat(20 * 3_600_000))), {
    minLength: 1,
    maxLength: 30,
  })
  fc.assert(
    fc.property(arrivals, fc.constantFrom(1000, 50_000), fc.boolean(), (list, coldStartMs, share) => {
      const policy = made({ share, languages: 2, prewarm: false }, coldStartMs)
      const heard: { app: number; at: number }[] = []
      let now = 0
      for (const [app, ms] of list) {
        now += ms
        heard.push({ app, at: now })
        policy.arrived(app, now, -1, app)
      }
      now += 7000
      const kept = (of: (app: number) => boolean, parts: number, memoryMb: number): number => {
        const times = heard.filter((each) => of(each.app)).map(({ at }) => at)
        const recent = times.slice(-6).filter((at) => now - at < 86_400_000)
        const worth = Math.ceil((0.996 * ((parts * coldStartMs) / 1000)) / (0.004 * memoryMb))
        const most = Math.max(60, worth)
        if (recent.length === 0) return most
        const rate = recent.length / ((now - recent[0]!) / 1000)
        return Math.min(most, Math.max(60, Math.ceil(Math.log(5) / rate)))
      }
      for (const app of [0, 1, 2]) {
        const like = (other: number): boolean => policy.kindOf!(other, 0) === policy.kindOf!(app, 0)
        expect(keptMs(policy, app, now) / 1000).toBe(kept((other) => other === app, 0.4, 100))
        expect(stagesMs(policy, app, now)).toEqual([1000 * kept(like, 0.3, 40), 1000 * kept(() => true, 0.3, 10)])
      }
    }),
    { numRuns: 150 },
  )
})

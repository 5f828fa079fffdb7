import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MINUTE, SECOND } from '../../../src/core/units.ts'
import { KpaScale } from '../../../src/policy/demand/pod-autoscaler.ts'
import { kpa } from '../../../src/policy/policies/kpa.ts'
import { INSTANCES_MODEL, PAPER_MODEL } from '../../../src/sim/model.ts'
import { runSimulation, suitableReplays } from '../../../src/sim/simulation.ts'
import { type Execution, expectEqual, rowOf, traceOf } from '../../sim/scenario.ts'
import { asNaive, byHand } from './evidence.ts'
import { executions, heldAt } from './executions.ts'
import { made } from './made-context.ts'

/** As Knative's own unit tests set it up, with the target as it is aimed at. */
const scaleFor = (target: number, params: object = {}): KpaScale =>
  new KpaScale({ target, utilisation: 100, up: 10, down: 10, ...params })

describe("the scale, on the values of Knative's own unit tests,", () => {
  it.each([
    ['wants none without traffic', 10, 1, 0, 0, 0],
    ['wants one for little traffic', 181, 1, 21, 26, 1],
    ['wants what the stable window asks for', 10, 1, 50, 50, 5],
    ['stays where it is', 10, 5, 50, 50, 5],
    ['goes down', 10, 8, 50, 50, 5],
    ['goes up', 10, 8, 100, 100, 10],
    ['wants what the panic window asks for when that is twice what is there', 10, 1, 50, 100, 10],
    ['goes up tenfold at most', 10, 1, 1000, 1001, 10],
    ['goes up tenfold again', 10, 10, 1000, 1001, 100],
    ['goes down to a tenth at most', 10, 100, 1, 1, 10],
    ['goes down to a tenth again', 10, 10, 1, 1, 1],
    ['takes no instance for one', 10, 0, 1000, 888, 10],
    ['goes by the stable window where the panic one has less', 10, 1, 50, 10, 5],
    ['goes by it when it grows', 10, 1, 100, 10, 10],
    ['wants more once the target was made less', 1, 10, 100, 101, 100],
  ])('%s', (_what, target, ready, stable, panic, wanted) => {
    expect(scaleFor(target).wantedAt(0, stable, panic, ready)).toBe(wanted)
  })

  it('always can go up by one, and rounds limits on both sides', () => {
    expect(scaleFor(1, { up: 1.1 }).wantedAt(0, 3, 3.1, 2)).toBe(3)
    expect(scaleFor(10, { down: 1.1 }).wantedAt(0, 1, 1, 100)).toBe(90)
  })

  it('never goes down in a panic, which ends a stable window after it was last called for', () => {
    const scale = scaleFor(10)
    expect(scale.wantedAt(0, 100, 100, 1)).toBe(10)
    expect(scale.wantedAt(0, 100, 1000, 10)).toBe(100)
    expect(scale.wantedAt(30 * SECOND, 1, 1, 10)).toBe(100)
    expect(scale.wantedAt(60 * SECOND, 1, 1, 10)).toBe(100)
    expect(scale.wantedAt(61 * SECOND, 1, 1, 10)).toBe(1)
  })

  it('takes the larger window in a panic', () => {
    for (const [stable, wanted] of [
      [50, 50],
      [20, 30],
    ] as const) {
      const scale = scaleFor(1)
      expect(scale.wantedAt(0, 0, 5, 1)).toBe(5)
      expect(scale.wantedAt(5 * SECOND, stable, 30, 5)).toBe(wanted)
    }
  })

  it('leaves a panic after a slow increase, and stays in it while the surge goes on', () => {
    const slow = scaleFor(1)
    expect(slow.wantedAt(0, 11, 25, 10)).toBe(25)
    expect(slow.wantedAt(30 * SECOND, 30, 41, 40)).toBe(41)
    expect(slow.panicAt).toBe(0)
    expect(slow.wantedAt(62 * SECOND, 50, 56, 55)).toBe(50)
    const surge = scaleFor(1)
    expect(surge.wantedAt(0, 11, 25, 10)).toBe(25)
    expect(surge.wantedAt(30 * SECOND, 30, 80, 40)).toBe(80)
    expect(surge.panicAt).toBe(30 * SECOND)
  })

  it('follows a demand that grows sixfold each turn', () => {
    const scale = scaleFor(1)
    const turns = [1, 6, 36, 216, 1296].map((ready, turn) => scale.wantedAt(turn * SECOND, 6 * ready, 6 * ready, ready))
    expect(turns).toEqual([6, 36, 216, 1296, 7776])
  })

  it('goes down at once where there is no delay', () => {
    const scale = scaleFor(10, { panic: 100 })
    expect([scale.wantedAt(0, 40, 40, 1), scale.wantedAt(500, 20, 20, 1)]).toEqual([4, 2])
  })

  it('goes down only when what was wanted within the delay allows it', () => {
    const scale = scaleFor(10, { panic: 100, downDelay: 5 * MINUTE })
    const at = (ms: number, load: number): number => scale.wantedAt(ms, load, load, 1)
    expect([at(2 * SECOND, 40), at(5 * MINUTE, 0), at(5 * MINUTE + 2 * SECOND, 0)]).toEqual([4, 4, 0])
    expect([at(9 * MINUTE, 40), at(10 * MINUTE, 30), at(11 * MINUTE, 0)]).toEqual([4, 4, 4])
    expect([at(14 * MINUTE, 0), at(15 * MINUTE, 0)]).toEqual([3, 0])
  })
})

describe('the loop', () => {
  byHand('holds one instance until the stable window is empty and the grace is over, by hand', () => {
    // The window of 60 s is empty from 60 s on; the last instance then stays for 30 s: 90 s for each call that is alone.
    const trace = traceOf(
      [0, 5 * MINUTE, 6 * MINUTE].map((at): Execution => [at, 0]),
      10 * MINUTE,
    )
    const found = runSimulation({ trace, model: PAPER_MODEL, policy: kpa, seed: 1 })
    expect(rowOf(found)).toMatchObject({ invocations: 3, coldStarts: 2, loads: 2, idleMs: (90 + 60 + 90) * SECOND })
    for (const replay of suitableReplays({ trace, model: PAPER_MODEL, policy: kpa, seed: 1 }))
      expectEqual(runSimulation({ trace, model: PAPER_MODEL, policy: kpa, seed: 1, replay }), found)
  })

  it('loads ahead for a demand that grows, as its target leaves room', () => {
    // Two executions of a minute with room for 0.7 each are worth 3 instances: one is loaded beside them, and waits.
    const trace = traceOf(
      [0, 0].map((at): Execution => [at, MINUTE]),
      3 * MINUTE,
    )
    const model = { ...INSTANCES_MODEL, coldStart: SECOND }
    const found = runSimulation({ trace, model, policy: kpa, params: { target: 1 }, seed: 1 })
    expect(rowOf(found)).toMatchObject({ coldStarts: 2, prewarms: 1, loads: 3 })
  })

  asNaive('holds what each turn works out anew from all executions, by the rules of Knative', () => {
    let [several, panics] = [0, 0]
    fc.assert(
      fc.property(executions(60_000, 60_000), fc.constantFrom(1, 2, 4), (ran, target) => {
        const policy = made('kpa', { target })
        const facts = ran
          .flatMap(({ from, to }) => [
            { at: from, began: true },
            { at: to, began: false },
          ])
          .toSorted((one, other) => one.at - other.at || Number(one.began) - Number(other.began))
        const begin = Math.min(...ran.map(({ from }) => from))
        /** Mean concurrency over the whole seconds of a window that ends now; at least over one. */
        const mean = (now: number, seconds: number): number => {
          const since = Math.max(begin, now - (seconds - 1) * SECOND)
          const work = ran.map(({ from, to }) => Math.max(0, Math.min(to, now) - Math.max(from, since)))
          return work.reduce((sum, ms) => sum + ms, 0) / Math.max(SECOND, now - since)
        }
        let told = 0
        let [pods, panicAt, most, zeroAt] = [0, -1, 0, -1]
        for (let now = 2 * SECOND; now <= 250 * SECOND; now += 2 * SECOND) {
          for (; told < facts.length && facts[told]!.at <= now; told += 1) {
            const { at, began } = facts[told]!
            if (began) policy.arrived(0, at, -1, 0)
            else policy.finished!(0, at, 0)
          }
          if (now < begin) continue
          const ready = Math.max(1, pods)
          const [calm, hasty] = [mean(now, 60), mean(now, 6)].map((load) => Math.ceil(load / ((target * 70) / 100)))
          const clamped = [calm!, hasty!].map((wanted) =>
            Math.max(Math.floor(ready / 2), Math.min(wanted, 1000 * ready)),
          )
          if (hasty! >= 2 * ready) panicAt = now
          else if (panicAt >= 0 && now > panicAt + 60 * SECOND) [panicAt, most] = [-1, 0]
          if (panicAt >= 0) most = Math.max(most, ...clamped)
          const wanted = panicAt >= 0 ? most : clamped[0]!
          if (wanted > 0) zeroAt = -1
          else if (zeroAt < 0) zeroAt = now
          pods = wanted === 0 && pods > 0 && now < zeroAt + 30 * SECOND ? 1 : wanted
          if (pods > 1) several += 1
          if (panicAt === now) panics += 1
          expect(heldAt(policy, now)).toBe(pods)
        }
      }),
      { numRuns: 40 },
    )
    expect(several).toBeGreaterThan(100)
    expect(panics).toBeGreaterThan(20)
  })
})

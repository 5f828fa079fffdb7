import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SavedWindows } from '../../../src/engine/app-lifecycle.ts'
import { policies } from '../../../src/policy/policies/index.ts'
import type { Policy } from '../../../src/policy/policy.ts'
import { INSTANCES_MODEL } from '../../../src/sim/model.ts'
import { rowOf, traceOf } from '../../sim/scenario.ts'
import { InMemory, inMemory, policyFor } from '../in-memory.ts'

describe('saved windows', () => {
  it('let another fleet take the decisions that the first would have taken', () => {
    const gap = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 60, max: 700 }))
    const gaps = fc.array(gap, { minLength: 4, maxLength: 60 })
    const choice = fc.constantFrom(...policies.all.filter(({ needs }) => needs.length === 0))
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 40 }), choice, (list, cut, definition) => {
        const times = list.reduce<number[]>((all, minutes) => [...all, (all.at(-1) ?? 0) + minutes * 60_000], [])
        const trace = traceOf([[0, 0]], 1)
        const run = (from: number, to: number, saved?: string): [decided: string[], saved: string] => {
          const policy = policyFor(definition, trace)
          const decided: string[] = []
          const watched: Policy = {
            arrived: (...facts) => policy.arrived(...facts),
            decide(app, now, out) {
              policy.decide(app, now, out)
              decided.push(`${now}: ${out.prewarmMs} ${out.keepAliveMs}`)
            },
          }
          const world = new InMemory(1, INSTANCES_MODEL, watched, 0)
          if (saved !== undefined) {
            const { learnt, windows, at } = JSON.parse(saved, reviveInfinity) as {
              learnt: unknown
              windows: SavedWindows
              at: number
            }
            if (learnt !== undefined) policy.load?.(0, learnt)
            world.fleet.resume(0, windows, at)
          }
          for (const time of times.slice(from, to)) world.arrive(0, 0, time, 10)
          const at = (times[to - 1] ?? 0) + 30_000
          world.until(at)
          world.fleet.advance(at)
          const state = { learnt: policy.save?.(0), windows: world.fleet.save(0, at), at }
          return [decided, JSON.stringify(state, (_key, value: unknown) => (value === Infinity ? 'forever' : value))]
        }
        const middle = Math.min(cut, times.length - 1)
        const [whole] = run(0, times.length)
        const [first, saved] = run(0, middle)
        const [second] = run(middle, times.length, saved)
        expect([...first, ...second]).toEqual(whole)
      }),
      { numRuns: 200 },
    )
  })

  it('have an app loaded again that was to be kept, and pre-warmed when it was to be', () => {
    const world = inMemory([0, 100], [30, 50])
    world.arrive(0, 0, 0, 10)
    world.until(20)
    const kept = world.fleet.save(0, 20)
    expect(kept).toEqual({ idleAt: 15, loadAt: 20, keepUntil: 115, windowMs: 100 })
    world.arrive(0, 0, 40, 10)
    world.until(60)
    world.fleet.advance(60)
    const unloaded = world.fleet.save(0, 60)
    expect(unloaded).toEqual({ idleAt: 50, loadAt: 80, keepUntil: 130, windowMs: 80 })
    const other = inMemory([0, 100])
    other.fleet.resume(0, unloaded!, 70)
    expect(other.fleet.nextDue).toBe(80)
    other.fleet.advance(90)
    other.until(90)
    expect(other.fleet.nextDue).toBe(130)
  })

  it('make no negative idle time of a clock that was set back', () => {
    const idle: number[] = []
    const policy: Policy = {
      arrived: (_app, _now, idleMs) => void idle.push(idleMs),
      decide: (_app, _now, out) => void Object.assign(out, { prewarmMs: 0, keepAliveMs: 10 }),
    }
    const world = new InMemory(1, INSTANCES_MODEL, policy, 5)
    world.fleet.resume(0, { idleAt: 500, loadAt: Number.POSITIVE_INFINITY, keepUntil: 500, windowMs: 80 }, 200)
    world.arrive(0, 0, 230, 10)
    expect(idle).toEqual([30])
  })

  it('are of no use once their time has passed', () => {
    const other = inMemory([0, 100])
    other.fleet.resume(0, { idleAt: 50, loadAt: 80, keepUntil: 130, windowMs: 80 }, 200)
    expect(other.fleet.nextDue).toBe(Number.POSITIVE_INFINITY)
    other.arrive(0, 0, 210, 10)
    expect(rowOf(other.close(230))).toMatchObject({ coldStarts: 1, expired: 1 })
  })
})

function reviveInfinity(_key: string, value: unknown): unknown {
  return value === 'forever' ? Infinity : value
}

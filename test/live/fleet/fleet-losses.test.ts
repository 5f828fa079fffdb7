import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FINISH } from '../../../src/engine/outcomes.ts'
import { createLedger } from '../../../src/engine/ledger.ts'
import { Fleet, type Orders } from '../../../src/live/fleet/fleet.ts'
import { checkLedger } from '../../../src/metrics/check-ledger.ts'
import type { Policy } from '../../../src/policy/policy.ts'
import { INSTANCES_MODEL } from '../../../src/sim/model.ts'
import { answers, rowOf, traceOf } from '../../sim/scenario.ts'
import { InMemory, inMemory, optionsOf, policyFor, windows, worlds } from '../in-memory.ts'
import { examples } from '../../examples.ts'

describe('an instance that is lost', () => {
  it('while idle is replaced at the next arrival, whose reason is that it was taken away', () => {
    //  0  5    15   20      30
    //  |LLBBBBB-----x       |LL
    const world = inMemory([0, 100])
    world.arrive(0, 0, 0, 10)
    expect(world.lose(0, 20)).toEqual([])
    world.arrive(0, 0, 30, 10)
    const row = { invocations: 2, coldStarts: 2, first: 1, evicted: 1, loads: 2, loadingMs: 10, busyMs: 20, idleMs: 10 }
    expect(rowOf(world.close(50))).toEqual(row)
  })

  it('after its window had ended, though the clock told nobody, costs no other instance', () => {
    //  0  5    15      25  30     the window ends at 25; told at 30 that it was lost
    const world = inMemory([0, 10])
    world.arrive(0, 0, 0, 10)
    world.until(15)
    expect(world.fleet.lost(0, 30)).toEqual([])
    expect(world.ended).toEqual(['0@25'])
    expect(rowOf(world.close(40))).toMatchObject({ loads: 1, idleMs: 10 })
  })

  it('while busy ends what ran on it, and the app goes idle', () => {
    //  0  5    9         29
    //  |LLBBBBBx         |LL     asked for windows at 9: pre-warm after 15
    const world = inMemory([15, 100])
    world.arrive(0, 0, 0, 10)
    world.lose(0, 9)
    expect(rowOf(world.close(40))).toMatchObject({ coldStarts: 1, prewarms: 1, loads: 2, busyMs: 4 })
  })

  it('while loading gives back the calls that waited for it', () => {
    const world = inMemory([0, 100])
    world.arrive(0, 0, 0, 10)
    expect(world.lose(0, 3)).toEqual([{ fn: 0, durationMs: 10 }])
    expect(rowOf(world.close(40))).toEqual({ invocations: 1, coldStarts: 1, first: 1, loads: 1, loadingMs: 3 })
  })

  it('at any time leaves the accounts adding up', () => {
    const facts = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }), fc.boolean()), {
      minLength: 1,
      maxLength: 40,
    })
    fc.assert(
      fc.property(facts, windows, worlds, (steps, given, { coldStart, ...model }) => {
        const alive = new Map<number, { waiting: number; running: number[]; isReady: boolean }>()
        let [now, begun, over] = [0, 0, 0]
        const orders: Orders<number> = {
          start: (_app, instance) => void alive.set(instance, { waiting: 0, running: [], isReady: false }),
          stop: (_app, instance) => void alive.delete(instance),
          run: (_app, instance) => void alive.get(instance)!.running.push(0),
        }
        const trace = traceOf([[0, 0]], 1)
        const fleet = new Fleet(
          optionsOf(1, { ...model, nodes: [{ count: 1, memoryMb: 3 }] }),
          policyFor(answers(...given), trace),
          createLedger(1, 0),
          orders,
        )
        for (const [wait, choice, isLoss] of steps) {
          now += wait
          const chosen = [...alive].at(choice % Math.max(1, alive.size))
          if (chosen === undefined || choice < 4) {
            fleet.arrive(0, 0, now, begun)
            begun += 1
          } else if (isLoss) {
            fleet.advance(now, FINISH)
            if (!alive.has(chosen[0])) continue
            over += chosen[1].running.length + fleet.lost(chosen[0], now).length
          } else if (!chosen[1].isReady) {
            fleet.advance(now, FINISH)
            if (!alive.has(chosen[0])) continue
            chosen[1].isReady = true
            fleet.ready(chosen[0], now)
          } else if (chosen[1].running.length > 0) {
            chosen[1].running.pop()
            fleet.ended(chosen[0], 0, now)
            over += 1
          }
        }
        fleet.close(now + coldStart)
        expect(checkLedger(fleet.ledger)).toEqual([])
        expect(alive.size).toBe(0)
        expect(fleet.ledger.invocations[0]).toBe(begun)
        expect(over).toBeLessThanOrEqual(begun)
      }),
      { numRuns: examples(500) },
    )
  })

  it('is started anew where the floor needs it, a second after each loss, however often it fails', () => {
    //  0     5      20              1020    1023             2023
    //  |LLLLL|idle--x               |LLLLLLLx                |LL
    const policy: Policy = {
      ...policyFor(answers([0, 100]), traceOf([[0, 0]], 1)),
      arrived() {},
      decide: (_app, _now, out) => void Object.assign(out, { prewarmMs: 0, keepAliveMs: 100 }),
      floor: (_app, _now, out) => void Object.assign(out, { instances: 1, untilMs: Number.POSITIVE_INFINITY }),
    }
    const world = new InMemory(1, INSTANCES_MODEL, policy, 5)
    world.until(10)
    expect(world.fleet.nextDue).toBe(Number.POSITIVE_INFINITY)
    world.lose(0, 20)
    expect(world.fleet.nextDue).toBe(1020)
    world.until(1022)
    world.lose(0, 1023)
    expect(world.fleet.nextDue).toBe(2023)
    const row = { loads: 3, prewarms: 3, prewarmsUnused: 3, loadingMs: 13, idleMs: 15 + 72 }
    expect(rowOf(world.close(2100))).toEqual(row)
    expect(checkLedger(world.fleet.ledger)).toEqual([])
  })
})

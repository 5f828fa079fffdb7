import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RankTable } from '../../../src/sim/cluster/rank-table.ts'
import { RankedPool } from '../../../src/sim/cluster/ranked-pool.ts'

const LAST = Number.POSITIVE_INFINITY

/** The ranks are handed over as the ends of windows. */
function poolByUntil(): RankedPool {
  return new RankedPool((_app, _now, _clock, until) => until, new RankTable())
}

interface Entry {
  readonly instance: number
  readonly rank: number
  readonly serial: number
}

function byRank(one: Entry, other: Entry): number {
  if (one.rank === other.rank) return one.serial - other.serial
  return one.rank < other.rank ? -1 : 1
}

/** What {@link RankedPool} must do, as a list that is sorted for every question. */
class SortedList {
  private entries: Entry[] = []
  private serial = 0

  add(instance: number, rank: number): void {
    this.serial += 1
    this.entries.push({ instance, rank, serial: this.serial })
  }

  remove(instance: number): void {
    this.entries = this.entries.filter((entry) => entry.instance !== instance)
  }

  has(instance: number): boolean {
    return this.entries.some((entry) => entry.instance === instance)
  }

  get victim(): number | undefined {
    return this.entries.toSorted(byRank)[0]?.instance
  }
}

const instance = fc.integer({ min: 0, max: 70 })
const rank = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constantFrom(LAST, -LAST, 0.5))
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constant('use' as const), instance, rank }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('wake' as const), instance }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('unload' as const), instance }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('evict' as const) }) },
)

describe('a ranked pool', () => {
  it('gives the victims that a sorted list gives, whatever becomes idle, works, goes and comes back', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400, size: 'max' }), (steps) => {
        const pool = poolByUntil()
        const list = new SortedList()
        const victims: { readonly found: number; readonly expected: number }[] = []
        const leave = (instance: number, isGone: boolean): void => {
          if (list.has(instance)) pool.remove(instance)
          list.remove(instance)
          if (isGone) pool.forget(instance)
        }
        const evict = (): void => {
          const expected = list.victim
          if (expected === undefined) return
          victims.push({ found: pool.victim(), expected })
          leave(expected, true)
        }
        for (const each of steps) {
          if (each.what === 'use') {
            leave(each.instance, false)
            pool.add(each.instance, 0, 0, each.rank)
            list.add(each.instance, each.rank)
          } else if (each.what === 'evict') evict()
          else leave(each.instance, each.what === 'unload')
        }
        while (list.victim !== undefined) evict()
        expect(victims.map(({ found }) => found)).toEqual(victims.map(({ expected }) => expected))
      }),
      { numRuns: 500 },
    )
  })

  it('gives the same victim as long as nothing changes', () => {
    const pool = poolByUntil()
    for (const [instance, until] of [5, 3, 3, 9].entries()) pool.add(instance, 0, 0, until)
    expect([pool.victim(), pool.victim()]).toEqual([1, 1])
  })

  it('tells rankings the highest rank that was evicted, which never falls', () => {
    const clocks: number[] = []
    const pool = new RankedPool((_app, _now, clock, until) => {
      clocks.push(clock)
      return until
    }, new RankTable())
    const evict = (): void => {
      const victim = pool.victim()
      pool.remove(victim)
      pool.forget(victim)
    }
    pool.add(0, 0, 0, 7)
    evict()
    pool.add(0, 0, 0, 4)
    evict()
    pool.add(0, 0, 0, 9)
    expect(clocks).toEqual([0, 7, 7])
  })

  it('keeps a heap no larger than twice what is idle, however often ranks fall and numbers are used again', () => {
    const pool = poolByUntil()
    const heap = pool['heap']
    let largest = 0
    for (let round = 0; round < 20_000; round += 1) {
      const instance = round % 30
      if (round >= 30) pool.remove(instance)
      if (round % 7 === 0) pool.forget(instance)
      pool.add(instance, 0, 0, -round)
      largest = Math.max(largest, heap.size)
    }
    expect(largest).toBeLessThanOrEqual(2 * 30 + 65)
    expect(pool.victim()).toBe((20_000 - 1) % 30)
  })
})

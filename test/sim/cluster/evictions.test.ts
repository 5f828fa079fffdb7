import { describe, expect, it } from 'vitest'
import type { Ranking } from '../../../src/sim/cluster/idle-pool.ts'
import { RankedPool } from '../../../src/sim/cluster/ranked-pool.ts'
import { RankTable } from '../../../src/sim/cluster/rank-table.ts'
import { NOWHERE } from '../../../src/sim/cluster/placement.ts'
import { evictions } from '../../../src/sim/evictions/index.ts'
import { Board } from './board.ts'
import { type Apps, oneNode } from './cluster-scenario.ts'

/** An app that takes a node of 4 MB whole, and apps of different sizes. */
const WHOLE = { all: [4] } as const
const EQUAL: Apps = { a: [1], b: [1], c: [1], d: [1], ...WHOLE }

/** A board with one node of 4 MB under an eviction order. */
function boardOf(eviction: string, apps: Apps, seed = 1): Board {
  return new Board(apps, { nodes: oneNode(4), eviction }, seed)
}

/** Every instance on the board goes, in the order in which this gives their apps. */
function evictAll(board: Board): readonly string[] {
  expect(board.load('all', 99)).toBe(0)
  return board.evicted
}

/** The order in which four apps go at random. */
function randomOrder(seed: number): string {
  const board = boardOf('random', EQUAL, seed)
  for (const app of ['a', 'b', 'c', 'd']) board.run(app, 0)
  return evictAll(board).join('')
}

describe.each(evictions.ids)('the eviction order %s', (id) => {
  it('lets nobody go that is spared, and somebody else in its place', () => {
    const columns = new RankTable()
    const facts = {
      memoryMb: Float64Array.of(1, 1),
      loadingMs: Float64Array.of(9, 9),
      uses: Float64Array.of(2, 2),
      busy: new Uint32Array(2),
      nextUse: () => 1,
      ranked: (ranking: Ranking) => new RankedPool(ranking, columns),
      seed: 1,
    }
    const pool = evictions.get(id, 'test').pool(facts, 0)
    // Two of one app, two of the other, in turn.
    for (const instance of [0, 1, 2, 3]) pool.add(instance, instance % 2, instance, 100)
    const gone: number[] = []
    for (let turn = 0; turn < 2; turn += 1) {
      const victim = pool.victim(new Set([0, 2]))
      pool.remove(victim)
      pool.forget(victim)
      gone.push(victim)
    }
    expect(gone.toSorted()).toEqual([1, 3])
    expect([0, 2]).toContain(pool.victim())
  })
})

describe('lru', () => {
  it('evicts what has been idle longest; a use ends when the instance becomes idle again', () => {
    const board = boardOf('lru', EQUAL)
    for (const [time, app] of ['a', 'b', 'c', 'd'].entries()) board.run(app, time)
    board.touch('b', 4)
    board.wake('a')
    board.touch('d', 5)
    board.rest('a', 6)
    expect(evictAll(board)).toEqual(['c', 'b', 'd', 'a'])
  })

  it('of those idle since the same time evicts the one first that became so first', () => {
    const board = boardOf('lru', EQUAL)
    for (const app of ['c', 'a', 'd', 'b']) board.run(app, 7)
    expect(evictAll(board)).toEqual(['c', 'a', 'd', 'b'])
  })
})

describe('lfu', () => {
  it('evicts the app with the fewest invocations, of equal ones the one idle longest', () => {
    const board = boardOf('lfu', EQUAL)
    for (const [time, app] of ['a', 'b', 'c', 'd'].entries()) board.run(app, time)
    for (const app of ['a', 'a', 'c', 'd']) board.touch(app, 5)
    //  a 3, b 1, c 2, d 2
    expect(evictAll(board)).toEqual(['b', 'c', 'd', 'a'])
  })

  it('forgets how often an app was invoked once it has no instance left', () => {
    const board = boardOf('lfu', { a: [2], b: [2], c: [2] })
    board.run('a', 0)
    for (const time of [1, 2, 3, 4]) board.touch('a', time)
    board.run('b', 5)
    for (const time of [6, 7, 8, 9, 10]) board.touch('b', time)
    //  a 5, b 6; c takes the place of a, then a that of c with one invocation, and c that of a
    for (const [time, app] of ['c', 'a', 'c'].entries()) board.run(app, 11 + time)
    expect(board.evicted).toEqual(['a', 'c', 'a'])
  })

  it('keeps the count while another instance of the app is loaded', () => {
    const board = boardOf('lfu', { a: [1], b: [1], ...WHOLE })
    board.load('a')
    board.load('a')
    board.rest('a', 0)
    board.rest('a', 1)
    board.run('b', 2)
    board.touch('b', 3)
    board.touch('b', 4)
    board.touch('b', 5)
    //  a has 2 invocations, b 4. One instance of a is replaced by a b; then the other has 3.
    board.load('b', 6)
    board.load('b', 6)
    expect(board.evicted).toEqual(['a'])
    board.touch('a', 7)
    board.rest('b', 8)
    board.rest('b', 9)
    expect(evictAll(board)).toEqual(['a', 'a', 'b', 'b', 'b'])
  })
})

describe('size', () => {
  it('evicts the largest, of equal ones the one idle longest', () => {
    const board = new Board({ a: [1], b: [3], c: [2], d: [2], all: [8] }, { nodes: oneNode(8), eviction: 'size' })
    for (const app of ['a', 'd', 'b', 'c']) board.run(app, 0)
    expect(evictAll(board)).toEqual(['b', 'd', 'c', 'a'])
  })
})

describe('greedy-dual', () => {
  it('evicts the lowest frequency x cost / size', () => {
    //  a 1 x 600 / 1 = 600, b 1 x 100 / 1 = 100, c 3 x 100 / 2 = 150
    const board = boardOf('greedy-dual', { a: [1, 600], b: [1, 100], c: [2, 100], ...WHOLE })
    for (const app of ['a', 'b', 'c']) board.run(app, 0)
    for (const time of [1, 2]) board.touch('c', time)
    expect(evictAll(board)).toEqual(['b', 'c', 'a'])
  })

  it('adds the clock, the highest that was evicted, so that what was worth much once goes in the end', () => {
    //  room for two; a is worth 250, b and c 100 each
    const board = new Board({ a: [1, 250], b: [1, 100], c: [1, 100] }, { nodes: oneNode(2), eviction: 'greedy-dual' })
    board.run('a', 0)
    //  clock   0: b is worth 100, and goes for c
    //  clock 100: c is worth 200, and goes for b
    //  clock 200: b is worth 300, so now a goes
    for (const [time, app] of ['b', 'c', 'b', 'c'].entries()) board.run(app, 1 + time)
    expect(board.evicted).toEqual(['b', 'c', 'a'])
  })

  it('has a clock for each node', () => {
    const nodes = [{ count: 2, memoryMb: 2 }]
    const apps = { a: [2, 1000], b: [1, 100], c: [1, 300], all: [2] } as const
    const board = new Board(apps, { nodes, eviction: 'greedy-dual', placement: 'first-fit' })
    board.run('a', 0)
    //  [a a] [b c]: 500 on the first; 100 and 300 on the second
    board.run('b', 1)
    board.run('c', 2)
    //  a goes, and the first node's clock is 500, that of the second still 0
    board.load('all', 3)
    board.load('b', 4)
    board.rest('b', 4)
    board.touch('b', 5)
    expect(board.evicted).toEqual(['a', 'b'])
    //  b is worth 0 (or 100) + 2 x 100, less than or as much as c, and less than 500
    board.load('c', 6)
    expect(board.evicted).toEqual(['a', 'b', 'c'])
  })

  it('counts invocations anew once an app has no instance left', () => {
    const board = new Board({ a: [1, 100], b: [1, 300] }, { nodes: oneNode(1), eviction: 'greedy-dual' })
    board.run('a', 0)
    board.touch('a', 1)
    //  a leaves at 200; b comes at 200 + 300; a comes back with 500 + 1 x 100, not + 3 x 100
    board.run('b', 2)
    board.run('a', 3)
    board.run('b', 4)
    expect(board.evicted).toEqual(['a', 'b', 'a'])
  })
})

describe('faascache-freq and faascache-size', () => {
  it('leave out the size, or the cost, of greedy-dual but keep its clock', () => {
    //  frequency x cost: a 100, b 300, c 200; frequency / size: a 1 / 1, b 1 / 2, c 2 / 1
    const apps: Apps = { a: [1, 100], b: [2, 300], c: [1, 100], ...WHOLE }
    const after = (eviction: string): readonly string[] => {
      const board = boardOf(eviction, apps)
      for (const app of ['a', 'b', 'c']) board.run(app, 0)
      board.touch('c', 1)
      return evictAll(board)
    }
    expect(after('faascache-freq')).toEqual(['a', 'c', 'b'])
    expect(after('faascache-size')).toEqual(['b', 'a', 'c'])
  })
})

describe('landlord', () => {
  it('takes rent by size from all until one has no credit left, and a use restores the credit', () => {
    //  credit over size: a 400 / 1, b 600 / 2 = 300, c 200 / 1
    const board = boardOf('landlord', { a: [1, 400], b: [2, 600], c: [1, 200], d: [1, 1000], e: [1, 1000], all: [4] })
    for (const [time, app] of ['a', 'b', 'c'].entries()) board.run(app, time)
    //  d: rent 200 an MB; c goes; a has 200 left, b 100
    board.run('d', 3)
    expect(board.evicted).toEqual(['c'])
    //  a use of b restores 300; e: rent 200 more; a goes, b has 100 left, d 800
    board.touch('b', 4)
    board.run('e', 5)
    expect(board.evicted).toEqual(['c', 'a'])
    expect(evictAll(board)).toEqual(['c', 'a', 'b', 'd', 'e'])
  })
})

describe('soonest-to-expire', () => {
  it('evicts what the policy would unload next anyway', () => {
    const board = boardOf('soonest-to-expire', EQUAL)
    for (const [app, until] of [
      ['a', 50],
      ['b', 30],
      ['c', 90],
      ['d', 30],
    ] as const)
      board.run(app, 0, until)
    expect(evictAll(board)).toEqual(['b', 'd', 'a', 'c'])
  })

  it('evicts what has no end last, the one idle longest first', () => {
    const board = boardOf('soonest-to-expire', EQUAL)
    board.run('a', 0)
    board.run('b', 1)
    board.run('c', 2, 1e12)
    board.touch('a', 3)
    expect(evictAll(board)).toEqual(['c', 'b', 'a'])
  })
})

describe('belady', () => {
  it('evicts what is invoked again latest, or never', () => {
    const board = boardOf('belady', EQUAL)
    board.nextUse.set([20, Number.POSITIVE_INFINITY, 70, 30])
    for (const app of ['a', 'b', 'c', 'd']) board.run(app, 0)
    expect(evictAll(board)).toEqual(['b', 'c', 'd', 'a'])
  })
})

describe('random', () => {
  it('evicts in the same order for the same seed', () => {
    expect(randomOrder(5)).toBe(randomOrder(5))
  })

  it('evicts in each of the 24 orders for some seed, every app first about equally often', () => {
    const orders = Array.from({ length: 1000 }, (_, seed) => randomOrder(seed))
    expect(new Set(orders).size).toBe(24)
    // 250 +- 13.7 each; five standard deviations.
    for (const app of 'abcd')
      expect(Math.abs(orders.filter((each) => each.startsWith(app)).length - 250)).toBeLessThan(69)
  })
})

for (const { id } of evictions.all) {
  describe(`the eviction order ${id}`, () => {
    it('evicts no more than the load takes', () => {
      //  [a b c d] and one that takes 2 MB: two go; with 1 MB free, one goes
      const board = boardOf(id, { ...EQUAL, two: [2] })
      for (const app of ['a', 'b', 'c', 'd']) board.run(app, 0)
      board.load('two', 1)
      expect(board.evicted.length).toBe(2)
      const half = boardOf(id, { ...EQUAL, two: [2] })
      for (const app of ['a', 'b', 'c']) half.run(app, 0)
      half.load('two', 1)
      expect(half.evicted.length).toBe(1)
    })

    it('never evicts what works, nor on another node', () => {
      const nodes = [
        { count: 1, memoryMb: 2 },
        { count: 1, memoryMb: 3 },
      ]
      const board = new Board({ a: [1], b: [1], c: [3] }, { nodes, eviction: id, placement: 'first-fit' })
      for (const app of ['a', 'a', 'b', 'b', 'b']) board.load(app)
      //  [a a] [B B B]: c fits the second node only, where all work
      board.rest('a')
      board.rest('a')
      expect(board.load('c', 1)).toBe(NOWHERE)
      //  [a a] [B b b]
      board.rest('b', 1)
      board.rest('b', 1)
      expect(board.load('c', 2)).toBe(NOWHERE)
      expect(board.evicted).toEqual([])
      board.rest('b', 2)
      expect(board.load('c', 3)).toBe(1)
      expect(board.evicted).toEqual(['b', 'b', 'b'])
    })

    it('works for instances that never expire, take no time to load, are never invoked again, or are hardly any memory', () => {
      const board = boardOf(id, { a: [Number.MIN_VALUE], b: [1], c: [0, 5], ...WHOLE })
      board.nextUse.fill(Number.POSITIVE_INFINITY)
      for (let round = 0; round < 3; round += 1) {
        for (const app of ['a', 'b', 'c']) board.run(app, round)
        board.run('all', round)
      }
      expect([...board.evicted].sort()).toEqual(['a', 'a', 'a', 'all', 'all', 'b', 'b', 'b', 'c', 'c', 'c'])
    })
  })
}

import { describe, expect, it } from 'vitest'
import { keyOf } from '../../../src/core/random.ts'
import { NOWHERE } from '../../../src/sim/cluster/placement.ts'
import { placements } from '../../../src/sim/placements/index.ts'
import { Board } from './board.ts'

/* Nodes are drawn as [ ] with what is on them: a letter an MB, upper case at work, lower case idle, a dot free. */
const MB = 64

function times<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make)
}

function home(app: string, nodes: number): number {
  return keyOf(app)[0] % nodes
}

describe.each(placements.all)('$id', (definition) => {
  it('that finds no room without evicting is not moved by having looked', () => {
    const facts = { names: { at: (app: number) => `app ${app}` }, seed: 3 }
    const nodes = {
      count: 4,
      memory: new Float64Array(4).fill(4),
      free: new Float64Array(4),
      idle: new Float64Array(4).fill(4),
    }
    const [one, other] = [definition.create({ ...facts, nodes }), definition.create({ ...facts, nodes })]
    for (let app = 0; app < 40; app += 1) {
      expect(one.choose(app, 1, false)).toBe(NOWHERE)
      expect(one.choose(app, 1, true)).toBe(other.choose(app, 1, true))
    }
  })
})

describe('first-fit', () => {
  it('takes the first node with free memory, before it evicts on an earlier one', () => {
    const board = new Board({ a: [2], b: [1] }, { nodes: [{ count: 2, memoryMb: 3 }], placement: 'first-fit' })
    //  [A A .] [. . .]
    expect(board.load('a')).toBe(0)
    //  [A A .] [A A .]
    expect(board.load('a')).toBe(1)
    //  [a a B] [A A .]   the hole of 1 MB on the first is still good enough for b
    board.rest('a', 1, undefined, 0)
    expect(board.load('b')).toBe(0)
    //  [a a B] [A A B]   not by evicting a, as there is free memory on the second
    expect(board.load('b')).toBe(1)
    expect(board.evicted).toEqual([])
    //  [B . B] [A A B]   now a must go
    expect(board.load('b')).toBe(0)
    expect(board.evicted).toEqual(['a'])
  })

  it('evicts on the first node where that makes room', () => {
    const board = new Board({ a: [2], b: [2] }, { nodes: [{ count: 3, memoryMb: 2 }], placement: 'first-fit' })
    //  [A A] [a a] [a a]  ->  [A A] [B B] [a a]
    for (const node of [0, 1, 2]) expect(board.load('a')).toBe(node)
    board.rest('a', 1, undefined, 2)
    board.rest('a', 2, undefined, 1)
    expect(board.load('b')).toBe(1)
    expect(board.evicted).toEqual(['a'])
  })
})

describe('least-loaded', () => {
  it('takes the node with the most free memory, of equal ones the first', () => {
    const nodes = [
      { count: 1, memoryMb: 3 },
      { count: 2, memoryMb: 4 },
    ]
    const board = new Board({ a: [2], b: [1] }, { nodes, placement: 'least-loaded' })
    //  [. . .] [. . . .] [. . . .]
    expect(board.load('a')).toBe(1)
    //  [. . .] [A A . .] [. . . .]
    expect(board.load('a')).toBe(2)
    //  [. . .] [A A . .] [A A . .]
    expect(board.load('b')).toBe(0)
    //  [B . .] [A A . .] [A A . .]   all have 2 MB free
    expect(board.load('b')).toBe(0)
    expect(board.load('a')).toBe(1)
  })

  it('where none has enough free, takes the node with the most that is free or idle', () => {
    const board = new Board({ a: [1], b: [3] }, { nodes: [{ count: 2, memoryMb: 4 }], placement: 'least-loaded' })
    //  [A A A .] [A A A .]  ->  [A A a .] [A a a .]  ->  [A A a .] [A B B B]
    for (const node of [0, 1, 0, 1, 0, 1]) expect(board.load('a')).toBe(node)
    board.rest('a', 0, undefined, 0)
    board.rest('a', 0, undefined, 1)
    board.rest('a', 0, undefined, 1)
    expect(board.load('b')).toBe(1)
    expect(board.evicted).toEqual(['a', 'a'])
    expect([...board.nodes.free]).toEqual([MB, 0])
  })

  it('finds a node that has exactly enough, and none when all work', () => {
    const board = new Board({ a: [4] }, { nodes: [{ count: 2, memoryMb: 4 }], placement: 'least-loaded' })
    expect(times(3, () => board.load('a'))).toEqual([0, 1, NOWHERE])
  })
})

describe('round-robin', () => {
  it('takes one node after the other, leaving out those without room', () => {
    const board = new Board({ a: [1], b: [3] }, { nodes: [{ count: 3, memoryMb: 4 }], placement: 'round-robin' })
    expect(board.load('b')).toBe(0)
    expect(board.load('a')).toBe(1)
    //  [B B B .] [A . . .] [. . . .]   b: the third, then round to the second, as the first has 1 MB left
    expect(board.load('b')).toBe(2)
    expect(board.load('b')).toBe(1)
    //  [B B B .] [A B B B] [B B B .]
    expect(board.load('a')).toBe(2)
    expect(board.load('a')).toBe(0)
    expect(board.load('a')).toBe(NOWHERE)
  })

  it('does not lose its turn when nothing fits', () => {
    const board = new Board({ a: [2] }, { nodes: [{ count: 3, memoryMb: 2 }], placement: 'round-robin' })
    expect(times(4, () => board.load('a'))).toEqual([0, 1, 2, NOWHERE])
    for (const _ of [0, 1, 2]) board.rest('a')
    //  [a a] [a a] [a a]   it is the first one's turn
    expect(times(2, () => board.load('a'))).toEqual([0, 1])
  })
})

describe('random', () => {
  const nodes = [{ count: 4, memoryMb: 8 }]
  const draws = (seed: number) => {
    const board = new Board({ a: [1] }, { nodes, placement: 'random' }, seed)
    return times(12, () => board.load('a'))
  }

  it('draws the same nodes for the same seed, and others for another', () => {
    expect(draws(1)).toEqual(draws(1))
    expect(draws(2)).not.toEqual(draws(1))
  })

  it('reaches every node with room and no other', () => {
    const board = new Board({ a: [1], big: [8] }, { nodes, placement: 'random' })
    const full = board.load('big')
    const reached = new Set(times(24, () => board.load('a')))
    expect([...reached].sort()).toEqual([0, 1, 2, 3].filter((node) => node !== full))
    expect(board.load('a')).toBe(NOWHERE)
  })

  it('chooses all nodes about equally often', () => {
    const counts = [0, 0, 0, 0]
    for (let seed = 0; seed < 1000; seed += 1)
      counts[new Board({ a: [1] }, { nodes, placement: 'random' }, seed).load('a')]! += 1
    // 250 +- 13.7 each; five standard deviations.
    for (const count of counts) expect(Math.abs(count - 250)).toBeLessThan(69)
  })

  it('evicts only where no node has free memory', () => {
    const board = new Board({ a: [8], b: [8] }, { nodes, placement: 'random' })
    for (const _ of [0, 1, 2]) board.run('a', 0)
    const last = board.load('b')
    expect(board.evicted).toEqual([])
    const next = board.load('b')
    expect(board.evicted).toEqual(['a'])
    expect(next).not.toBe(last)
  })
})

describe('hash', () => {
  it('loads every app at its home while there is room', () => {
    const apps = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((app) => [app, [1] as const]))
    const board = new Board(apps, { nodes: [{ count: 3, memoryMb: 16 }], placement: 'hash' })
    for (const app of [...Object.keys(apps), ...Object.keys(apps)]) expect(board.load(app)).toBe(home(app, 3))
  })

  it('steps on by the app’s own step where running work leaves no room, until it has been everywhere', () => {
    const steps = new Set<number>()
    for (const app of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
      const board = new Board({ [app]: [4] }, { nodes: [{ count: 6, memoryMb: 7 }], placement: 'hash' })
      const visited = times(6, () => board.load(app))
      const step = (visited[1]! - visited[0]! + 6) % 6
      steps.add(step)
      expect(visited).toEqual(visited.map((_, index) => (home(app, 6) + index * step) % 6))
      expect(new Set(visited).size).toBe(6)
      expect(board.load(app)).toBe(NOWHERE)
    }
    // 1 and 5 have no divisor in common with 6.
    expect([...steps].sort()).toEqual([1, 5])
  })

  it('evicts idle instances at home rather than going on to an empty node', () => {
    const guest = ['b', 'c', 'd', 'e', 'f', 'g'].find((app) => home(app, 2) === home('a', 2))!
    const board = new Board({ a: [4], [guest]: [3] }, { nodes: [{ count: 2, memoryMb: 4 }], placement: 'hash' })
    board.run(guest, 0)
    //  [g g g .] [. . . .]  ->  [A A A A] [. . . .]
    expect(board.load('a', 1)).toBe(home('a', 2))
    expect(board.evicted).toEqual([guest])
    expect(board.load('a', 2)).toBe(1 - home('a', 2))
  })

  it('passes over a home that is too small for the app', () => {
    const nodes = [
      { count: 1, memoryMb: 2 },
      { count: 1, memoryMb: 4 },
    ]
    for (const app of ['a', 'b', 'c', 'd']) {
      const board = new Board({ [app]: [3] }, { nodes, placement: 'hash' })
      expect(board.load(app)).toBe(1)
    }
  })

  it('has room on a single node', () => {
    const board = new Board({ a: [2] }, { nodes: [{ count: 1, memoryMb: 4 }], placement: 'hash' })
    expect(times(3, () => board.load('a'))).toEqual([0, 0, NOWHERE])
  })
})

for (const { id } of placements.all) {
  describe(`the placement ${id} on unlike nodes`, () => {
    it('never puts an app on a node that is smaller, and fills all that it can be put on', () => {
      const nodes = [
        { count: 2, memoryMb: 2 },
        { count: 1, memoryMb: 5 },
        { count: 1, memoryMb: 8 },
      ]
      const board = new Board({ a: [3] }, { nodes, placement: id })
      expect(times(3, () => board.load('a')).sort()).toEqual([2, 3, 3])
      expect(board.load('a')).toBe(NOWHERE)
      expect([...board.nodes.free]).toEqual([2 * MB, 2 * MB, 2 * MB, 2 * MB])
    })
  })
}

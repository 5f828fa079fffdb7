import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Board } from './board.ts'
import { type Apps, forever, oneNode, runCluster, traceWith } from './cluster-scenario.ts'

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const
const WHOLE = { all: [4] } as const
const EQUAL: Apps = { a: [1], b: [1], c: [1], d: [1], ...WHOLE }

const requests = fc.array(fc.constantFrom(...NAMES.keys()), { minLength: 1, maxLength: 120 })
const capacities = fc.integer({ min: 2, max: 6 })

/** Cold starts of requests a millisecond apart whose apps have 1 MB each. */
function misses(list: readonly number[], capacityMb: number, eviction: string): number {
  const executions = list.map((app, turn) => [turn + 1, 0, NAMES[app]!] as const)
  const apps = Object.fromEntries(NAMES.map((name) => [name, [1, 0]])) as unknown as Apps
  const ledger = runCluster(traceWith(apps, executions, 60_000), forever, {
    nodes: oneNode(capacityMb),
    eviction,
    coldStart: 0,
  })
  return ledger.coldStarts.reduce((sum, count) => sum + count, 0)
}

interface Entry {
  readonly app: number
  uses: number
}

/** SIEVE as its paper has it: a list, newest first, and a hand that walks to the newest. */
function sieveMisses(list: readonly number[], capacity: number): number {
  const queue: Entry[] = []
  let hand: Entry | undefined
  let count = 0
  for (const app of list) {
    const hit = queue.find((entry) => entry.app === app)
    if (hit !== undefined) {
      hit.uses = 1
      continue
    }
    count += 1
    if (queue.length === capacity) {
      let entry = hand ?? queue.at(-1)!
      while (entry.uses > 0) {
        entry.uses = 0
        entry = queue[queue.indexOf(entry) - 1] ?? queue.at(-1)!
      }
      hand = queue[queue.indexOf(entry) - 1]
      queue.splice(queue.indexOf(entry), 1)
    }
    queue.unshift({ app, uses: 0 })
  }
  return count
}

/** S3-FIFO with a small queue of a tenth of what is there, over lists, newest last. */
function s3FifoMisses(list: readonly number[], capacity: number): number {
  let small: Entry[] = []
  let main: Entry[] = []
  let ghosts: number[] = []
  let count = 0
  for (const app of list) {
    const hit = [...small, ...main].find((entry) => entry.app === app)
    if (hit !== undefined) {
      hit.uses = Math.min(3, hit.uses + 1)
      continue
    }
    count += 1
    while (small.length + main.length === capacity) {
      if (small.length > 0 && (small.length >= 0.1 * capacity || main.length === 0)) {
        const [first] = small
        small = small.slice(1)
        if (first!.uses > 1) main.push({ app: first!.app, uses: 0 })
        else ghosts = [...ghosts, first!.app].slice(-Math.max(1, main.length))
      } else {
        const [first] = main
        main = main.slice(1)
        if (first!.uses > 0) main.push({ app: first!.app, uses: first!.uses - 1 })
      }
    }
    if (ghosts.includes(app)) main.push({ app, uses: 0 })
    else small.push({ app, uses: 0 })
    ghosts = ghosts.filter((ghost) => ghost !== app)
  }
  return count
}

describe('orders of queues', () => {
  it('sieve misses just when a list with a hand does', () => {
    fc.assert(
      fc.property(requests, capacities, (list, capacity) => {
        expect(misses(list, capacity, 'sieve')).toBe(sieveMisses(list, capacity))
      }),
      { numRuns: 150, seed: 1 },
    )
  })

  it('s3-fifo misses just when two lists and their ghosts do', () => {
    fc.assert(
      fc.property(requests, capacities, (list, capacity) => {
        expect(misses(list, capacity, 's3-fifo')).toBe(s3FifoMisses(list, capacity))
      }),
      { numRuns: 150, seed: 2 },
    )
  })

  it.each(['sieve', 's3-fifo'])('%s never takes an instance that works', (eviction) => {
    const board = new Board(EQUAL, { nodes: oneNode(4), eviction })
    for (const [time, app] of ['a', 'b', 'c', 'd'].entries()) board.run(app, time)
    board.wake('a')
    board.wake('b')
    board.load('c', 9)
    board.load('d', 10)
    expect(board.evicted).toEqual(['c', 'd'])
  })
})

describe('cidre', () => {
  it('lets a further instance go before the only one of an app that is used as often', () => {
    const board = new Board({ a: [1, 100], b: [1, 100], c: [2, 100] }, { nodes: oneNode(4), eviction: 'cidre' })
    board.load('a')
    board.load('a')
    board.run('b', 0)
    board.touch('b', 1)
    board.rest('a', 2)
    board.rest('a', 3)
    //  a has 2 uses and 2 instances, b 2 uses and 1: a ranks 2 x 100 / 2 each, b 2 x 100.
    board.load('c', 4)
    expect(board.evicted).toEqual(['a'])
  })
})

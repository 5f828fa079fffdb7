import { describe, expect, it } from 'vitest'
import { rowOf } from '../scenario.ts'
import { forever, oneNode, runCluster, traceWith, windowsOf } from './cluster-scenario.ts'

/*
 * Time runs to the right, in ms; one line per instance. In the drawings:
 *   L loading   B busy   - idle (loaded)   . not loaded   | an arrival   x it is dropped
 */
const FOREVER = [0, Number.POSITIVE_INFINITY] as const

describe('a load that finds memory short', () => {
  it('evicts idle instances, and their next cold start has the reason evicted', () => {
    //     0  2  5  7   10 12   room for one
    //  a  |BB---.       |BB
    //  b        |BB-----.
    const trace = traceWith(
      { a: [1], b: [1] },
      [
        [0, 2, 'a'],
        [5, 2, 'b'],
        [10, 2, 'a'],
      ],
      12,
    )
    const ledger = runCluster(trace, forever, { nodes: oneNode(1) })
    const row = { invocations: 2, coldStarts: 2, first: 1, evicted: 1, loads: 2, evictions: 1, busyMs: 4, idleMs: 3 }
    expect(rowOf(ledger, 0)).toEqual(row)
    expect(rowOf(ledger, 1)).toMatchObject({ coldStarts: 1, evictions: 1, busyMs: 2, idleMs: 3 })
  })

  it('evicts an instance at the very instant at which its window ends, for an arrival comes before an unload', () => {
    //     0  2     6  7   9  11      room for one, window 4 ms
    //  a  |BB------.      |BB
    //  b           |B..
    const trace = traceWith(
      { a: [1], b: [1] },
      [
        [0, 2, 'a'],
        [6, 1, 'b'],
        [9, 2, 'a'],
      ],
      11,
    )
    const ledger = runCluster(trace, windowsOf([0, 4], [0, 0]), { nodes: oneNode(1) })
    expect(rowOf(ledger, 0)).toMatchObject({ evicted: 1, evictions: 1, idleMs: 4 })
    expect(rowOf(ledger, 1)).not.toHaveProperty('evictions')
  })

  it('calls a cold start expired where the last instance went by itself, though one was evicted before', () => {
    //     0 1     5     8    12     room for 2 MB, windows of 6 ms
    //  a  |B-----.                  evicted at 5
    //  a  |BB---------.             its window ends at 8
    //  b          |BB.              1 MB
    //  a                     |B
    const trace = traceWith(
      { a: [1], b: [1] },
      [
        [0, 1, 'a'],
        [0, 2, 'a'],
        [5, 2, 'b'],
        [12, 1, 'a'],
      ],
      13,
    )
    const ledger = runCluster(trace, windowsOf([0, 6], [0, 0]), { nodes: oneNode(2) })
    expect(rowOf(ledger, 0)).toMatchObject({ first: 1, scaleOut: 1, expired: 1, evictions: 1 })
  })

  it('never evicts what is loading, whether an arrival or a pre-warm began that', () => {
    //     0     5    10   15         room for one, loading a takes 10
    //  a  |LLLLLLLLLLLBBBBB.....LLLLLLLLLL--.   pre-warmed at 25
    //  b        x                    x 30
    const trace = traceWith(
      { a: [1, 10], b: [1] },
      [
        [0, 5, 'a'],
        [5, 1, 'b'],
        [30, 1, 'b'],
      ],
      40,
    )
    const ledger = runCluster(trace, windowsOf([10, 20], FOREVER), { nodes: oneNode(1), overflow: 'drop' })
    expect(rowOf(ledger, 0)).toMatchObject({ prewarms: 1, prewarmsUnused: 1, loadingMs: 20, idleMs: 5 })
    expect(rowOf(ledger, 1)).toEqual({ invocations: 2, drops: 2 })
  })

  it('never evicts an instance of which only some places are taken', () => {
    //     0     5    10  12    room for one, two at a time
    //  a  |BBBBBBBBBBB
    //  a  |BBBBB
    //  b         6 x   |BB
    const trace = traceWith(
      { a: [1], b: [1] },
      [
        [0, 10, 'a'],
        [0, 5, 'a'],
        [6, 2, 'b'],
        [10, 2, 'b'],
      ],
      12,
    )
    const ledger = runCluster(trace, forever, { nodes: oneNode(1), overflow: 'drop', concurrency: 2 })
    expect(rowOf(ledger, 0)).toMatchObject({ loads: 1, busyMs: 10, evictions: 1 })
    expect(rowOf(ledger, 1)).toMatchObject({ drops: 1, coldStarts: 1 })
  })

  it('counts the memory of fractions of a MB exactly', () => {
    //  Three times 1/3 MB is more than 1 MB in whole 64ths; three times 21/64 is not.
    const three = [0, 1, 2].map((start) => [start, 10, 'a'] as const)
    const drops = (memoryMb: number) => {
      const trace = traceWith({ a: [memoryMb] }, three, 20)
      return runCluster(trace, forever, { nodes: oneNode(1), overflow: 'drop' }).drops[0]
    }
    expect(drops(1 / 3)).toBe(1)
    expect(drops(21 / 64)).toBe(0)
  })
})

describe('lfu', () => {
  it('counts invocations that waited like all others', () => {
    //     0 1 2 3  10 11 12 13    20 21 22    30   room for two
    //  a  |BBBBBBBBBB|BB|BB|BB-----------------       four, of which three waited
    //  b  |BBBBBBBBBBBBBBBBBBBBBBBBB--|B-------.      two
    //  c                                       |B
    const trace = traceWith(
      { a: [1], b: [1], c: [1] },
      [
        [0, 10, 'a'],
        [0, 20, 'b'],
        [1, 1, 'a'],
        [2, 1, 'a'],
        [3, 1, 'a'],
        [21, 1, 'b'],
        [30, 1, 'c'],
      ],
      40,
    )
    const ledger = runCluster(trace, forever, { nodes: oneNode(2), eviction: 'lfu' })
    expect(rowOf(ledger, 0)).toMatchObject({ coldStarts: 1, waits: 3, waitingMs: 9 + 9 + 9 })
    expect([...ledger.evictions]).toEqual([0, 1, 0])
  })
})

describe('a pre-warm', () => {
  it('that finds no room does not happen, and the next cold start was evicted', () => {
    //     0    10      25   30    40  45   room for one
    //  a  |BBBBB............(pre-warm)|BBB
    //  b               |BBBBBBBBBBBB.
    const trace = traceWith(
      { a: [1], b: [1] },
      [
        [0, 10, 'a'],
        [25, 15, 'b'],
        [45, 5, 'a'],
      ],
      50,
    )
    const ledger = runCluster(trace, windowsOf([20, 50], [0, 0]), { nodes: oneNode(1) })
    const row = { invocations: 2, coldStarts: 2, first: 1, evicted: 1, loads: 2, busyMs: 15 }
    expect(rowOf(ledger, 0)).toEqual(row)
  })

  it('does not overtake who waits for room', () => {
    //     0    10    20   30    50  55 56  60   room for 2 MB
    //  a  |BBBBB.............(pre-warm)  |B     1 MB, which is free at 30
    //  b               |wwwwwwwwwBBB.           2 MB
    //  c     |BBBBBBBBBBBBBBBBBBB.              1 MB
    const trace = traceWith(
      { a: [1], b: [2], c: [1] },
      [
        [0, 10, 'a'],
        [5, 45, 'c'],
        [20, 5, 'b'],
        [56, 1, 'a'],
      ],
      60,
    )
    const ledger = runCluster(trace, windowsOf([20, 50], [0, 0], [0, 0]), { nodes: oneNode(2) })
    expect(rowOf(ledger, 0)).toMatchObject({ coldStarts: 2, first: 1, evicted: 1, loads: 2 })
    expect(rowOf(ledger, 1)).toMatchObject({ waits: 1, waitingMs: 30 })
  })

  it('evicts others like any load', () => {
    //     0    10  14 15       30 31   36  40   room for one
    //  a  |BBBBB...............---|BBBB-----
    //  b            |B---------.
    const trace = traceWith(
      { a: [1], b: [1] },
      [
        [0, 10, 'a'],
        [14, 1, 'b'],
        [31, 5, 'a'],
      ],
      40,
    )
    const ledger = runCluster(trace, windowsOf([20, 50], FOREVER), { nodes: oneNode(1) })
    expect(rowOf(ledger, 0)).toMatchObject({ coldStarts: 1, loads: 2, prewarms: 1, busyMs: 15, idleMs: 1 })
    expect(rowOf(ledger, 1)).toMatchObject({ evictions: 1, idleMs: 15, busyMs: 1 })
  })

  it('that is evicted before anybody came is unused', () => {
    //     0    10        30  35 36  40 41   room for one
    //  a  |BBBBB.........----.      |B
    //  b                     |B-----.
    const trace = traceWith(
      { a: [1], b: [1] },
      [
        [0, 10, 'a'],
        [35, 1, 'b'],
        [40, 1, 'a'],
      ],
      41,
    )
    const ledger = runCluster(trace, windowsOf([20, 50], FOREVER), { nodes: oneNode(1) })
    const row = { prewarms: 1, prewarmsUnused: 1, evictions: 1, evicted: 1, coldStarts: 2, loads: 3, idleMs: 5 }
    expect(rowOf(ledger, 0)).toMatchObject(row)
  })
})

describe('soonest-to-expire', () => {
  it('knows how long a pre-warmed instance stays whose arrival came while it was loading', () => {
    //     0  5   15      35   40 42             72      room for three, loading a takes 5
    //  a  |LLLBBBB......LLLLLL------------------        pre-warmed; kept for both windows together, until 160
    //  a                  |LLLLLBBBBBBBBBBBBBBBB        early, at 37
    //  b                   |B--------.                  idle from 39, until 89
    //  c                             |B                 at 50: b goes
    const trace = traceWith(
      { a: [1, 5], b: [1], c: [1] },
      [
        [0, 10, 'a'],
        [37, 30, 'a'],
        [38, 1, 'b'],
        [50, 1, 'c'],
      ],
      60,
    )
    const options = { nodes: oneNode(3), eviction: 'soonest-to-expire' }
    const ledger = runCluster(trace, windowsOf([20, 100], [0, 50], FOREVER), options)
    expect(rowOf(ledger, 0)).toMatchObject({ early: 1, prewarms: 1, loads: 3 })
    expect([...ledger.evictions]).toEqual([0, 1, 0])
  })

  it('knows that windows which do not renew end as they would have without the latest use', () => {
    //     0    10     30 31   40  45 50          room for two, windows of 50 ms
    //  a  |BBBBB---------------|BBB--            until 60, or 95 where windows renew
    //  b              |B-------------            until 81
    //  c                             |B
    const trace = traceWith(
      { a: [1], b: [1], c: [1] },
      [
        [0, 10, 'a'],
        [30, 1, 'b'],
        [40, 5, 'a'],
        [50, 1, 'c'],
      ],
      60,
    )
    const evictions = (renew: boolean) => {
      const options = { nodes: oneNode(2), eviction: 'soonest-to-expire', renew }
      return [...runCluster(trace, windowsOf([0, 50], [0, 50], [0, 50]), options).evictions]
    }
    expect(evictions(true)).toEqual([0, 1, 0])
    expect(evictions(false)).toEqual([1, 0, 0])
  })
})

import { describe, expect, it } from 'vitest'
import { appLatency } from '../../../src/metrics/latency-quantiles.ts'
import { definePolicy } from '../../../src/policy/policy.ts'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'
import { answers, rowOf } from '../scenario.ts'
import { forever, oneNode, runCluster, traceWith, windowsOf } from './cluster-scenario.ts'

/*
 * Time runs to the right, in ms; one line per instance. In the drawings:
 *   L loading   B busy   - idle (loaded)   . not loaded   | an arrival   w it waits for room   x it is dropped
 */
const ONE = { a: [1], b: [1], c: [1] } as const

describe('the waiting line', () => {
  it('is served strictly in the order of arrival, also where its app has an idle instance by then', () => {
    //     0     3   5      10      15      20     room for one
    //  a  |BBBBBBBBBBBBBBBBB
    //  b        |wwwwwwwwwwwBBBBBBBB             evicts a, which just became idle
    //  a            |wwwwwwwwwwwwwwwBBBBBBBB      evicts b
    const trace = traceWith(
      ONE,
      [
        [0, 10, 'a'],
        [3, 5, 'b'],
        [5, 5, 'a'],
      ],
      20,
    )
    const ledger = runCluster(trace, forever, { nodes: oneNode(1) })
    expect(rowOf(ledger, 0)).toEqual({
      invocations: 2,
      coldStarts: 2,
      first: 1,
      scaleOut: 1,
      loads: 2,
      evictions: 1,
      busyMs: 15,
      waits: 1,
      waitingMs: 10,
    })
    expect(rowOf(ledger, 1)).toEqual({
      invocations: 1,
      coldStarts: 1,
      first: 1,
      loads: 1,
      evictions: 1,
      busyMs: 5,
      waits: 1,
      waitingMs: 7,
    })
  })

  it('lets warm arrivals of other apps pass, but no load, however small', () => {
    //     0 1 2   5 6    10       20    25    30   room for 3 MB
    //  a  |BBBBBBBBBBBBBBBBBBBBBBBB                1 MB
    //  d  |B------|BBBBBB----------                1 MB, warm at 5
    //  b      |wwwwwwwwwwwwwwwwwwwwBBBBBB          3 MB, evicts both
    //  c            |wwwwwwwwwwwwwwwwwwwwBBBBB     1 MB, which was free all the time
    const trace = traceWith(
      { a: [1], b: [3], c: [1], d: [1] },
      [
        [0, 20, 'a'],
        [0, 1, 'd'],
        [2, 5, 'b'],
        [5, 5, 'd'],
        [6, 5, 'c'],
      ],
      30,
    )
    const ledger = runCluster(trace, forever, { nodes: oneNode(3) })
    expect(rowOf(ledger, 1)).toMatchObject({ coldStarts: 1, waits: 1, waitingMs: 18, evictions: 1, busyMs: 5 })
    expect(rowOf(ledger, 2)).toMatchObject({ coldStarts: 1, waits: 1, waitingMs: 19, busyMs: 5 })
    const warm = { invocations: 2, coldStarts: 1, first: 1, loads: 1, evictions: 1, idleMs: 14, busyMs: 6 }
    expect(rowOf(ledger, 3)).toEqual(warm)
  })

  it('holds an arrival whose app is in it already, even if an instance is idle', () => {
    //     0   2 3 4   6   10      15  17 20   room for 2 MB
    //  a  |BBBBBBBBBBBBBBBB
    //  a  |BBBBBBBB-------
    //  b      |wwwwwwwwwwwwBBBBBBBB            2 MB, evicts both
    //  a        |wwwwwwwwwwwwwwwwwwBBB----
    //  a              |wwwwwwwwwwwwBBB----     would have been warm at 6
    const trace = traceWith(
      { a: [1], b: [2] },
      [
        [0, 10, 'a'],
        [0, 4, 'a'],
        [2, 5, 'b'],
        [3, 2, 'a'],
        [6, 2, 'a'],
      ],
      20,
    )
    const ledger = runCluster(trace, forever, { nodes: oneNode(2) })
    expect(rowOf(ledger, 0)).toEqual({
      invocations: 4,
      coldStarts: 4,
      first: 1,
      scaleOut: 3,
      loads: 4,
      evictions: 2,
      busyMs: 18,
      idleMs: 12,
      waits: 2,
      waitingMs: 21,
    })
    expect(rowOf(ledger, 1)).toMatchObject({ waits: 1, waitingMs: 8, busyMs: 5 })
  })

  it('serves an invocation warm once an instance of its app is free, and counts no cold start', () => {
    //     0   4     10  13   room for one
    //  a  |BBBBBBBBBB
    //  a      |wwwwwwBBB
    const trace = traceWith(
      ONE,
      [
        [0, 10, 'a'],
        [4, 3, 'a'],
      ],
      13,
    )
    const ledger = runCluster(trace, forever, { nodes: oneNode(1) })
    const row = { invocations: 2, coldStarts: 1, first: 1, loads: 1, busyMs: 13, waits: 1, waitingMs: 6 }
    expect(rowOf(ledger)).toEqual(row)
    expect(appLatency(ledger.latency!, 0, 'added')).toMatchObject({ p50: 0, max: 6 })
    expect(appLatency(ledger.latency!, 0, 'waiting')).toMatchObject({ p50: 0, max: 6 })
    expect(appLatency(ledger.latency!, 0, 'response')).toMatchObject({ p50: 9, max: 10 })
  })

  it('lets those of one app join the load that the first of them begins', () => {
    //     0   2 3   10   15   20   room for one; loading takes 5
    //  a  |BBBBBBBBBB
    //  b      |wwwwwwLLLLLBBBBB
    //  b        |wwwwLLLLLBBBBB
    const trace = traceWith(
      { a: [1], b: [1, 5] },
      [
        [0, 10, 'a'],
        [2, 5, 'b'],
        [3, 5, 'b'],
      ],
      20,
    )
    const ledger = runCluster(trace, forever, { nodes: oneNode(1), whileLoading: 'join', concurrency: 2 })
    expect(rowOf(ledger, 1)).toEqual({
      invocations: 2,
      coldStarts: 1,
      joined: 1,
      first: 1,
      loads: 1,
      loadingMs: 5,
      busyMs: 5,
      waits: 2,
      waitingMs: 15,
    })
    expect(appLatency(ledger.latency!, 1, 'added')).toMatchObject({ p50: 12, max: 13 })
  })

  it('keeps waiting for room apart from loading', () => {
    //     0    4 5        15   18  20   room for one
    //  a  |LLLLLLBBBBBBBBBB
    //  b       |wwwwwwwwwwwLLLLBBBB
    const trace = traceWith(
      { a: [1, 5], b: [1, 3] },
      [
        [0, 10, 'a'],
        [4, 2, 'b'],
      ],
      20,
    )
    const ledger = runCluster(trace, forever, { nodes: oneNode(1) })
    expect(rowOf(ledger, 0)).toMatchObject({ loadingMs: 5, evictions: 1 })
    expect(rowOf(ledger, 0)).not.toHaveProperty('waits')
    expect(rowOf(ledger, 1)).toMatchObject({ loadingMs: 3, waits: 1, waitingMs: 11 })
    const longest = (['added', 'waiting', 'response'] as const).map((kind) => appLatency(ledger.latency!, 1, kind)!.max)
    expect(longest).toEqual([14, 11, 16])
  })
})

describe('the reason of a cold start that waited', () => {
  it('is that of the moment at which it arrived', () => {
    //     0   2  3   5      10  11   room for one
    //  a  |B------.                  evicted at 3
    //  b         |BBBBBBBBBBB
    //  a             |wwwwwwwBBB     evicted
    const executions = [
      [0, 1, 'a'],
      [3, 7, 'b'],
      [5, 1, 'a'],
    ] as const
    const reasons = (policy: typeof forever) =>
      rowOf(runCluster(traceWith(ONE, executions, 30), policy, { nodes: oneNode(1) }))
    expect(reasons(forever)).toMatchObject({ first: 1, evicted: 1, waits: 1, waitingMs: 5 })
    //  Where the window of 1 ms ended at 2 it had expired, and where a pre-warm was to come at 21 it is early.
    expect(reasons(answers([0, 1]))).toMatchObject({ first: 1, expired: 1, waits: 1, waitingMs: 5 })
    expect(reasons(answers([20, 5]))).toMatchObject({ first: 1, early: 1, waits: 1, waitingMs: 5 })
  })

  it('is scale-out for all but the first that wait of an app', () => {
    //  a from 0 to 10; b at 1 and at 2, each 3 ms
    const executions = [
      [0, 10, 'a'],
      [1, 3, 'b'],
      [2, 3, 'b'],
    ] as const
    const ledger = runCluster(traceWith(ONE, executions, 20), answers([0, 0]), { nodes: oneNode(1) })
    //  The second is warm at 13, for the first has just ended.
    expect(rowOf(ledger, 1)).toMatchObject({ coldStarts: 1, first: 1, waits: 2, waitingMs: 9 + 11 })
    const wide = runCluster(traceWith({ a: [2], b: [1] }, executions, 20), answers([0, 0]), { nodes: oneNode(2) })
    expect(rowOf(wide, 1)).toMatchObject({ coldStarts: 2, first: 1, scaleOut: 1, waits: 2, waitingMs: 9 + 8 })
  })
})

describe('the limit of waiting', () => {
  const executions = [
    [0, 10, 'a'],
    [3, 5, 'b'],
  ] as const

  it('is not over at its very instant: who can be served then is', () => {
    //     0     3      10    15   limit 7 ms
    //  a  |BBBBBBBBBBBBB
    //  b        |wwwwwwwBBBBBB
    const ledger = runCluster(traceWith(ONE, executions, 15), forever, { nodes: oneNode(1), queueLimit: 7 })
    const row = { invocations: 1, coldStarts: 1, first: 1, loads: 1, busyMs: 5, waits: 1, waitingMs: 7 }
    expect(rowOf(ledger, 1)).toEqual(row)
  })

  it('drops who cannot right after it', () => {
    //     0     3     9 10   limit 6 ms
    //  a  |BBBBBBBBBBBBB
    //  b        |wwwwwx
    const ledger = runCluster(traceWith(ONE, executions, 15), forever, { nodes: oneNode(1), queueLimit: 6 })
    expect(rowOf(ledger, 1)).toEqual({ invocations: 1, drops: 1, waits: 1, waitingMs: 6 })
    expect(appLatency(ledger.latency!, 1, 'added')).toBeNull()
    expect(rowOf(ledger, 0)).not.toHaveProperty('evictions')
  })

  it('lets the next in line try at once when one is dropped', () => {
    //     0   2 3    10   15  20   room for 2 MB, limit 8 ms
    //  a  |BBBBBBBBBBBBBBBBBBBB
    //  b      |wwwwwwwx            2 MB
    //  c        |wwwwwBBBBB        1 MB, free all the time
    const trace = traceWith(
      { a: [1], b: [2], c: [1] },
      [
        [0, 20, 'a'],
        [2, 5, 'b'],
        [3, 5, 'c'],
      ],
      20,
    )
    const ledger = runCluster(trace, forever, { nodes: oneNode(2), queueLimit: 8 })
    expect(rowOf(ledger, 1)).toEqual({ invocations: 1, drops: 1, waits: 1, waitingMs: 8 })
    expect(rowOf(ledger, 2)).toMatchObject({ coldStarts: 1, first: 1, waits: 1, waitingMs: 7, busyMs: 5, idleMs: 5 })
  })

  it('of zero drops what finds no room by the end of the instant', () => {
    //     0     3      10    15
    //  a  |BBBBBBBBBBBBB
    //  b        x       |BBBB     comes just when a ends
    const twice = [...executions, [10, 5, 'b']] as const
    const ledger = runCluster(traceWith(ONE, twice, 15), forever, { nodes: oneNode(1), queueLimit: 0 })
    expect(rowOf(ledger, 1)).toMatchObject({ invocations: 2, drops: 1, coldStarts: 1, first: 1, waits: 1 })
    expect(rowOf(ledger, 1)).not.toHaveProperty('waitingMs')
  })
})

describe('overflow: drop', () => {
  it('drops at once what finds no room, and nobody waits', () => {
    //     0     3      10 12 13  16   room for one
    //  a  |BBBBBBBBBBBBB--|B-
    //  b        x            |BBBB    evicts a
    const trace = traceWith(
      ONE,
      [
        [0, 10, 'a'],
        [3, 3, 'b'],
        [12, 1, 'a'],
        [13, 3, 'b'],
      ],
      16,
    )
    const ledger = runCluster(trace, forever, { nodes: oneNode(1), overflow: 'drop' })
    const row = { invocations: 2, coldStarts: 1, first: 1, loads: 1, evictions: 1, busyMs: 11, idleMs: 2 }
    expect(rowOf(ledger, 0)).toEqual(row)
    expect(rowOf(ledger, 1)).toEqual({ invocations: 2, drops: 1, coldStarts: 1, first: 1, loads: 1, busyMs: 3 })
    expect(appLatency(ledger.latency!, 1, 'response')).toMatchObject({ p50: 3, max: 3 })
  })

  it('ends the app’s idle period: the policy hears of it once, and of none until the app was loaded again', () => {
    //     0   5       20      30       50   room for one
    //  a  |BBB.        x       x       |B
    //  b      |BBBBBBBBBBBBBBBBBBBBB.
    const heard: number[] = []
    const listener = definePolicy({
      ...answers([0, 0]),
      parameters: {},
      create: () => ({
        arrived: (app, _now, idleMs) => void (app === 0 && heard.push(idleMs)),
        decide: (_app, _now, out) => void Object.assign(out, { prewarmMs: 0, keepAliveMs: 0 }),
      }),
    })
    const trace = traceWith(
      ONE,
      [
        [0, 4, 'a'],
        [5, 40, 'b'],
        [20, 1, 'a'],
        [30, 1, 'a'],
        [50, 1, 'a'],
        [53, 1, 'a'],
      ],
      60,
    )
    const ledger = runCluster(trace, listener, { nodes: oneNode(1), overflow: 'drop' })
    expect(rowOf(ledger, 0)).toMatchObject({ invocations: 5, drops: 2, coldStarts: 3 })
    expect(heard).toEqual([-1, 16, -1, -1, 2])
  })

  it('drops all invocations that an arrival stands for', () => {
    const ledger = runCluster(minuteCounts(), forever, { nodes: oneNode(1), spread: 'minute', overflow: 'drop' })
    expect(rowOf(ledger, 0)).toMatchObject({ invocations: 5, coldStarts: 1, busyMs: 90_000 })
    expect(rowOf(ledger, 1)).toEqual({ invocations: 7, drops: 7 })
    expect(ledger.latency!.count.reduce((sum, count) => sum + count, 0)).toBe(3 * 5)
  })

  it('is not what happens to an arrival that waits: all that it stands for are served', () => {
    const ledger = runCluster(minuteCounts(), forever, { nodes: oneNode(1), spread: 'minute' })
    expect(rowOf(ledger, 1)).toMatchObject({ invocations: 7, coldStarts: 1, waits: 1, waitingMs: 30_000 })
    expect(ledger.latency!.count.reduce((sum, count) => sum + count, 0)).toBe(3 * 12)
  })
})

/** Five invocations of a in the first minute, and seven of b in the second, each of 90 s. */
function minuteCounts() {
  const builder = new TraceBuilder({ id: 'counts', format: 'azure-2019' })
  for (const [minute, app, count] of [
    [0, 'a', 5],
    [1, 'b', 7],
  ] as const) {
    const row = builder.functionRow('', app, 'f')
    builder.addCount(row, minute, count)
    builder.addDuration(row, 90_000, 1)
    builder.addMemory('', app, 1, 1)
    builder.addColdStart(row, 0)
  }
  return builder.build(4 * 60_000, { files: [], defects: [] })
}

describe('the end of the trace', () => {
  const executions = [
    [0, 10, 'a'],
    [3, 5, 'b'],
    [4, 5, 'c'],
  ] as const

  it('drops who still waits', () => {
    //     0     3 4     8 |
    //  a  |BBBBBBBBBBBBBBB|B
    //  b        |wwwwwwwwx
    //  c          |wwwwwwx
    const ledger = runCluster(traceWith(ONE, executions, 8), forever, { nodes: oneNode(1) })
    expect(rowOf(ledger, 0)).toEqual({ invocations: 1, coldStarts: 1, first: 1, loads: 1, busyMs: 8 })
    expect(rowOf(ledger, 1)).toEqual({ invocations: 1, drops: 1, waits: 1, waitingMs: 5 })
    expect(rowOf(ledger, 2)).toEqual({ invocations: 1, drops: 1, waits: 1, waitingMs: 4 })
  })

  it('drops nobody where the accounts go on until every window ends', () => {
    //     0     3 4     8 |  10     15     20  24
    //  a  |BBBBBBBBBBBBBBB|BBB
    //  b        |wwwwwwwww|wwwBBBBBBB
    //  c          |wwwwwww|wwwwwwwwwwBBBBBBB----.
    const trace = traceWith(ONE, executions, 8)
    const ledger = runCluster(trace, windowsOf([0, 4], [0, 4], [0, 4]), { nodes: oneNode(1), horizon: 'expire' })
    expect(rowOf(ledger, 0)).toMatchObject({ busyMs: 10, evictions: 1 })
    expect(rowOf(ledger, 1)).toMatchObject({ coldStarts: 1, waitingMs: 7, busyMs: 5, evictions: 1 })
    expect(rowOf(ledger, 2)).toMatchObject({ coldStarts: 1, waitingMs: 11, busyMs: 5, idleMs: 4 })
  })

  it('lets the limit of waiting pass after it where the accounts go on', () => {
    const options = { nodes: oneNode(1), horizon: 'expire', queueLimit: 8 } as const
    const ledger = runCluster(traceWith(ONE, executions, 8), answers([0, 0]), options)
    expect(rowOf(ledger, 1)).toMatchObject({ coldStarts: 1, waitingMs: 7 })
    expect(rowOf(ledger, 2)).toEqual({ invocations: 1, drops: 1, waits: 1, waitingMs: 8 })
  })
})

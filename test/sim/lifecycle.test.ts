import { describe, expect, it } from 'vitest'
import { answers, replay, rowOf, traceOf } from './scenario.ts'

/* L loading   B busy   - idle (loaded)   . not loaded   | an arrival; time in ms to the right. */
const FREE = { coldStart: 0 } as const

describe('a cold start', () => {
  it('waits until its instance is loaded, and the app is not idle meanwhile', () => {
    //  0  5   15        25 27
    //  |LLBBBB----------.
    const ledger = replay(traceOf([[0, 10]], 40, 5), answers([0, 10]))
    expect(rowOf(ledger)).toEqual({
      invocations: 1,
      coldStarts: 1,
      first: 1,
      loads: 1,
      loadingMs: 5,
      busyMs: 10,
      idleMs: 10,
    })
  })

  it('during the load that another arrival began starts an instance of its own by default', () => {
    //  0  2 5   7 15 17
    //  |LLLLBBBBBB
    //     |LLLLBBBBBB
    const ledger = replay(
      traceOf(
        [
          [0, 10],
          [2, 10],
        ],
        17,
        5,
      ),
      answers([0, 0]),
    )
    const row = { invocations: 2, coldStarts: 2, first: 1, scaleOut: 1, loads: 2, loadingMs: 10, busyMs: 20 }
    expect(rowOf(ledger)).toEqual(row)
  })

  it('during a load joins it where asked to and there is room', () => {
    //  0  2 5       15
    //  |LLLLBBBBBBBB   (both run at once)
    const ledger = replay(
      traceOf(
        [
          [0, 10],
          [2, 10],
        ],
        15,
        5,
      ),
      answers([0, 0]),
      { whileLoading: 'join', concurrency: 2 },
    )
    const row = { invocations: 2, coldStarts: 1, joined: 1, first: 1, loads: 1, loadingMs: 5, busyMs: 10 }
    expect(rowOf(ledger)).toEqual(row)
  })

  it('does not join a load whose every place is taken', () => {
    const ledger = replay(
      traceOf(
        [
          [0, 10],
          [2, 10],
        ],
        17,
        5,
      ),
      answers([0, 0]),
      { whileLoading: 'join' },
    )
    expect(rowOf(ledger)).toMatchObject({ coldStarts: 2, scaleOut: 1, loads: 2 })
  })

  it('joins a pre-warm that is loading, which is then no longer unused', () => {
    //  0  5   15      35 37 40    50
    //  |LLBBBB........LL|LLBBBB
    const ledger = replay(
      traceOf(
        [
          [0, 10],
          [37, 10],
        ],
        50,
        5,
      ),
      answers([20, 9]),
      { whileLoading: 'join' },
    )
    const row = { invocations: 2, coldStarts: 1, joined: 1, first: 1, loads: 2, prewarms: 1, loadingMs: 10, busyMs: 20 }
    expect(rowOf(ledger)).toEqual(row)
  })

  it('during the load of a pre-warm is early, and the pre-warmed instance stays for the next one', () => {
    //  0  5   15      35 37 40 42   52
    //  |LLBBBB........LLLLLL---------..   (pre-warmed; idle from 40, app idle at 52)
    //                    |LLLLBBBBBB
    const ledger = replay(
      traceOf(
        [
          [0, 10],
          [37, 10],
        ],
        60,
        5,
      ),
      answers([20, 9], [0, 0]),
    )
    const row = {
      coldStarts: 2,
      first: 1,
      early: 1,
      loads: 3,
      prewarms: 1,
      prewarmsUnused: 1,
      loadingMs: 15,
      idleMs: 12,
    }
    expect(rowOf(ledger)).toMatchObject(row)
  })
})

describe('windows', () => {
  it('restart at every idle moment', () => {
    //  0   10   15   25     35
    //  |BBBB----|BBBB-------.
    const ledger = replay(
      traceOf(
        [
          [0, 10],
          [15, 10],
        ],
        50,
      ),
      answers([0, 10]),
      FREE,
    )
    expect(rowOf(ledger)).toMatchObject({ coldStarts: 1, idleMs: 15 })
  })

  it('with pre-warming unload at once, load again, and unload for good when nobody came', () => {
    //  0   10        30    35           90
    //  |BBBB.........------.............|BBBB
    const ledger = replay(
      traceOf(
        [
          [0, 10],
          [90, 10],
        ],
        100,
      ),
      answers([20, 5]),
      FREE,
    )
    const row = {
      invocations: 2,
      coldStarts: 2,
      first: 1,
      expired: 1,
      loads: 3,
      prewarms: 1,
      prewarmsUnused: 1,
      idleMs: 5,
      busyMs: 20,
    }
    expect(rowOf(ledger)).toEqual(row)
  })

  it('count the keep-alive from the beginning of the pre-warm, but no instance goes before it is loaded', () => {
    //  0    30   40      60       90
    //  |LLLLBBBBB........LLLLLLLLL.      keep-alive over at 62, loaded at 90
    const ledger = replay(traceOf([[0, 10]], 100, 30), answers([20, 2]))
    const row = {
      invocations: 1,
      coldStarts: 1,
      first: 1,
      loads: 2,
      prewarms: 1,
      prewarmsUnused: 1,
      loadingMs: 60,
      busyMs: 10,
    }
    expect(rowOf(ledger)).toEqual(row)
  })

  it('never load again when the pre-warming window has no end', () => {
    const ledger = replay(
      traceOf(
        [
          [0, 10],
          [90, 10],
        ],
        100,
      ),
      answers([Number.POSITIVE_INFINITY, 5]),
      FREE,
    )
    expect(rowOf(ledger)).toEqual({ invocations: 2, coldStarts: 2, first: 1, expired: 1, loads: 2, busyMs: 20 })
  })

  it('are asked for when the first instance goes idle, should the app never have been idle before', () => {
    //  0        10   20       30   40
    //  |BBBBBBBBB----.                     asked at 10: 10 ms
    //       |BBBBBBBBBBBBBBBBBB-----------  still running at 10
    const ledger = replay(
      traceOf(
        [
          [0, 10],
          [5, 25],
        ],
        40,
      ),
      answers([0, 10], [0, 99]),
      FREE,
    )
    expect(rowOf(ledger)).toMatchObject({ coldStarts: 2, loads: 2, busyMs: 35, idleMs: 20 })
  })

  it('with pre-warming keep an instance while others of the app run, at most for the two windows together', () => {
    //  0   10      20           60
    //  |BBBB--------.                       idle from 10; asked: 4 + 6; gone at 20
    //  |BBBBBBBBBBBBBBBBBBBBBBBBB.          the app goes idle at 60: unloaded at once
    const ledger = replay(
      traceOf(
        [
          [0, 10],
          [0, 60],
        ],
        60,
      ),
      answers([4, 6]),
      FREE,
    )
    expect(rowOf(ledger)).toMatchObject({ loads: 2, busyMs: 70, idleMs: 10, coldStarts: 2 })
  })

  it('that become shorter unload at once what has been idle for longer', () => {
    //  0   10                30
    //  |BBBB-----------------.          idle from 10 under 99 ms; at 30 the app goes idle and the answer is 5
    //  |BBBBBBBBBBBBBBBBBBBBBB-----.
    const ledger = replay(
      traceOf(
        [
          [0, 10],
          [0, 30],
        ],
        60,
      ),
      answers([0, 99], [0, 5]),
      FREE,
    )
    expect(rowOf(ledger)).toMatchObject({ loads: 2, busyMs: 40, idleMs: 25 })
  })
})

describe('instances', () => {
  it('serve as many invocations at a time as the concurrency says', () => {
    //  0   4   10  14
    //  |BBBBBBBBBBBB   two at once, the third scales out
    const trace = traceOf(
      [
        [0, 10],
        [4, 10],
        [5, 10],
      ],
      15,
    )
    const row = { invocations: 3, coldStarts: 2, first: 1, scaleOut: 1, loads: 2, busyMs: 24 }
    expect(rowOf(replay(trace, answers([0, 0]), { ...FREE, concurrency: 2 }))).toEqual(row)
  })

  it('are reused newest first, so that the others expire, or oldest first, so that none does', () => {
    //  A |BB (0-2), B |BBBB (0-4), then one arrival every 10 ms from 10 on, windows of 15 ms
    const trace = traceOf(
      [
        [0, 2],
        [0, 4],
        [10, 1],
        [20, 1],
        [30, 1],
      ],
      40,
    )
    const newest = rowOf(replay(trace, answers([0, 15]), { ...FREE, reuse: 'newest' }))
    const oldest = rowOf(replay(trace, answers([0, 15]), { ...FREE, reuse: 'oldest' }))
    // Newest: B serves all (idle 6 + 9 + 9 + 9), A idles from 2 to 17.
    expect(newest).toMatchObject({ loads: 2, coldStarts: 2, idleMs: 15 + 6 + 9 + 9 + 9 })
    // Oldest: A at 10 (idle 8), B at 20 would have gone at 19, so A again (idle 9), and so on; B idles 15.
    expect(oldest).toMatchObject({ loads: 2, coldStarts: 2, idleMs: 8 + 15 + 9 + 9 + 9 })
  })
})

import { describe, expect, it } from 'vitest'
import { answers, replay, rowOf, traceOf } from './scenario.ts'

/* B busy   - idle (loaded)   . not loaded   | an arrival; time in ms to the right. */
const ONCE = { coldStart: 0, renew: false } as const

describe('a window that does not renew', () => {
  it('counts from the first idle moment of the instance, whatever it served since', () => {
    //  0    10     25  27  30   35     window 20 ms: until 30
    //  |BBBBB-------|BB----.    |BB
    const trace = traceOf(
      [
        [0, 10],
        [25, 2],
        [35, 2],
      ],
      37,
    )
    const row = { invocations: 3, coldStarts: 2, first: 1, expired: 1, loads: 2, busyMs: 14, idleMs: 18 }
    expect(rowOf(replay(trace, answers([0, 20]), ONCE))).toEqual(row)
    expect(rowOf(replay(trace, answers([0, 20]), { ...ONCE, renew: true }))).toMatchObject({
      coldStarts: 1,
      idleMs: 23,
    })
  })

  it('is over as soon as an execution ends that outlives it, but not before an arrival at that very instant', () => {
    //  0    10     25      38  42  45      window 20 ms: until 30
    //  |BBBBB-------|BBBBBBB|BBB.  |BB
    const trace = traceOf(
      [
        [0, 10],
        [25, 13],
        [38, 4],
        [45, 2],
      ],
      47,
    )
    const row = { invocations: 4, coldStarts: 2, first: 1, expired: 1, loads: 2, busyMs: 29, idleMs: 15 }
    expect(rowOf(replay(trace, answers([0, 20]), ONCE))).toEqual(row)
  })

  it('begins anew for an instance that is loaded again', () => {
    //  0    10     30   35  40        60     window 20 ms: until 30, then until 60
    //  |BBBBB-------.   |BBB----------.
    const trace = traceOf(
      [
        [0, 10],
        [35, 5],
      ],
      80,
    )
    expect(rowOf(replay(trace, answers([0, 20]), ONCE))).toMatchObject({ loads: 2, idleMs: 40 })
  })

  it('lets instances be reused by when their windows began', () => {
    //  A runs from 0 to 2 and B from 0 to 4; arrivals at 10 and 20 take 1 ms, one at 30 takes 3; windows of 30 ms, so that
    //  A has until 32 and B until 34.
    const trace = traceOf(
      [
        [0, 2],
        [0, 4],
        [10, 1],
        [20, 1],
        [30, 3],
      ],
      40,
    )
    // Oldest: A serves all three, and goes at 33; B idles its whole window.
    const oldest = rowOf(replay(trace, answers([0, 30]), { ...ONCE, reuse: 'oldest' }))
    expect(oldest).toMatchObject({ loads: 2, busyMs: 11, idleMs: 8 + 9 + 9 + 30 })
    // Newest: B serves all three, and has 1 ms left at 33; A idles its whole window.
    const newest = rowOf(replay(trace, answers([0, 30]), { ...ONCE, reuse: 'newest' }))
    expect(newest).toMatchObject({ loads: 2, busyMs: 11, idleMs: 6 + 9 + 9 + 1 + 30 })
  })

  it('that a pre-warm opened ends as the policy said', () => {
    //  0    10     30    35       both windows: until 35
    //  |BBBBB.......------.
    const trace = traceOf([[0, 10]], 60)
    expect(rowOf(replay(trace, answers([20, 5]), ONCE))).toMatchObject({ prewarms: 1, idleMs: 5 })
  })
})

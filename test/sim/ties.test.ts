import { describe, expect, it } from 'vitest'
import { definePolicy } from '../../src/policy/policy.ts'
import { answers, replay, rowOf, traceOf } from './scenario.ts'

/*
 * Time runs to the right, in ms. In the drawings:
 *   L loading   B busy   - idle (loaded)   . not loaded   | an arrival
 * Every scenario is replayed by all drivers, which must agree.
 */
const FREE = { coldStart: 0 } as const

describe('at equal times the order is finish, load, arrive, unload', () => {
  it('an arrival at the very instant of expiry is warm', () => {
    //  0    10        20    30
    //  |BBBB----------|BBBB-----
    const ledger = replay(
      traceOf(
        [
          [0, 10],
          [20, 10],
        ],
        40,
      ),
      answers([0, 10]),
      FREE,
    )
    expect(rowOf(ledger)).toEqual({ invocations: 2, coldStarts: 1, first: 1, loads: 1, busyMs: 20, idleMs: 20 })
  })

  it('an arrival one millisecond after expiry is cold', () => {
    //  0    10        20 21    31
    //  |BBBB----------..|BBBB---
    const ledger = replay(
      traceOf(
        [
          [0, 10],
          [21, 10],
        ],
        41,
      ),
      answers([0, 10]),
      FREE,
    )
    expect(rowOf(ledger)).toEqual({
      invocations: 2,
      coldStarts: 2,
      first: 1,
      expired: 1,
      loads: 2,
      busyMs: 20,
      idleMs: 20,
    })
  })

  it('an arrival at the very instant at which an execution ends finds the instance free', () => {
    //  0    10   20
    //  |BBBB|BBBB
    const ledger = replay(
      traceOf(
        [
          [0, 10],
          [10, 10],
        ],
        20,
      ),
      answers([0, 0]),
      FREE,
    )
    expect(rowOf(ledger)).toEqual({ invocations: 2, coldStarts: 1, first: 1, loads: 1, busyMs: 20 })
  })

  it('an arrival one millisecond before an execution ends scales out', () => {
    //  0    9 10   19
    //  |BBBBBB
    //       |BBBBBB
    const ledger = replay(
      traceOf(
        [
          [0, 10],
          [9, 10],
        ],
        19,
      ),
      answers([0, 0]),
      FREE,
    )
    expect(rowOf(ledger)).toEqual({ invocations: 2, coldStarts: 2, first: 1, scaleOut: 1, loads: 2, busyMs: 20 })
  })

  it('an arrival at the very instant of the pre-warm is warm', () => {
    //  0    10   30   40
    //  |BBBB.....|BBBB.....(35 ms later, beyond the end)
    const ledger = replay(
      traceOf(
        [
          [0, 10],
          [30, 10],
        ],
        50,
      ),
      answers([20, 5], [35, 5]),
      FREE,
    )
    const row = { invocations: 2, coldStarts: 1, first: 1, loads: 2, prewarms: 1, busyMs: 20 }
    expect(rowOf(ledger)).toEqual(row)
  })

  it('an arrival one millisecond before the pre-warm is cold, early, and cancels it', () => {
    //  0    10   29   39
    //  |BBBB.....|BBBB......(the pre-warm at 30 never happens)
    const ledger = replay(
      traceOf(
        [
          [0, 10],
          [29, 10],
        ],
        58,
      ),
      answers([20, 5]),
      FREE,
    )
    expect(rowOf(ledger)).toEqual({ invocations: 2, coldStarts: 2, first: 1, early: 1, loads: 2, busyMs: 20 })
  })

  it('an arrival at the very instant of the unload that precedes a pre-warm is warm, and cancels the pre-warm', () => {
    //  0    10   20       40   45
    //  |BBBB|BBBB.........-----.
    const ledger = replay(
      traceOf(
        [
          [0, 10],
          [10, 10],
        ],
        60,
      ),
      answers([20, 5]),
      FREE,
    )
    const row = {
      invocations: 2,
      coldStarts: 1,
      first: 1,
      loads: 2,
      prewarms: 1,
      prewarmsUnused: 1,
      busyMs: 20,
      idleMs: 5,
    }
    expect(rowOf(ledger)).toEqual(row)
  })

  it('an arrival at the very instant at which a pre-warmed instance is loaded is warm', () => {
    //  0  5   15      35 40    50
    //  |LLBBBB........LLL|BBBB
    const ledger = replay(
      traceOf(
        [
          [0, 10],
          [40, 10],
        ],
        50,
        5,
      ),
      answers([20, 9]),
    )
    const row = { invocations: 2, coldStarts: 1, first: 1, loads: 2, prewarms: 1, busyMs: 20, loadingMs: 10 }
    expect(rowOf(ledger)).toEqual(row)
  })

  it('executions of no duration at one time follow each other on one instance', () => {
    const ledger = replay(
      traceOf(
        [
          [5, 0],
          [5, 0],
          [5, 0],
        ],
        10,
      ),
      answers([0, 0]),
      FREE,
    )
    expect(rowOf(ledger)).toEqual({ invocations: 3, coldStarts: 1, first: 1, loads: 1 })
  })

  it('arrivals of an app at one time come by function, whatever the order of the rows', () => {
    const heard: string[] = []
    const trace = traceOf(
      [
        [0, 10, 'a', 'h'],
        [5, 10, 'a', 'g'],
        [5, 10, 'a', 'f'],
        [5, 10, 'a', 'h'],
      ],
      30,
    )
    const listener = definePolicy({
      ...answers([0, 10]),
      parameters: {},
      create: () => ({
        arrived: (_app, now, _idle, fn) => void heard.push(`${trace.functions.name.at(fn)}@${now}`),
        decide: (_app, _now, out) => void Object.assign(out, { prewarmMs: 0, keepAliveMs: 10 }),
      }),
    })
    replay(trace, listener, FREE)
    const inOrder = ['h@0', 'f@5', 'g@5', 'h@5']
    expect(heard).toEqual([...inOrder, ...inOrder, ...inOrder])
  })
})

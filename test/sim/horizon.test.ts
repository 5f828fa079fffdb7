import { describe, expect, it } from 'vitest'
import { loadedMb } from '../../src/engine/ledger.ts'
import { answers, replay, rowOf, traceOf } from './scenario.ts'

/* L loading   B busy   - idle (loaded)   . not loaded   | an arrival; time in ms to the right. */
const FREE = { coldStart: 0 } as const

describe('the horizon', () => {
  it('cuts the accounts at the end of the trace, or lets every window run out', () => {
    //  0   10     20 | 110
    //  |BBBB---------|---
    const trace = traceOf([[0, 10]], 20)
    expect(rowOf(replay(trace, answers([0, 100]), { ...FREE, horizon: 'cut' }))).toMatchObject({ idleMs: 10 })
    expect(rowOf(replay(trace, answers([0, 100]), { ...FREE, horizon: 'expire' }))).toMatchObject({ idleMs: 100 })
  })

  it('that lets windows run out also lets a pending pre-warm happen', () => {
    const trace = traceOf([[0, 10]], 20)
    const row = { prewarms: 1, prewarmsUnused: 1, loads: 2, idleMs: 7 }
    expect(rowOf(replay(trace, answers([50, 7]), { ...FREE, horizon: 'expire' }))).toMatchObject(row)
    expect(rowOf(replay(trace, answers([50, 7]), { ...FREE, horizon: 'cut' }))).toMatchObject({ loads: 1 })
  })

  it('cuts a window without end at the end of the trace in both ways', () => {
    const trace = traceOf([[0, 10]], 20)
    const forever = answers([0, Number.POSITIVE_INFINITY])
    for (const horizon of ['cut', 'expire'] as const) {
      expect(rowOf(replay(trace, forever, { ...FREE, horizon }))).toMatchObject({ idleMs: 10 })
    }
  })

  it('that lets windows run out lets what is loading and running come to its end', () => {
    //  0    6 | 9    19     24      the trace ends at 6
    //  |LLLLLL|LLBBBBB------.
    const ledger = replay(traceOf([[0, 10]], 6, 9), answers([0, 5]), { horizon: 'expire' })
    expect(rowOf(ledger)).toMatchObject({ loadingMs: 9, busyMs: 10, idleMs: 5 })
  })

  it('cuts what is still running or loading', () => {
    expect(rowOf(replay(traceOf([[0, 10]], 6), answers([0, 0]), FREE))).toMatchObject({ busyMs: 6 })
    expect(rowOf(replay(traceOf([[0, 10]], 6, 9), answers([0, 0])))).toMatchObject({ loadingMs: 6 })
  })
})

describe('the timeline', () => {
  it('shows the mean MB loaded in every minute', () => {
    //  1 MB from 0 s to 90 s, and from 150 s to 180 s
    const trace = traceOf(
      [
        [0, 30_000],
        [150_000, 30_000],
      ],
      180_000,
    )
    const ledger = replay(trace, answers([0, 60_000]), FREE)
    expect([...loadedMb(ledger.timeline, 180_000)]).toEqual([1, 0.5, 0.5])
  })
})
